// How a room takes the upgrades that the gateway has admitted.

import type { Bearer } from '../../auth/bearer.ts'
import type { Principal } from '../../auth/principal.ts'
import type { Admission } from '../../contract.ts'
import { Refusal } from '../../refusals.ts'
import { Batcher } from '../shared/batcher.ts'
import { asUpgradeAnswer, refusedUpgrade, signInOf } from '../shared/sockets/admission.ts'
import type { UsedTickets } from '../shared/used-tickets.ts'
import type { Accounts } from './accounts.ts'
import type { RoomInstance } from './instance.ts'

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
