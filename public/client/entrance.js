// @ts-check
// What is fetched before each connect: a token that lives, where the log begins, and a ticket.
import { verdictOfRequest, verdictOfTokenless } from './verdict.js'

/** @typedef {import('./room-client.js').RoomClientOptions} RoomClientOptions */

/**
 * `begin` makes known after which seq the log is wanted.
 * @param {Pick<RoomClientOptions, 'roomId' | 'session' | 'api'>} options
 * @param {(token: string) => Promise<void>} begin
 * @returns {() => Promise<import('./connection.js').Pass | import('./verdict.js').Verdict>}
 */
export function createEntrance({ roomId, session, api }, begin) {
  return async () => {
    const given = await tokenOf(session)
    if ('verdict' in given) return given.verdict
    const { token } = given
    try {
      await begin(token)
      const { url } = await api.ticket(token, roomId)
      return { kind: 'pass', url, token }
    } catch (error) {
      const verdict = verdictOfRequest(error)
      if (verdict.kind === 'reconnect' && verdict.refused) {
        session.refused?.(verdict.code ?? '', token)
      }
      return verdict
    }
  }
}

/** @param {import('./room-client.js').Session} session */
async function tokenOf(session) {
  try {
    return { token: await session.accessToken() }
  } catch (error) {
    return { verdict: verdictOfTokenless(error) }
  }
}

/**
 * After which seq the log is wanted, or who knows.
 * @param {Pick<RoomClientOptions, 'roomId' | 'after' | 'api'>} options
 */
export function beginning({ roomId, after, api }) {
  if (after !== undefined) return after
  const { head } = api
  if (!head) throw new TypeError('where the log begins has to be said by `after`, or by `api.head`')
  return (/** @type {string} */ token) => head(token, roomId)
}
