// What a member has not read, in the real object over real sockets: exact after evictions, on
// storage of the version before, and for almost no rows (U1).

import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { MIGRATIONS } from '../../src/objects/room/storage/migrations.ts'
import { migrate } from '../../src/objects/shared/migrate.ts'
import { READ_MARKER_PERIOD } from '../../src/room/limits/limits.ts'
import { type Client, connected, madeRoom, principal } from '../support/room-in-workerd.ts'
import { spent } from '../support/spent.ts'

/** The version that began to count. */
const COUNTING = MIGRATIONS.findIndex((step) => step.toString().includes('counted_from'))

type Stub = Awaited<ReturnType<typeof madeRoom>>['stub']

async function asked(client: Client, frame: string) {
  client.send(frame.replace('\n', '\nreceipt:r\n'))
  for (;;) {
    const { command, headers } = await client.next()
    if (command === 'ERROR') throw new Error(headers.code)
    if (headers['receipt-id'] === 'r') return headers
  }
}

const send = (client: Client, to: string, body: object) =>
  asked(client, `SEND\ndestination:/pub/${to}\n\n${JSON.stringify(body)}\0`)
const say = (client: Client, content: string) => send(client, 'send/message', { content })

async function unread(stub: Stub, id: string) {
  const answer = await stub.show(principal(id))
  if ('refused' in answer) throw new Error(answer.refused)
  return answer.value.unread
}

/** The row of a member was written a period ago. */
async function age(stub: Stub): Promise<void> {
  await runInDurableObject(stub, (_room, { storage: { sql } }) => {
    sql.exec('UPDATE standings SET read_at = read_at - ?', READ_MARKER_PERIOD)
  })
  await evictDurableObject(stub)
}

describe.each([false, true])('[U1] [H1] unread, evicted at each step: %s', (evicted) => {
  it('is told to a member, by each way of reading', async () => {
    const { id, stub } = await madeRoom()
    const [ann, bob] = [await connected(stub, 'ann'), await connected(stub, 'bob')]
    const step = async () => {
      if (evicted) await evictDurableObject(stub)
    }
    await asked(ann, `SUBSCRIBE\nid:l\ndestination:/topic/chat/room/${id}\nack:client\n\n\0`)
    const acks: string[] = []
    for (const content of ['1', '@ann', '@ANN and @bob', '4', '@ann']) {
      await say(bob, content)
      acks.push((await ann.next()).headers.ack ?? '')
      await step()
    }
    const told = { head: 5, messages: 5, unread: 5, mentions: 3, readSeq: 0 }
    expect(await unread(stub, 'ann')).toEqual(told)
    expect(await unread(stub, 'bob')).toEqual({ ...told, unread: 0, mentions: 0, readSeq: 5 })
    expect(await unread(stub, 'eve')).toBeUndefined()
    await step()
    await asked(ann, `ACK\nid:${acks[1]}\n\n\0`)
    await step()
    expect(await unread(stub, 'ann')).toEqual({ ...told, unread: 3, mentions: 2, readSeq: 2 })
    await send(bob, 'edit/message', { seq: 3, content: 'nobody' })
    await step()
    await send(bob, 'edit/message', { seq: 4, content: '@ann 4' })
    await step()
    await send(bob, 'delete/message', { seq: 5 })
    await step()
    const changed = { ...told, head: 8, unread: 3, mentions: 1, readSeq: 2 }
    expect(await unread(stub, 'ann')).toEqual(changed)
    await send(ann, 'read', { seq: 3 })
    await step()
    expect(await unread(stub, 'ann')).toMatchObject({ unread: 2, readSeq: 3 })
    await stub.execute(principal('ann'), { type: 'read', seq: 4 })
    await step()
    expect(await unread(stub, 'ann')).toMatchObject({ unread: 1, mentions: 0, readSeq: 4 })
    await send(ann, 'read', { seq: 8 })
    ann.close()
    await ann.closed
    await step()
    await say(bob, '6')
    expect(await unread(stub, 'ann')).toMatchObject({ messages: 6, unread: 1, readSeq: 8 })
    await evictDurableObject(stub, { webSockets: 'close' })
    expect(await unread(stub, 'ann')).toMatchObject({ messages: 6, unread: 1, readSeq: 8 })
    expect(await unread(stub, 'bob')).toMatchObject({ unread: 0, readSeq: 9 })
  })
})

describe('[U1] [C1] reading', () => {
  it('1,000 messages in a minute writes one row, leaving one more, and coming back none', async () => {
    const { id, stub } = await madeRoom()
    const [ann, bob] = [await connected(stub, 'ann'), await connected(stub, 'bob')]
    await age(stub)
    await asked(ann, `SUBSCRIBE\nid:l\ndestination:/topic/chat/room/${id}\nack:client\n\n\0`)
    await runInDurableObject(stub, (_room, { storage: { sql } }) => {
      sql.exec(
        `WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 1000)
         INSERT INTO events (seq, n, type, at, sender_id, sender_name, content)
         SELECT n, n, 'message', 1, 'bob', 'BOB', 'x' FROM s`,
      )
    })
    await evictDurableObject(stub)
    const reading = await spent(stub, async () => {
      for (let seq = 20; seq <= 1000; seq += 20) await send(ann, 'read', { seq })
    })
    expect(reading).toMatchObject({ rowsWritten: 1 })
    expect(await unread(stub, 'ann')).toMatchObject({ unread: 0, readSeq: 1000 })
    const leaving = async (client: Client) => {
      client.close()
      await client.closed
      await unread(stub, 'bob')
    }
    expect(await spent(stub, () => leaving(ann))).toMatchObject({ rowsWritten: 1 })
    const again = await connected(stub, 'ann')
    expect(await spent(stub, () => leaving(again))).toMatchObject({ rowsWritten: 0 })
    expect(await unread(stub, 'ann')).toMatchObject({ unread: 0, readSeq: 1000 })
    // Whoever only speaks: the log knows it.
    const speaking = async () => {
      for (let n = 0; n < 9; n++) await say(bob, 'x')
      await leaving(bob)
    }
    await age(stub)
    expect(await spent(stub, speaking)).toMatchObject({ rowsWritten: 9 })
    await evictDurableObject(stub, { webSockets: 'close' })
    expect(await unread(stub, 'bob')).toMatchObject({ unread: 0, readSeq: 1009 })
  })
})

describe('[U1] storage of the version before', () => {
  const event = (seq: number, type: string, sender: string) =>
    `(${seq}, '${type}', ${seq}, '${sender}', '${sender}', '')`
  const insert = (rows: string[]) =>
    `INSERT INTO events (seq, type, at, sender_id, sender_name, content) VALUES ${rows.join()}`

  async function oldRoom(name: string) {
    const stub = env.ROOM.get(env.ROOM.idFromName(name))
    await runInDurableObject(stub, (_room, { storage }) => {
      migrate(storage, MIGRATIONS.slice(0, COUNTING))
      storage.sql.exec(
        `INSERT INTO room (id, name, visibility, owner_id, owner_name, created_at)
         VALUES ('old', 'a room', 'public', 'owner', 'Owner', 5)`,
      )
      storage.sql.exec(
        `INSERT INTO standings (person_id, standing, name, name_key, joined_seq, joined_at)
         VALUES ('ann', 'writer', 'ANN', 'ann', 1, 6)`,
      )
      storage.sql.exec(
        insert([event(1, 'message', 'bob'), event(2, 'edit', 'bob'), event(3, 'message', 'bob')]),
      )
    })
    return stub
  }

  it('begins to count at its head, and everybody has read so far', async () => {
    const stub = await oldRoom('before counting')
    const told = { head: 3, messages: 3, unread: 0, mentions: 0, readSeq: 3 }
    expect(await unread(stub, 'ann')).toEqual(told)
    const bob = await connected(stub, 'bob')
    await say(bob, '@ann')
    await evictDurableObject(stub)
    await send(bob, 'react/message', { seq: 3, reaction: 'x' })
    await evictDurableObject(stub)
    expect(await unread(stub, 'ann')).toEqual({
      ...{ head: 5, messages: 4, unread: 1, mentions: 1, readSeq: 3 },
    })
    expect(await stub.events(principal('ann'), {})).toMatchObject({
      value: { events: [{ seq: 1 }, { seq: 2 }, { seq: 3 }, { seq: 4, n: 4 }, { seq: 5, n: 4 }] },
    })
    const page = await stub.events(principal('ann'), { after: 0, limit: 3 })
    expect(JSON.stringify(page)).not.toContain('"n":')
  })

  it('counts what the version before has written after a roll-back', async () => {
    const stub = await oldRoom('rolled back')
    const bob = await connected(stub, 'bob')
    await say(bob, '@ann')
    await runInDurableObject(stub, (_room, { storage: { sql } }) => {
      sql.exec(insert([event(5, 'message', 'bob'), event(6, 'reaction', 'bob')]))
      sql.exec(
        `INSERT INTO standings (person_id, standing, name, name_key, joined_seq, joined_at)
         VALUES ('eve', 'writer', 'EVE', 'eve', 5, 6)`,
      )
      sql.exec(insert([event(7, 'message', 'bob')]))
    })
    await evictDurableObject(stub)
    const told = { head: 7, messages: 6, unread: 3, mentions: 1, readSeq: 3 }
    expect(await unread(stub, 'ann')).toEqual(told)
    expect(await unread(stub, 'eve')).toEqual({ ...told, unread: 1, mentions: 0, readSeq: 5 })
    await say(bob, '@ann')
    await evictDurableObject(stub)
    expect(await unread(stub, 'ann')).toEqual({
      ...{ head: 8, messages: 7, unread: 4, mentions: 2, readSeq: 3 },
    })
  })
})
