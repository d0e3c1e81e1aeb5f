import { evictDurableObject } from 'cloudflare:test'
import { expect, it } from 'vitest'
import { type Client, connected, madeRoom, principal } from '../support/room-in-workerd.ts'

async function say(client: Client, text: string): Promise<void> {
  client.send(`SEND\ndestination:/pub/send/message\nreceipt:r\n\n${text}\0`)
  expect((await client.next()).command).toBe('RECEIPT')
}

it('[H1] the log tells who was a guest when something was said, also after an eviction', async () => {
  const { id, stub } = await madeRoom()
  const [gil, ann] = [await connected(stub, 'guest-gil'), await connected(stub, 'ann')]
  await say(gil, 'one')
  await evictDurableObject(stub, { webSockets: 'hibernate' })
  await say(ann, 'two')
  await say(gil, 'three')
  await evictDurableObject(stub, { webSockets: 'hibernate' })
  const page = await stub.events(principal('ann'), {})
  if (!('value' in page)) throw new Error(page.refused)
  const guest = { id: 'guest-gil', name: 'GUEST-GIL', guest: true }
  const senders = [guest, { id: 'ann', name: 'ANN' }, guest]
  expect(page.value).toMatchObject({ events: senders.map((sender) => ({ sender })) })
  ann.send(`SUBSCRIBE\nid:log\ndestination:/topic/chat/room/${id}\nafter:0\n\n\0`)
  for (const sender of senders) expect(JSON.parse((await ann.next()).body).sender).toEqual(sender)
  ann.send(`SUBSCRIBE\nid:who\ndestination:/topic/rooms/${id}\n\n\0`)
  expect(JSON.parse((await ann.next()).body).here).toEqual([{ id: 'ann', name: 'ANN' }, guest])
})
