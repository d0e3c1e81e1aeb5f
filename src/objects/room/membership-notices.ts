// What a room tells the accounts of its members, so that each has a list of its rooms. A notice may
// be lost: the next ticket compares the two. Each notice says what is true when it is sent. A
// direct room remembers whom it could not tell: the other of the two may never ask for a ticket.

import type { AccountCalls, Answer, GoneBecause, MemberRoom, RoomProfile } from '../../contract.ts'
import type { MembershipChange } from '../../room/membership/membership-change.ts'
import type { OwnListStore } from '../../room/ports.ts'
import { withDeadline } from '../shared/deadline.ts'
import type { Meter } from './usage/meter.ts'

/** The namespace of accounts, by what a membership needs of each. */
export interface MemberAccounts {
  idFromName(name: string): DurableObjectId
  get(id: DurableObjectId): Pick<AccountCalls, 'joined' | 'left'>
}

/** Accounts that are told at once. */
const AT_ONCE = 20
/** Accounts that wait to be told at most: those beyond are not told (R5). */
export const MOST_TOLD = 1000

/** What is needed of a room. */
interface Memberships {
  readonly id: string
  /** The room as a member keeps it; undefined where somebody is none. */
  memberRoomOf(personId: string): MemberRoom | undefined
  /** Whom it could not tell, in a direct room. */
  readonly ownLists?: Pick<OwnListStore, 'get' | 'set'>
}

/** A room in its object. */
interface MembershipSource extends Memberships {
  /** The people whose membership has changed since this was asked last, and how. */
  takeMembers(): readonly (readonly [personId: string, how: MembershipChange['type']])[]
}

/** A room that was deleted, and some who were its members. */
export interface GoneRoom {
  readonly id: string
  readonly members: readonly string[]
}

/** Tells accounts in parallel, and each of them one thing at a time. */
export class MembershipNotices {
  readonly #accounts: MemberAccounts
  readonly #meter: Pick<Meter, 'during'>
  /** Whom to tell, in order, and why the room is gone for them where it is. */
  readonly #waiting = new Map<string, GoneBecause>()
  /** Who is being told: one thing at a time. */
  readonly #telling = new Map<string, Promise<boolean>>()

  constructor(accounts: MemberAccounts, meter: Pick<Meter, 'during'>) {
    this.#accounts = accounts
    this.#meter = meter
  }

  /** A piece of work is done: whoever it made a member, or one no more, is told. Never throws. */
  onIdle(room: MembershipSource | undefined): void {
    const people = room?.takeMembers() ?? []
    const told = people.map(([person, how]) => [person, whyGone(how)] as const)
    if (room && told.length > 0) this.#tell(room, told)
  }

  /** The answer to somebody, once their own account has heard of the change that it tells. */
  async toldBefore<A extends Answer<unknown>>(answer: A, personId: string): Promise<A> {
    if ('value' in answer) await this.#telling.get(personId)
    return answer
  }

  /** A room was made: its owner is its first member. Never throws. */
  async made({ id, name, kind, owner, createdAt }: RoomProfile): Promise<void> {
    const membership = { id, name, kind, role: 'owner', joinedAt: createdAt }
    this.#tell({ id, memberRoomOf: () => membership }, [[owner.id, 'left']])
    await this.#telling.get(owner.id)
  }

  /** The same; `unavailable` where their account did not hear of what is true last. */
  async heardBefore<Value>(answer: Answer<Value>, personId: string): Promise<Answer<Value>> {
    let hasHeard = true
    let telling = 'value' in answer ? this.#telling.get(personId) : undefined
    for (; telling; telling = this.#telling.get(personId)) hasHeard = await telling
    return hasHeard ? answer : { refused: 'unavailable' }
  }

  /** A room is gone: some of its members are told, and the tickets of the others tell them. */
  gone({ id, members }: GoneRoom): void {
    const told = members.map((person) => [person, 'deleted'] as const)
    this.#tell({ id, memberRoomOf: () => undefined }, told)
  }

  #tell(room: Memberships, people: readonly (readonly [person: string, GoneBecause])[]): void {
    for (const [person, why] of people) {
      if (this.#waiting.size < MOST_TOLD) this.#waiting.set(person, why)
    }
    for (const [next, why] of this.#waiting) {
      if (this.#telling.size >= AT_ONCE) return
      if (!this.#telling.has(next)) void this.#tellNext(room, next, why)
    }
  }

  /** Tells somebody, and then whoever waits. */
  async #tellNext(room: Memberships, person: string, why: GoneBecause): Promise<void> {
    this.#waiting.delete(person)
    const told = this.#meter.during(() => this.#tellOne(room, person, why))
    this.#telling.set(person, told)
    await told
    this.#telling.delete(person)
    this.#tell(room, [])
  }

  /** Returns whether the account has heard of it. Never throws. */
  async #tellOne(room: Memberships, person: string, why: GoneBecause): Promise<boolean> {
    try {
      const account = this.#accounts.get(this.#accounts.idFromName(person))
      const kept = room.memberRoomOf(person)
      await withDeadline(kept ? account.joined(kept) : account.left(room.id, why))
      const { ownLists } = room
      // The room may have been hidden and shown again meanwhile, which is told next.
      if (kept && !kept.hidden && ownLists?.get(person) === 'untold')
        ownLists.set(person, undefined)
      return true
    } catch (error) {
      // The next ticket makes it good.
      console.error(error)
      return false
    }
  }
}

/** Why somebody is a member no more, if they are none: among the roles only a ban does that. */
function whyGone(how: MembershipChange['type']): GoneBecause {
  if (how === 'kicked') return how
  return how === 'role' ? 'banned' : 'left'
}
