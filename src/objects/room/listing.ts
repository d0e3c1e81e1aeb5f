// What a room tells the directory: how it is listed, and that there is no room. The room is the
// truth: its row says that a change was not told yet, so a lost notice is sent again with the next
// request. A room without untold changes calls nobody.

import type { Answer, DirectoryCalls, ListedRoom } from '../../contract.ts'
import { withDeadline } from '../shared/deadline.ts'
import type { Meter } from './usage/meter.ts'

/** The namespace of the directory, by what a room tells it. */
export interface Directories {
  idFromName(name: string): DurableObjectId
  get(id: DurableObjectId): Pick<DirectoryCalls, 'add' | 'forget'>
}

/** What the directory has not heard yet. */
interface Untold {
  readonly untold: ListedRoom | undefined
  told(room: ListedRoom): void
}

/** What is needed of a room in its object. */
interface Listed {
  readonly profile: Untold
  readonly turns: { readonly closed: boolean }
}

/** Tells the directory what it has not heard of one room. */
export class Listing {
  readonly #directories: Directories
  readonly #meter: Pick<Meter, 'during' | 'later'>
  #telling: Promise<void> | undefined
  #isForgotten = false

  constructor(directories: Directories, meter: Pick<Meter, 'during' | 'later'>) {
    this.#directories = directories
    this.#meter = meter
  }

  /**
   * Tells the directory what is new, one call at a time. Resolves when that is done; undefined if
   * there is nothing to tell. Never throws.
   */
  tell(room: Listed | undefined): Promise<void> | undefined {
    if (!room?.profile.untold || room.turns.closed) return undefined
    this.#telling ??= this.#meter
      .during(() => this.#tellAll(room.profile))
      .finally(() => {
        this.#telling = undefined
      })
    return this.#telling
  }

  /** The answer, once the directory has heard of the change that it tells. */
  async toldBefore<A extends Answer<unknown>>(answer: A, room: Listed | undefined): Promise<A> {
    if ('value' in answer) await this.tell(room)
    return answer
  }

  /**
   * There is no such room: removes the entry of one that was deleted half-way. M2: told after the
   * answer, so that the refusal takes no longer.
   */
  forget(id: string | undefined): void {
    // Once is enough: nothing lists the room before it is made.
    if (id === undefined || this.#isForgotten) return
    this.#isForgotten = true
    const forget = async () => {
      await withDeadline(this.#directory().forget(id)).catch(console.error)
    }
    this.#meter.later(0, () => void this.#meter.during(forget))
  }

  async #tellAll(profile: Untold): Promise<void> {
    try {
      // It may change again meanwhile.
      for (let room = profile.untold; room; room = profile.untold) {
        await withDeadline(this.#directory().add(room))
        profile.told(room)
      }
    } catch (error) {
      // The next request tries again.
      console.error(error)
    }
  }

  #directory() {
    return this.#directories.get(this.#directories.idFromName('directory'))
  }
}
