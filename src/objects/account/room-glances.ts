// Asks the rooms of a person for their glances, and has them tell from then on what is new.

import type { Gathered, ListedRoom, RoomNews } from '../../account/list/snapshot.ts'
import { heardOfMembership } from '../../account/member-rooms.ts'
import type { AccountStore } from '../../account/ports.ts'
import type { MemberRoom } from '../../account/views.ts'
import type { Answer, RoomGlance } from '../../contract.ts'
import { withDeadline } from '../shared/deadline.ts'

/** What is needed of rooms. */
export interface WatchedRooms {
  idFromName(name: string): DurableObjectId
  get(id: DurableObjectId): {
    /** The room as that member sees it; from then on it tells what is new. */
    watch(personId: string, isWatching: boolean): Promise<Answer<RoomGlance>>
  }
}

/** R5: rooms that are asked for one snapshot: those joined last. */
export const MOST_ASKED = 500
/** Rooms that are asked at once. */
const AT_ONCE = 20
/** Milliseconds after which no further room is asked: the others are shown without a glance. */
const PATIENCE = 10_000

/** The rooms of one person. */
export class RoomGlances {
  readonly #rooms: WatchedRooms
  readonly #personId: () => string
  /** The store as it is now: it may be deleted while a room is asked. */
  readonly #open: () => AccountStore | undefined

  constructor(rooms: WatchedRooms, personId: () => string, open: () => AccountStore | undefined) {
    this.#rooms = rooms
    this.#personId = personId
    this.#open = open
  }

  /** Every room that the person lists, as it answers. Never throws. */
  async gather(): Promise<Gathered> {
    const store = this.#open()?.memberRooms
    const asked = store?.page(undefined, MOST_ASKED) ?? []
    const others = store && asked.length === MOST_ASKED ? store.countShown() - MOST_ASKED : 0
    const rooms = new Map<string, ListedRoom>(asked.map((known) => [known.id, known]))
    const gone: RoomNews[] = []
    const until = Date.now() + PATIENCE
    const waiting = asked.values()
    const askNext = async () => {
      for (const known of waiting) {
        const said = Date.now() < until ? await this.ask(known) : undefined
        if (said && 'room' in said) rooms.set(known.id, said.room)
        if (!said || 'room' in said) continue
        rooms.delete(known.id)
        gone.push(said)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, askNext))
    return { rooms, others, gone }
  }

  /**
   * A room as it answers, which the index of rooms follows; undefined: no answer came. Never
   * throws.
   */
  async ask(known: MemberRoom): Promise<RoomNews | undefined> {
    const { id } = known
    try {
      const room = this.#rooms.get(this.#rooms.idFromName(id))
      const answer = await withDeadline(room.watch(this.#personId(), true))
      if ('refused' in answer && answer.refused !== 'room-unknown') return undefined
      const said = 'value' in answer ? answer.value : undefined
      const store = this.#open()
      if (store) heardOfMembership(store.memberRooms, id, known, said && kept(said))
      if (!said) return { gone: id, why: 'left' }
      if (said.hidden) return { gone: id, why: 'hidden' }
      return { room: { ...said, choices: store?.memberRooms.get(id)?.choices } }
    } catch (error) {
      console.error(error)
      return undefined
    }
  }
}

/** What the index keeps of a glance. */
const kept = ({ id, name, kind, role, joinedAt, hidden }: RoomGlance): MemberRoom => ({
  ...{ id, name, kind, role, joinedAt },
  ...(hidden && { hidden }),
})
