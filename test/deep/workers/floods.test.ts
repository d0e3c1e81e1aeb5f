// One guest floods a room with what is small, many times, and what is large, once: it is told to
// go.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { expectServed, type Room, refused, TIMEOUT } from '../../support/flooded-room.ts'
import {
  accessToken,
  type Client,
  connected,
  madeRoom,
  open,
  patientRoom,
} from '../../support/room-in-workerd.ts'

async function opened(room: Room, id: string): Promise<Client> {
  const client = await open(room, id)
  if (typeof client === 'string') throw new Error(client)
  return client
}

const byte = (text: string) => new TextEncoder().encode(text)

describe('a flood of messages of one byte', { timeout: 2 * TIMEOUT }, () => {
  /** More than one connection may send at once. */
  const FLOOD = 6000

  // What a connection may send comes back with time, of which a slow machine needs much.
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
  afterEach(() => void vi.useRealTimers())

  it.each([
    ['text', 'before CONNECT', 'x' as string | Uint8Array],
    ['binary', 'before CONNECT', byte('x')],
    ['text', 'after it', 'x'],
    ['binary', 'after it', byte('x')],
  ])('[R4] ends its connection: %s, %s', async (_, phase, message) => {
    const { stub } = await patientRoom()
    const client = await (phase === 'after it' ? connected : opened)(stub, 'ann')
    client.send(typeof message === 'string' ? 'SEND\na:' : byte('SEND\na:'))
    for (let n = 0; n < FLOOD; n++) client.send(message)
    expect(await refused(client)).toBe('too-many-frames')
    await client.closed
    await expectServed(stub)
  })

  it.each(['1.0', '1.1', '1.2'])('[R4] of line ends ends it in STOMP %s', async (version) => {
    const { stub } = await patientRoom()
    const client = await opened(stub, 'ann')
    client.send(`CONNECT\naccept-version:${version}\npasscode:${await accessToken('ann')}\n\n\0`)
    await client.next()
    for (let n = 0; n < FLOOD; n++) client.send(byte('\n'))
    expect(await refused(client)).toBe('too-many-frames')
    await expectServed(stub)
  })

  it('[R4] while a token is verified is not kept: its connection ends', async () => {
    const { stub } = await patientRoom()
    const client = await opened(stub, 'ann')
    client.send(`CONNECT\naccept-version:1.2\npasscode:${await accessToken('ann')}\n\n\0`)
    for (let n = 0; n < FLOOD; n++) client.send('\n\n')
    expect(await refused(client)).toBe('too-many-frames')
    await expectServed(stub)
  })

  it('[R4] of many bytes while a token is verified is not kept', async () => {
    const { stub } = await patientRoom()
    const client = await opened(stub, 'ann')
    client.send(`CONNECT\naccept-version:1.2\npasscode:${await accessToken('ann')}\n\n\0`)
    for (let n = 0; n < 30; n++) client.send('\n'.repeat(100_000))
    expect(await refused(client)).toBe('too-many-frames')
    await expectServed(stub)
  })
})

describe('a message of 31 MiB', () => {
  const SIZE = 31 * 2 ** 20

  it.each([
    ['text', 'before CONNECT', (size: number): string | Uint8Array => 'x'.repeat(size)],
    ['binary', 'before CONNECT', (size: number) => new Uint8Array(size)],
    ['text', 'after it', (size: number) => '안'.repeat(size / 4)],
    ['binary', 'after it', (size: number) => new Uint8Array(size)],
  ])('[R4] [STOMP P5] is refused with 1009: %s, %s', async (_, phase, message) => {
    const { stub } = await madeRoom()
    const client = await (phase === 'after it' ? connected : opened)(stub, 'ann')
    client.send(message(SIZE))
    expect(await refused(client)).toBe('frame-too-large')
    expect((await client.closed).code).toBe(1009)
    await expectServed(stub)
  })
})
