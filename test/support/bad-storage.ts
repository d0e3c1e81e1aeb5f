// Storage that fails, inside workerd: an object whose SQL says no, and what its tables hold.

import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import type { ConnectedSession } from '../../src/room/connections/session.ts'

type Stub = DurableObjectStub<undefined>

/**
 * From now on statements that match fail, as at a full disk, but for the first few, and so many
 * times. It lasts until `mend`, or until the object is evicted.
 */
export async function failing(
  stub: Stub,
  statements: RegExp,
  { butFirst = 0, times = Number.POSITIVE_INFINITY } = {},
): Promise<void> {
  await runInDurableObject(stub, (_object, { storage: { sql } }) => {
    const { exec } = Object.getPrototypeOf(sql) as SqlStorage
    let matched = 0
    sql.exec = ((query: string, ...values: unknown[]) => {
      const nth = statements.test(query) ? matched++ - butFirst : -1
      if (nth >= 0 && nth < times) throw new Error('database or disk is full')
      return exec.call(sql, query, ...values)
    }) as SqlStorage['exec']
  })
}

/** Statements work again. */
export async function mend(stub: Stub): Promise<void> {
  await runInDurableObject(stub, (_object, { storage: { sql } }) => {
    Reflect.deleteProperty(sql, 'exec')
  })
}

/** Fills the log of a room that nobody has entered yet with so many messages. */
export async function fill(stub: Stub, messages: number): Promise<void> {
  await runInDurableObject(stub, (_object, { storage: { sql } }) => {
    sql.exec(
      `WITH RECURSIVE n (seq) AS (SELECT 1 UNION ALL SELECT seq + 1 FROM n WHERE seq < ?1)
       INSERT INTO events (seq, type, at, sender_id, sender_name, content)
       SELECT seq, 'message', seq, 'zoe', 'Zoe', 'message ' || seq FROM n WHERE seq <= ?1`,
      messages,
    )
  })
}

/**
 * As an eviction in the middle of things leaves a room: cursors far behind, and frames of a session
 * that is gone.
 */
export async function leaveBehind(stub: Stub): Promise<void> {
  // The object goes first: what it has in memory would be written over this.
  await evictDurableObject(stub)
  await runInDurableObject(stub, (_room, ctx) => {
    for (const socket of ctx.getWebSockets()) {
      const session = socket.deserializeAttachment() as ConnectedSession
      const subscriptions = session.subscriptions.map((each) => ({ ...each, cursor: 0 }))
      socket.serializeAttachment({ ...session, subscriptions })
    }
    ctx.storage.sql.exec(
      `INSERT INTO transaction_frames VALUES ('gone', 1, 1, 'SEND', '[]', x'00')`,
    )
  })
}

/** Every row of every table. */
export async function everything(stub: Stub): Promise<Record<string, unknown[]>> {
  return runInDurableObject(stub, (_object, { storage: { sql } }) => {
    const { exec } = Object.getPrototypeOf(sql) as SqlStorage
    const rows = (query: string) => exec.call(sql, query).toArray()
    const names = rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
      .map(({ name }) => String(name))
      .filter((name) => !name.startsWith('_cf'))
    return Object.fromEntries(names.map((name) => [name, rows(`SELECT * FROM ${name}`)]))
  })
}
