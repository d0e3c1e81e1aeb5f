// How a sign-in comes to a room. It is noted only once it holds and the room lets its person in, so
// whoever is refused costs no row (R5).

import type { Account } from '../../account/account.ts'
import { enterRoom, hasVisit, leaveRoom } from '../../account/entered-rooms.ts'
import { heardOfMembership } from '../../account/member-rooms.ts'
import type { MemberRoom } from '../../account/views.ts'
import type { Answer, Delayed } from '../../answer.ts'
import type { Bearer } from '../../auth/bearer.ts'
import type { Principal } from '../../auth/principal.ts'
import type { ShownRoom } from '../../contract.ts'
import type { RefusalCode } from '../../refusals.ts'
import { withDeadline } from '../shared/deadline.ts'
import { askRooms, type RevocableRooms } from './revocation-delivery.ts'

/** What is needed of rooms. */
export interface EnteredRooms extends RevocableRooms {
  get(id: DurableObjectId): ReturnType<RevocableRooms['get']> & {
    /** The room as it shows itself to a person, or why not. */
    show(by: Principal): Promise<Answer<ShownRoom>>
  }
}

/** Whoever is refused so is no member, or of no room. */
const NO_MEMBER: ReadonlySet<RefusalCode> = new Set([
  'room-unknown',
  'banned',
  'members-only',
  'accounts-only',
])

/** Somebody is a member of a room, it is another for them, or they are none any more. */
type Heard = (roomId: string, room: MemberRoom | undefined) => void

/** What a person's account is asked about visits: each is charged, then noted. */
export class Visits {
  readonly #account: Account
  readonly #rooms: EnteredRooms
  readonly #onHeard: Heard

  /** @param heard told what has changed in the index of rooms. */
  constructor(account: Account, rooms: EnteredRooms, heard: Heard) {
    this.#account = account
    this.#rooms = rooms
    this.#onHeard = heard
  }

  /** `AccountCalls.checkVisit`. */
  check(
    bearer: Bearer,
    roomId: string,
    visitId: string,
    cost: number,
  ): Answer<{ readonly noted: boolean }> | Delayed {
    const refused = this.#account.refusal(bearer, cost, Date.now())
    if (refused) return refused
    const { stored } = this.#account
    const key = { sessionId: bearer.sessionId, roomId, visitId }
    return { value: { noted: stored !== undefined && hasVisit(stored.rooms, key) } }
  }

  /** `AccountCalls.prepareVisit`. */
  async prepare(
    by: Principal,
    bearer: Bearer,
    roomId: string,
    visitId: string,
    cost: number,
  ): Promise<Answer<Answer<ShownRoom>> | Delayed> {
    const refused = this.#account.refusal(bearer, cost, Date.now())
    if (refused) return refused
    const before = this.#account.stored?.memberRooms.get(roomId)
    const shown = await this.#show(by, roomId)
    this.#heard(roomId, before, shown)
    if ('refused' in shown) return { value: shown }
    // A5: the sign-in may have ended while the room was asked.
    const because = this.#account.voidBecause(bearer, Date.now())
    if (because) return { refused: because }
    const noted = await this.#note(bearer, roomId, visitId)
    return 'refused' in noted ? noted : { value: shown }
  }

  /** `AccountCalls.enter`. */
  async enter(
    bearer: Bearer,
    roomId: string,
    visitId: string,
    cost: number,
  ): Promise<Answer<null> | Delayed> {
    const refused = this.#account.refusal(bearer, cost, Date.now())
    return refused ?? this.#note(bearer, roomId, visitId)
  }

  /** `AccountCalls.leave`. */
  leave(sessionId: string, roomId: string, visitId: string): void {
    const { stored } = this.#account
    if (stored) leaveRoom(stored.rooms, { sessionId, roomId, visitId })
  }

  async #note(bearer: Bearer, roomId: string, visitId: string): Promise<Answer<null>> {
    const { sessionId, federated } = bearer
    const enter = () => {
      const { rooms } = this.#account.store()
      return enterRoom(rooms, { sessionId, roomId, visitId }, federated, Date.now())
    }
    if (enter()) return { value: null }
    await askRooms(() => this.#account.stored, this.#rooms, sessionId)
    // The sign-in may have ended meanwhile.
    const because = this.#account.voidBecause(bearer, Date.now())
    if (because) return { refused: because }
    return enter() ? { value: null } : { refused: 'in-too-many-rooms' }
  }

  /** What a room said tells whether its person is a member, at no call more. */
  #heard(roomId: string, before: MemberRoom | undefined, shown: Answer<ShownRoom>): void {
    if ('refused' in shown && !NO_MEMBER.has(shown.refused)) return
    const said = 'value' in shown ? shown.value.membership : undefined
    const store = said ? this.#account.storeOfMember() : this.#account.stored
    if (store && heardOfMembership(store.memberRooms, roomId, before, said)) {
      this.#onHeard(roomId, said)
    }
  }

  async #show(by: Principal, roomId: string): Promise<Answer<ShownRoom>> {
    try {
      return await withDeadline(this.#rooms.get(this.#rooms.idFromName(roomId)).show(by))
    } catch (error) {
      console.error(error)
      return { refused: 'unavailable' }
    }
  }
}
