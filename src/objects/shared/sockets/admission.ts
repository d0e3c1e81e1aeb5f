// How an upgrade that the gateway has admitted reaches an object, and how the object's "no" comes
// back. Only the Worker can send a request to an object, so the header is trusted.

import type { Admission, ListAdmission } from '../../../contract.ts'
import { isRefusalCode, REFUSALS, type RefusalCode } from '../../../refusals.ts'
import type { SignIn } from '../../../room/connections/session.ts'
import { roomRefusalOf } from '../../../room/refuse.ts'

const ADMISSION = 'Stompbox-Admission'
const REFUSAL = 'Stompbox-Refusal'

/** Asks an object for a WebSocket: 101 with the socket, or why not. */
export async function enter(
  object: { fetch(request: Request): Promise<Response> },
  admission: Admission | ListAdmission,
): Promise<Response | { readonly refused: RefusalCode }> {
  const headers = { Upgrade: 'websocket', [ADMISSION]: asHeader(JSON.stringify(admission)) }
  const response = await object.fetch(new Request('https://object/', { headers }))
  if (response.status === 101) return response
  const refused = response.headers.get(REFUSAL)
  return { refused: isRefusalCode(refused) ? refused : 'internal' }
}

/** What `enter` has written into the request. */
export function readAdmission<A = Admission>(request: Request): A {
  const header = request.headers.get(ADMISSION) ?? ''
  // Older versions of the gateway encode all of it.
  return JSON.parse(header.startsWith('%') ? decodeURIComponent(header) : header) as A
}

/** JSON in ASCII. Older versions of an object decode it, so it has no `%`. */
const asHeader = (json: string): string =>
  json.replace(
    /[%\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** The result of a step, or the answer to the upgrade that it refuses. */
export function asUpgradeAnswer<Value>(step: () => Value): Value | Response {
  try {
    return step()
  } catch (error) {
    return refusedUpgrade(roomRefusalOf(error).code)
  }
}

/** The 101 with the client's end of the socket. */
export function upgraded(
  webSocket: WebSocket,
  { protocol }: Pick<Admission, 'protocol'>,
): Response {
  const headers = new Headers()
  if (protocol) headers.set('Sec-WebSocket-Protocol', protocol)
  return new Response(null, { status: 101, webSocket, headers })
}

/** The answer from which `enter` reads why not. */
export function refusedUpgrade(code: RefusalCode): Response {
  return new Response(null, { status: REFUSALS[code].status, headers: { [REFUSAL]: code } })
}

/** The sign-in as the session keeps it. */
export const signInOf = ({ sessionId: id, version, visitId }: Admission): SignIn => ({
  id,
  version,
  entry: visitId,
})
