// A log made long without a million SENDs: copies of its rows, written into the file of the room while its server is down.

import { closeSync, fsyncSync, openSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { KEY_BLOCK, KEY_SPANS } from '../../../src/room/keys/digests.ts'
import { slice } from '../../../src/room/keys/slices.ts'

/** @param storage the folder of a server that is down, with one room. @param events how many it shall have. */
export function lengthenLog(storage: string, events: number): void {
  const files = readdirSync(storage, { recursive: true, encoding: 'utf8' })
  const copied = files
    .filter((file) => file.endsWith('.sqlite'))
    .map((file) => lengthen(join(storage, file), events))
  if (copied.filter(Boolean).length !== 1) throw new Error('not one room was found')
}

/** Whether the file is that of a room with events. */
function lengthen(file: string, events: number): boolean {
  const database = new DatabaseSync(file)
  try {
    const columns = database
      .prepare("SELECT name FROM pragma_table_info('events') WHERE name <> 'seq'")
      .all()
      .map(({ name }) => `"${name}"`)
    if (columns.length === 0) return false
    const { last } = database.prepare('SELECT max(seq) AS last FROM events').get() ?? {}
    if (typeof last !== 'number') return false
    const head = last - (last % KEY_BLOCK)
    database.prepare('DELETE FROM events WHERE seq > ?').run(head)
    const copy = database.prepare(
      `INSERT INTO events (seq, ${columns}) SELECT seq + :by, ${columns} FROM events WHERE seq <= :to`,
    )
    database.exec('BEGIN')
    for (let by = head; by < events; by += head) copy.run({ by, to: Math.min(head, events - by) })
    cut(database, events)
    database.exec('COMMIT')
    return true
  } finally {
    database.close()
    settle(file)
  }
}

/**
 * Writes the file out: the disk would otherwise write all of it while the first SENDs are measured.
 */
function settle(file: string): void {
  const descriptor = openSync(file, 'r+')
  fsyncSync(descriptor)
  closeSync(descriptor)
}

/** Gives the rows their slices: the copies were made of rows at other places. */
function cut(database: DatabaseSync, events: number): void {
  const marks = new Uint32Array(events)
  const blocks = database.prepare('SELECT seq, key_digest FROM events WHERE seq % ? = 0')
  for (const { seq, key_digest: octets } of blocks.iterate(KEY_BLOCK)) {
    if (!(octets instanceof Uint8Array)) throw new Error('a block has no fingerprints')
    marks.set(new Uint32Array(octets.slice().buffer), Number(seq) - KEY_BLOCK)
  }
  const whole = database.prepare('UPDATE events SET key_whole = ? WHERE seq = ?')
  for (let end = KEY_SPANS.short; end <= events; end += KEY_SPANS.short) {
    whole.run(new Uint8Array(marks.slice(end - KEY_SPANS.short, end).buffer), end)
  }
  for (const [column, span] of [
    ['key_short_slice', KEY_SPANS.short],
    ['key_long_slice', KEY_SPANS.long],
  ] as const) {
    const give = database.prepare(`UPDATE events SET ${column} = ? WHERE seq = ?`)
    for (let seq = span + KEY_BLOCK; seq <= events; seq += KEY_BLOCK) {
      const end = Math.floor((seq - 1) / span) * span
      const index = (seq - end) / KEY_BLOCK - 1
      const size = { span, block: KEY_BLOCK }
      const octets = slice(marks.subarray(end - span, end), index, size).buffer
      give.run(new Uint8Array(octets), seq)
    }
  }
}
