// What the rows of events keep of idempotency-keys. The columns have older names: `key_asked` is
// the fingerprint of a request, and `key_digest` a block of fingerprints.

import type { KeyBlock, KeyedSeq } from '../../../../room/keys/key-window.ts'
import { batchColumns, rowsOf } from './batch-read.ts'

const REQUEST = 'SELECT key_asked FROM events WHERE seq = ?'

const KEYS = `SELECT ${batchColumns(['seq', 'sender_id', 'idempotency_key'])} FROM events
  WHERE seq > ? AND seq <= ? AND idempotency_key IS NOT NULL`

// A list of seqs, since each statement costs as much as ten rows.
const BLOCKS = 'SELECT seq, key_digest FROM json_each(?) CROSS JOIN events ON seq = value'

/** The fingerprint of the request that led to the event of a seq, if it was kept. */
export function requestAt(sql: SqlStorage, seq: number): number | undefined {
  const [row] = sql.exec<{ key_asked: number | null }>(REQUEST, seq).toArray()
  return row?.key_asked ?? undefined
}

/** The keys of the events after a seq and up to another, ascending. */
export function keysBetween(sql: SqlStorage, after: number, upTo: number): KeyedSeq[] {
  const rows = rowsOf<[seq: number, senderId: string, key: string]>(sql, KEYS, after, upTo)
  return rows.map(([seq, senderId, key]) => ({ seq, senderId, key }))
}

/** The blocks in the rows of these seqs, in their order. */
export function* blocksAt(sql: SqlStorage, seqs: readonly number[]): Iterable<KeyBlock> {
  if (seqs.length === 0) return
  type Row = [seq: number, bytes: ArrayBuffer | null]
  for (const [seq, bytes] of sql.exec(BLOCKS, JSON.stringify(seqs)).raw<Row>()) {
    yield { seq, fingerprints: bytes === null ? undefined : new Uint32Array(bytes) }
  }
}
