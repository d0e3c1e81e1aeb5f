// What must not go back is stored: it does not depend on which rows happen to exist.

import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { expect, it, vi } from 'vitest'
import { SqlLog } from '../../src/objects/room/storage/log/sql-log.ts'
import { quiet } from '../support/quiet.ts'
import { type Client, connected, madeRoom, principal } from '../support/room-in-workerd.ts'
import { usageOf } from '../support/spent.ts'

quiet()

async function asked(client: Client, frame: string): Promise<Record<string, string>> {
  client.send(frame.replace('\n', '\nreceipt:r\n'))
  for (;;) {
    const { headers } = await client.next()
    if (headers['receipt-id'] === 'r') return headers
  }
}

const say = (client: Client) => asked(client, 'SEND\ndestination:/pub/send/message\n\nx\0')

it.each([
  ['all events', '1 = 1'],
  ['the newest events', 'seq > 1'],
  ['the oldest events', 'seq < 3'],
])(
  '[L1][H1] the head of the log and the counts stay when %s are removed',
  async (_which, where) => {
    const { id, stub } = await madeRoom()
    const ann = await connected(stub, 'ann')
    for (let n = 1; n <= 3; n++) expect((await say(ann)).seq).toBe(String(n))
    const before = await usageOf(stub)
    await runInDurableObject(stub, (_room, { storage }) => {
      storage.transactionSync(() => {
        new SqlLog(storage.sql).keepHead()
        storage.sql.exec(`DELETE FROM events WHERE ${where}`)
      })
    })
    for (const seq of ['4', '5']) {
      await evictDurableObject(stub)
      expect((await say(ann)).seq).toBe(seq)
    }
    expect(await stub.events(principal('ann'), {})).toMatchObject({ value: { head: 5 } })
    await evictDurableObject(stub)
    expect((await usageOf(stub)).messages).toBe(before.messages + 2)
    await evictDurableObject(stub, { webSockets: 'close' })
    const bob = await connected(stub, 'bob')
    bob.send(`SUBSCRIBE\nid:l\ndestination:/topic/chat/room/${id}\nafter:3\n\n\0`)
    expect((await bob.next()).headers).toMatchObject({ seq: '4', prev: '3' })
  },
)

it('[L1] a head that was not stored, since that failed, leaves no hole', async () => {
  const { stub } = await madeRoom()
  await runInDurableObject(stub, (_room, { storage }) => {
    const log = new SqlLog(storage.sql)
    const draft = {
      type: 'message',
      at: 1,
      sender: { id: 'ann', name: 'Ann' },
      content: 'x',
    } as const
    log.append(draft)
    expect(() =>
      storage.transactionSync(() => {
        log.append(draft)
        log.keepHead()
        throw new Error('undone')
      }),
    ).toThrow('undone')
    log.forget()
    expect(log.append(draft).seq).toBe(2)
  })
})

it('[H1] the id of a message of a work queue never comes twice, though it was removed and the clock went back', async () => {
  const { id, stub } = await madeRoom()
  const owner = await connected(stub, 'owner')
  const queue = `/queue/rooms/${id}/jobs`
  const ids: number[] = []
  for (const back of [0, 0, 60_000, 3_600_000]) {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - back })
    await evictDurableObject(stub)
    await asked(owner, `SEND\ndestination:${queue}\n\njob\0`)
    owner.send(`SUBSCRIBE\nid:q\ndestination:${queue}\n\n\0`)
    ids.push(Number((await owner.next()).headers['message-id']?.split('-')[1]))
    await asked(owner, 'UNSUBSCRIBE\nid:q\n\n\0')
  }
  expect([...new Set(ids)].sort((a, b) => a - b)).toEqual(ids)
})
