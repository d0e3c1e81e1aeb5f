// Fetches what a connect needs: a valid token, the start of the log, and a ticket.

import type { RoomClientOptions, Session } from '../options.ts'
import type { Prepared } from './connection.ts'
import type { RetryDecision } from './retry-policy.ts'
import { decisionAfterRefusal, decisionWithoutToken } from './retry-policy.ts'

/**
 * Makes what `createConnection` calls before each link. It never rejects.
 *
 * @param begin finds the seq after which the log is wanted
 */
export function createConnectPreparation(
  { roomId, session, api }: Pick<RoomClientOptions, 'roomId' | 'session' | 'api'>,
  begin: (token: string) => Promise<void>,
): () => Promise<Prepared | RetryDecision> {
  return async () => {
    const given = await tokenOf(session)
    if ('decision' in given) return given.decision
    const { token } = given
    try {
      await begin(token)
      const { url } = await api.ticket(token, roomId)
      return { kind: 'prepared', url, token }
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

/**
 * The seq after which the log is wanted, or a function that finds it.
 *
 * @throws TypeError without `after` and `api.head`
 */
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
