// The last message of each member, by which they have read so far (U1): memory, which the log tells
// again after an eviction.

import { SPOKEN_EVENTS, SPOKEN_PEOPLE } from '../limits/limits.ts'
import type { MemberRow } from '../membership/member.ts'
import type { Log } from '../ports.ts'

/** The seqs of these messages. */
export class LastSpoken {
  /** By person; 0: none that counts. */
  readonly #seqs = new Map<string, number>()

  /** Somebody has sent a message: they have read so far. */
  note(personId: string, seq: number): void {
    if (this.#seqs.size >= SPOKEN_PEOPLE) this.#seqs.clear()
    this.#seqs.set(personId, seq)
  }

  /**
   * The last message of a member, if it is beyond their row. It is within SPOKEN_EVENTS of the row:
   * whoever says something later gets a new row.
   */
  of(log: Log, row: MemberRow): number {
    let seq = this.#seqs.get(row.id)
    if (seq === undefined) {
      const after = writtenSeq(log, row)
      const isAtHead = after >= log.head()
      seq = isAtHead ? 0 : (log.lastMessageOf(row.id, after, SPOKEN_EVENTS) ?? 0)
      this.note(row.id, seq)
    }
    return seq
  }
}

/**
 * The marker in the row of a member. Rows that a version before wrote have none: it is as of
 * joining, or as of this version.
 */
export function writtenSeq({ countedFrom }: Pick<Log, 'countedFrom'>, row: MemberRow): number {
  return Math.max(row.joined?.seq ?? 0, row.read?.seq ?? countedFrom)
}
