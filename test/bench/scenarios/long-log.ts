// A log made long without a million SENDs: copies of its rows, written into the file of the room
// while its server is down.

import { closeSync, fsyncSync, openSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { KEY_SPAN } from '../../../src/room/keys/stored-fingerprints.ts'

/**
 * @param storage the folder of a server that is down, with one room. @param events how many it
 * shall have.
 */
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
    const head = last - (last % KEY_SPAN)
    database.prepare('DELETE FROM events WHERE seq > ?').run(head)
    const copy = database.prepare(
      `INSERT INTO events (seq, ${columns}) SELECT seq + :by, ${columns} FROM events WHERE seq <= :to`,
    )
    database.exec('BEGIN')
    for (let by = head; by < events; by += head) copy.run({ by, to: Math.min(head, events - by) })
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
