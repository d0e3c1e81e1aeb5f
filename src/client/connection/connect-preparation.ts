// What is fetched before each connect: a token that lives, where the log begins, and a ticket.

import type { RoomClientOptions, Session } from '../options.ts'
import type { Pass } from './connection.ts'
import type { RetryDecision } from './retry-policy.ts'
import { decisionAfterRefusal, decisionWithoutToken } from './retry-policy.ts'

/** `begin` makes known after which seq the log is wanted. */
export function createConnectPreparation(
  { roomId, session, api }: Pick<RoomClientOptions, 'roomId' | 'session' | 'api'>,
  begin: (token: string) => Promise<void>,
): () => Promise<Pass | RetryDecision> {
  return async () => {
    const given = await tokenOf(session)
    if ('decision' in given) return given.decision
    const { token } = given
    try {
      await begin(token)
      const { url } = await api.ticket(token, roomId)
      return { kind: 'pass', url, token }
    } catch (error) {
      const decision = decisionAfterRefusal(error)
      if (decision.kind === 'reconnect' && decision.refused) {
        session.refused?.(decision.code ?? '', token)
      }
      return decision
    }
  }
}

async function tokenOf(session: Session) {
  try {
    return { token: await session.accessToken() }
  } catch (error) {
    return { decision: decisionWithoutToken(error) }
  }
}

/** After which seq the log is wanted, or who knows. */
export function logStart({
  roomId,
  after,
  api,
}: Pick<RoomClientOptions, 'roomId' | 'after' | 'api'>) {
  if (after !== undefined) return after
  const { head } = api
  if (!head) throw new TypeError('where the log begins has to be said by `after`, or by `api.head`')
  return (token: string) => head(token, roomId)
}
