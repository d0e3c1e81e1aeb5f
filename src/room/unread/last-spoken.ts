// The last message of each member, by which they have read so far (U1): memory, which the log tells
// again after an eviction.

import { SPOKEN_EVENTS, SPOKEN_PEOPLE } from '../limits/limits.ts'
import type { MemberRow } from '../membership/member.ts'
import type { FinallySpoken, Log } from '../ports.ts'

/** What of that is kept, so that a room which wakes does not look for it again. */
export interface SpokenMemory {
  recall(personId: string): FinallySpoken | undefined
  remember(personId: string, spoken: FinallySpoken): void
}

/** The last messages of everybody after a seq. */
interface Newest {
  readonly after: number
  readonly seqs: ReadonlyMap<string, number>
}

/** The seqs of these messages. */
export class LastSpoken {
  /** By person; 0: none that counts. */
  readonly #seqs = new Map<string, number>()
  readonly #memory: SpokenMemory
  /** Read once for all whose rows are near the head. Whoever speaks later is noted. */
  #newest: Newest | undefined

  constructor(memory: SpokenMemory) {
    this.#memory = memory
  }

  /** Somebody has sent a message: they have read so far. */
  note(personId: string, seq: number): void {
    if (this.#seqs.size >= SPOKEN_PEOPLE) {
      this.#seqs.clear()
      this.#newest = undefined
    }
    this.#seqs.set(personId, seq)
  }

  /**
   * The last message of a member, if it is beyond their row. It is within SPOKEN_EVENTS of the row:
   * whoever says something later gets a new row.
   */
  of(log: Log, row: MemberRow): number {
    let seq = this.#seqs.get(row.id)
    if (seq === undefined) {
      seq = this.#find(log, row)
      this.note(row.id, seq)
    }
    return seq
  }

  #find(log: Log, { id, ...row }: MemberRow): number {
    const [head, after] = [log.head(), writtenSeq(log, row)]
    if (after >= head) return 0
    if (head - after <= SPOKEN_EVENTS) return this.#newestAfter(log, after).get(id) ?? 0
    const known = this.#memory.recall(id)
    if (known?.after === after) return known.seq
    const seq = log.lastMessageOf(id, after, SPOKEN_EVENTS) ?? 0
    this.#memory.remember(id, { after, seq })
    return seq
  }

  /** R4: is read again only where twice as much is wanted. */
  #newestAfter(log: Log, after: number): Newest['seqs'] {
    if (!this.#newest || after < this.#newest.after) {
      const head = log.head()
      const twice = this.#newest ? head - 2 * (head - this.#newest.after) : after
      const from = Math.max(0, head - SPOKEN_EVENTS, Math.min(after, twice))
      this.#newest = { after: from, seqs: log.lastMessagesAfter(from) }
    }
    return this.#newest.seqs
  }
}

/**
 * The marker in the row of a member. Rows that a version before wrote have none: it is as of
 * joining, or as of this version.
 */
export function writtenSeq(
  { countedFrom }: Pick<Log, 'countedFrom'>,
  row: Pick<MemberRow, 'joined' | 'read'>,
): number {
  return Math.max(row.joined?.seq ?? 0, row.read?.seq ?? countedFrom)
}
