// Who came and went in a room with many people: told together, once a second at most, with a count
// (R6).

import { CROWD_PEOPLE, PRESENCE_BATCH_PEOPLE } from '../limits/limits.ts'
import type { Person } from '../log/event.ts'
import type { People } from './people.ts'

/** What is told at once: `count` is how many people are here now. */
interface PresenceChange {
  readonly count: number
  readonly joined: readonly Person[]
  readonly left: readonly Person[]
}

/** What is still to be told, in memory. After an eviction the next count corrects what was lost. */
export class PresenceBatch {
  readonly #joined = new Map<string, Person>()
  readonly #left = new Map<string, Person>()
  /** False where something may have been lost: then the next change is told with a count. */
  #certain = true

  /** Whether there is something to tell. */
  get pending(): boolean {
    return this.#joined.size > 0 || this.#left.size > 0
  }

  /** The room has woken. */
  woke({ count }: People): void {
    this.#certain = count <= CROWD_PEOPLE / 2
  }

  /** Whether a change waits to be told with others. */
  isBatching({ count }: People): boolean {
    return count > CROWD_PEOPLE || this.pending || !this.#certain
  }

  /** Somebody came or went. Of both in one batch the last one is told. */
  note(change: 'joined' | 'left', person: Person): void {
    const [here, gone] = [this.#joined, this.#left]
    const [to, from] = change === 'joined' ? [here, gone] : [gone, here]
    // A snapshot in between may have told the change before, so this one is told in any case.
    from.delete(person.id)
    to.set(person.id, person)
  }

  /** Takes what is to be told now. People who left and do not fit are named the next time. */
  take({ count }: People): PresenceChange {
    this.#certain = true
    const joined = [...this.#joined.values()].slice(0, PRESENCE_BATCH_PEOPLE)
    this.#joined.clear()
    const left = [...this.#left.values()].slice(0, PRESENCE_BATCH_PEOPLE)
    for (const { id } of left) this.#left.delete(id)
    return { count, joined, left }
  }
}
