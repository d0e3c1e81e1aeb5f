import { evictDurableObject } from 'cloudflare:test'
import { expect, it } from 'vitest'
import { connected, madeRoom } from '../support/room-in-workerd.ts'

it('[L5] [H1] a key with another body is refused after an eviction, and with the same body gives its seq', async () => {
  const { stub } = await madeRoom()
  const ann = await connected(stub, 'ann')
  const ask = async (content: string) => {
    ann.send(`SEND\ndestination:/pub/send/message\nidempotency-key:k\nreceipt:r\n\n${content}\0`)
    const { headers } = await ann.next()
    await evictDurableObject(stub, { webSockets: 'hibernate' })
    return headers.code ?? headers.seq
  }
  ann.send('SUBSCRIBE\nid:e\ndestination:/user/queue/errors\nreceipt:s\n\n\0')
  await ann.next()
  expect(await ask('one')).toBe('1')
  expect(await ask('two')).toBe('key-reused')
  expect(await ask('one')).toBe('1')
})
