import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import {
  accessToken,
  type Client,
  connected,
  madeRoom,
  open,
  principal,
} from '../support/room-in-workerd.ts'

const send = (content: string, headers = '') =>
  `SEND\ndestination:/pub/send/message\n${headers}\n${content}\0`

async function opened(stub: Parameters<typeof open>[0], id: string): Promise<Client> {
  const client = await open(stub, id)
  if (typeof client === 'string') throw new Error(client)
  return client
}

describe('a frame in many messages', () => {
  it('is answered when it is whole', async () => {
    const { stub } = await madeRoom()
    const client = await connected(stub, 'ann')
    for (const byte of new TextEncoder().encode(send('안녕', 'receipt:r\n'))) {
      client.send(Uint8Array.of(byte))
    }
    expect(await client.next()).toMatchObject({ command: 'RECEIPT', headers: { seq: '1' } })
  })

  it('has a deadline', async () => {
    const { stub } = await madeRoom()
    const client = await connected(stub, 'ann')
    client.send('SEND\n')
    expect((await client.next()).headers.code).toBe('frame-late')
    expect((await client.closed).code).toBe(4408)
  })
})

describe('a connection', () => {
  it('[STOMP F11] without CONNECT is closed in time', async () => {
    const { stub } = await madeRoom()
    const client = await opened(stub, 'ann')
    expect((await client.next()).headers.code).toBe('connect-late')
    expect((await client.closed).code).toBe(4408)
  })

  it('answers binary messages in kind, and a binary heart-beat too', async () => {
    const { stub } = await madeRoom()
    const client = await opened(stub, 'ann')
    const binary = (text: string) => client.send(new TextEncoder().encode(text))
    const token = await accessToken('ann')
    binary(`CONNECT\naccept-version:1.2\nheart-beat:1000,1000\npasscode:${token}\n\n\0`)
    expect((await client.next()).command).toBe('CONNECTED')
    binary('\n')
    binary(send('x', 'receipt:r\n'))
    expect((await client.next()).command).toBe('RECEIPT')
  })

  it('[L3] frames of one message are answered in order, whatever has to be verified between', async () => {
    const { stub } = await madeRoom()
    const client = await opened(stub, 'ann')
    const token = await accessToken('ann', Date.now() + 5000)
    client.send(
      [
        `CONNECT\naccept-version:1.2\nAuthorization:Bearer ${await accessToken('ann')}\n\n\0`,
        send('1', 'receipt:1\n'),
        send('2', `receipt:2\nAuthorization:Bearer ${token}\n`),
        send('3', 'receipt:3\n'),
      ].join(''),
    )
    client.send(send('4', 'receipt:4\n'))
    const answers = []
    for (let n = 0; n < 5; n++) answers.push((await client.next()).headers.seq)
    expect(answers).toEqual([undefined, '1', '2', '3', '4'])
  })

  it('[A1] with a token of another room’s key ring, or no token at all, is refused', async () => {
    const { stub } = await madeRoom()
    const client = await opened(stub, 'ann')
    client.send('CONNECT\naccept-version:1.2\nAuthorization:Bearer a.b.c\n\n\0')
    expect((await client.next()).headers.code).toBe('token-invalid')
    expect((await client.closed).code).toBe(4401)
  })

  it('[R1] that is broken off in the middle disturbs nobody', async () => {
    const { stub } = await madeRoom()
    const [ann, bob] = [await connected(stub, 'ann'), await connected(stub, 'bob')]
    bob.send(send('before the close'))
    bob.send('SEND\nhalf')
    bob.close()
    ann.send(send('still here', 'receipt:r\n'))
    expect((await ann.next()).command).toBe('RECEIPT')
    expect(await stub.events(principal('ann'), {})).toMatchObject({ value: { head: 2 } })
  })
})

describe('a room whose storage fails', () => {
  it('[R1] [R3] says so, has done nothing, and works again when it can', async () => {
    const { stub } = await madeRoom()
    const ann = await connected(stub, 'ann')
    await runInDurableObject(stub, (_room, { storage: { sql } }) => {
      sql.exec('ALTER TABLE events RENAME TO lost_events')
    })
    ann.send(send('x', 'receipt:r\n'))
    expect((await ann.next()).headers).toMatchObject({ code: 'unavailable', 'receipt-id': 'r' })
    expect((await ann.closed).code).toBe(1013)
    await runInDurableObject(stub, (_room, { storage: { sql } }) => {
      sql.exec('ALTER TABLE lost_events RENAME TO events')
    })
    const again = await connected(stub, 'ann')
    again.send(send('x', 'receipt:r\n'))
    expect((await again.next()).headers.seq).toBe('1')
  })

  it('[R1] closes the connection where it cannot even begin', async () => {
    const { stub } = await madeRoom()
    const ann = await connected(stub, 'ann')
    await runInDurableObject(stub, (_room, { storage: { sql } }) => {
      sql.exec('ALTER TABLE transaction_frames RENAME TO lost')
    })
    await evictDurableObject(stub)
    ann.send(send('x', 'receipt:r\n'))
    expect((await ann.closed).code).toBe(1013)
  })
})
