// How an upgrade that the gateway has admitted reaches its room, and how the room's "no" comes
// back. Only the Worker can send a request to an object, so the header is trusted.

import type { Bearer } from '../../auth/bearer.ts'
import type { Principal } from '../../auth/principal.ts'
import type { Admission } from '../../contract.ts'
import { isRefusalCode, REFUSALS, Refusal, type RefusalCode } from '../../refusals.ts'
import type { SignIn } from '../../room/connections/session.ts'
import { roomRefusalOf } from '../../room/refuse.ts'
import type { Accounts } from './accounts.ts'
import { Batcher } from './batcher.ts'
import type { RoomInstance } from './instance.ts'
import type { UsedTickets } from './storage/sql-tickets.ts'

const ADMISSION = 'Stompbox-Admission'
const REFUSAL = 'Stompbox-Refusal'

/** Asks a room for a WebSocket: 101 with the socket, or why not. */
export async function enter(
  room: { fetch(request: Request): Promise<Response> },
  admission: Admission,
): Promise<Response | { readonly refused: RefusalCode }> {
  const headers = { Upgrade: 'websocket', [ADMISSION]: asHeader(JSON.stringify(admission)) }
  const response = await room.fetch(new Request('https://room/', { headers }))
  if (response.status === 101) return response
  const refused = response.headers.get(REFUSAL)
  return { refused: isRefusalCode(refused) ? refused : 'internal' }
}

/** What `enter` has written into the request. */
export function readAdmission(request: Request): Admission {
  const header = request.headers.get(ADMISSION) ?? ''
  // Older versions of the gateway encode all of it.
  return JSON.parse(header.startsWith('%') ? decodeURIComponent(header) : header) as Admission
}

/** JSON in ASCII. Older versions of a room decode it, so it has no `%`. */
const asHeader = (json: string): string =>
  json.replace(
    /[%\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** R4: upgrades in one batch. Then the frames of others come first. */
const AT_ONCE = 64

interface UpgradeNeeds {
  readonly tickets: Pick<UsedTickets, 'demandUnused'>
  readonly accounts: Pick<Accounts, 'entered' | 'left'>
  /** The room, where there is one. */
  readonly open: (by: Principal) => RoomInstance | undefined
  /** Opens the socket of an upgrade that was admitted. May throw Refusal. */
  readonly enter: (instance: RoomInstance, admission: Admission) => Response
  /** Does something in the next macrotask. */
  readonly later: (work: () => void) => void
}

/** Admits upgrades in batches: each in turns of its own, all with one commit of their tickets. */
export class Upgrades {
  readonly #needs: UpgradeNeeds
  readonly #batcher: Batcher<Enter, Response>

  constructor(needs: UpgradeNeeds) {
    this.#needs = needs
    this.#batcher = new Batcher((batch) => batch.slice(0, AT_ONCE).map(answerTo), needs.later)
  }

  /**
   * What is answered to an upgrade. Never throws: a Refusal is answered as `refusedUpgrade` does.
   */
  answer(admission: Admission): Promise<Response> {
    const { toNote } = admission
    if (toNote) return this.#noteFirst(admission, toNote)
    return this.#batcher.add(() => this.#enter(admission, false))
  }

  /** A5: the account notes the visit before the socket opens. R5: and only where it may open. */
  async #noteFirst(admission: Admission, bearer: Bearer): Promise<Response> {
    const room = asUpgradeAnswer(() => this.#expect(admission))
    if (room instanceof Response) return room
    const { accounts } = this.#needs
    const { principal, sessionId, visitId } = admission
    const refused = await accounts.entered({ principal, ...bearer }, room, visitId)
    if (refused) return refusedUpgrade(refused)
    const answer = await this.#batcher.add(() => this.#enter(admission, true))
    if (answer.status !== 101) {
      // Something changed meanwhile, such as a ban.
      await accounts.left({ personId: principal.id, sessionId, entry: visitId }, room)
    }
    return answer
  }

  /**
   * The id of the room that lets an upgrade in. The join is counted.
   *
   * @throws Refusal.
   */
  #expect(admission: Admission): string {
    const { id } = this.#admit(admission, false)
    if (admission.ticket) this.#needs.tickets.demandUnused(admission.ticket)
    return id
  }

  #enter(admission: Admission, isExpected: boolean): Response {
    return this.#needs.enter(this.#admit(admission, isExpected), admission)
  }

  #admit(admission: Admission, isExpected: boolean): RoomInstance {
    const { principal } = admission
    const instance = this.#needs.open(principal)
    if (!instance) throw new Refusal('room-unknown')
    instance.turns.run((turn, room) => room.admit(turn, principal, signInOf(admission), isExpected))
    return instance
  }
}

type Enter = () => Response

const answerTo = (enter: Enter): Response => asUpgradeAnswer(enter)

/** The result of a step, or the answer to the upgrade that it refuses. */
function asUpgradeAnswer<Value>(step: () => Value): Value | Response {
  try {
    return step()
  } catch (error) {
    return refusedUpgrade(roomRefusalOf(error).code)
  }
}

/** The 101 with the client's end of the socket. */
export function upgraded(webSocket: WebSocket, { protocol }: Admission): Response {
  const headers = new Headers()
  if (protocol) headers.set('Sec-WebSocket-Protocol', protocol)
  return new Response(null, { status: 101, webSocket, headers })
}

/** The answer from which `enter` reads why not. */
function refusedUpgrade(code: RefusalCode): Response {
  return new Response(null, { status: REFUSALS[code].status, headers: { [REFUSAL]: code } })
}

/** The sign-in as the session keeps it. */
export const signInOf = ({ sessionId: id, version, visitId }: Admission): SignIn => ({
  id,
  version,
  entry: visitId,
})
