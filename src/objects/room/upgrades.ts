// How an upgrade that the gateway has admitted reaches its room, and how the room's "no" comes
// back. Only the Worker can send a request to an object: what stands here is trusted.

import type { Admission } from '../../contract.ts'
import { isRefusalCode, REFUSALS, type RefusalCode } from '../../refusals.ts'
import type { SignIn } from '../../room/connections/session.ts'
import { refusalOf } from '../../room/refuse.ts'
import { Batcher } from './turns.ts'

const ADMISSION = 'Stompbox-Admission'
const REFUSAL = 'Stompbox-Refusal'

/** Asks a room for a WebSocket: 101 with the socket, or why not. */
export async function enter(
  room: { fetch(request: Request): Promise<Response> },
  admission: Admission,
): Promise<Response | { readonly refused: RefusalCode }> {
  const headers = {
    Upgrade: 'websocket',
    [ADMISSION]: encodeURIComponent(JSON.stringify(admission)),
  }
  const response = await room.fetch(new Request('https://room/', { headers }))
  if (response.status === 101) return response
  const refused = response.headers.get(REFUSAL)
  return { refused: isRefusalCode(refused) ? refused : 'internal' }
}

export function readAdmission(request: Request): Admission {
  return JSON.parse(decodeURIComponent(request.headers.get(ADMISSION) ?? '')) as Admission
}

/** R4: so many upgrades at once, and then the frames of others. */
const AT_ONCE = 64

/** Admits upgrades in batches: each in turns of its own, all with one commit of their tickets. */
export class Upgrades {
  readonly #batcher: Batcher<Enter, Response>

  /** @param later does something in the next macrotask. */
  constructor(later: (work: () => void) => void) {
    this.#batcher = new Batcher((batch) => batch.slice(0, AT_ONCE).map(answerTo), later)
  }

  /**
   * What is answered to an upgrade.
   *
   * @param enter may throw Refusal: it is told as `refusedUpgrade` does.
   */
  answer(enter: Enter): Promise<Response> {
    return this.#batcher.add(enter)
  }
}

type Enter = () => Response

function answerTo(enter: Enter): Response {
  try {
    return enter()
  } catch (error) {
    return refusedUpgrade(refusalOf(error).code)
  }
}

/** The 101 with the client's end of the socket. */
export function upgraded(webSocket: WebSocket, { protocol }: Admission): Response {
  const headers = new Headers()
  if (protocol) headers.set('Sec-WebSocket-Protocol', protocol)
  return new Response(null, { status: 101, webSocket, headers })
}

export function refusedUpgrade(code: RefusalCode): Response {
  return new Response(null, { status: REFUSALS[code].status, headers: { [REFUSAL]: code } })
}

export const signInOf = ({ sessionId: id, version, visitId }: Admission): SignIn => ({
  id,
  version,
  entry: visitId,
})
