import { evictDurableObject } from 'cloudflare:test'
import { expect, it } from 'vitest'
import { readOneFrame } from '../support/one-frame-reader.ts'
import { connected, heardUntil, madeRoom, upTo } from '../support/room-in-workerd.ts'

const MULTI_FRAME = 'multi-frame:true\n'

/**
 * Ten events, and somebody who reads them after an eviction and says three more; gives the messages
 * that came.
 */
async function play(headers: string) {
  const { id, stub } = await madeRoom()
  const bob = await connected(stub, 'bob')
  const send = (text: string, receipt: number) =>
    `SEND\ndestination:/pub/send/message\nreceipt:${receipt}\n\n${text}\0`
  for (const n of upTo(10)) {
    bob.send(send(`event ${n}`, n))
    await bob.next()
  }
  const ann = await connected(stub, 'ann', headers)
  await evictDurableObject(stub, { webSockets: 'hibernate' })
  ann.send(`SUBSCRIBE\nid:log\ndestination:/topic/chat/room/${id}\nafter:0\nreceipt:s\n\n\0`)
  expect(await heardUntil(ann, 10)).toEqual(upTo(10))
  await evictDurableObject(stub, { webSockets: 'hibernate' })
  ann.send([11, 12, 13].map((n) => send(`event ${n}`, n)).join(''))
  for (let n = 0; n < 6; n++) await ann.next()
  return ann.messages
}

it('[STOMP B4] [H1] each frame is a WebSocket message, also after an eviction', async () => {
  const frames = (await play('')).map(readOneFrame)
  const seqs = frames.flatMap(({ command, headers }) =>
    command === 'MESSAGE' ? [Number(headers.seq)] : [],
  )
  expect(seqs).toEqual(upTo(13))
  expect(frames.map(({ command }) => command)).toEqual([
    ...['CONNECTED', 'RECEIPT', ...Array(10).fill('MESSAGE')],
    ...['MESSAGE', 'MESSAGE', 'MESSAGE', 'RECEIPT', 'RECEIPT', 'RECEIPT'],
  ])
})

it('[STOMP B4] [H1] who said multi-frame:true is given what one moment says in one, also after an eviction', async () => {
  const messages = await play(MULTI_FRAME)
  expect(messages[0]).toContain('\nmulti-frame:true\n')
  expect(messages.map((text) => text.split('\0').length - 1)).toEqual([1, 11, 6])
})
