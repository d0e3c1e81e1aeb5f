// What is needed of the storage of transactions. A frame in a transaction is stored, not done: so
// an eviction between BEGIN and COMMIT changes nothing (H1).

import type { Frame } from '../stomp/frame.ts'

export interface TransactionStore {
  /** Adds a frame to a transaction of a session: writes one row. */
  add(sessionId: string, transaction: number, frame: Frame): void
  /** The frames of a transaction, in the order added. */
  frames(sessionId: string, transaction: number): Frame[]
  /** Forgets a transaction, or all of a session. */
  remove(sessionId: string, transaction?: number): void
  /** Forgets the transactions of all sessions but these: those of the others were lost with them. */
  keep(sessionIds: ReadonlySet<string>): void
}
