// What a test in workerd asks about a room that was flooded.

import { expect, vi } from 'vitest'
import { type Client, connected, type madeRoom } from './room-in-workerd.ts'

export type Room = Awaited<ReturnType<typeof madeRoom>>['stub']

/** The code of the ERROR that is to come. */
export async function refused(client: Client): Promise<string | undefined> {
  for (;;) {
    const { command, headers } = await client.next()
    if (command === 'ERROR') return headers.code
  }
}

/** Milliseconds for what a flood left in the pipe to be delivered, on a slow machine. */
export const TIMEOUT = 60_000

/** Somebody else is still served, as soon as the runtime has delivered what was in the pipe. */
export async function expectServed(room: Room, id = 'bob'): Promise<void> {
  const client = await vi.waitFor(() => connected(room, id), { timeout: TIMEOUT })
  client.send('SEND\ndestination:/pub/send/message\nreceipt:r\n\nx\0')
  expect(await client.next()).toMatchObject({ command: 'RECEIPT' })
  client.close()
}
