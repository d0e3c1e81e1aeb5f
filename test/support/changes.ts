// Editing, deleting and reacting in tests: the frames, and what came of them.

import { expect, onTestFinished, vi } from 'vitest'
import type { FakeRoom, FakeSocket } from './fake-room.ts'

export const EDIT = '/pub/edit/message'
export const DELETE = '/pub/delete/message'
export const REACT = '/pub/react/message'
export const PIN = '/pub/pin/message'
export const UNPIN = '/pub/unpin/message'

/** Sends a change; what its sender heard as [command, code or seq]. */
export function change(
  room: FakeRoom,
  socket: FakeSocket,
  destination: string,
  body: Record<string, unknown>,
  headers: Record<string, string> = {},
): (string | undefined)[][] {
  socket.take()
  room.send(socket, 'SEND', { destination, receipt: 'r', ...headers }, JSON.stringify(body))
  return socket
    .take()
    .map(({ command, headers: its }) => [command, its.code ?? its.seq ?? its.transaction])
}

/** What the change was told with: the seq of its RECEIPT, or the code of its refusal. */
export function outcome(...args: Parameters<typeof change>): string | undefined {
  return change(...args)
    .at(-1)
    ?.at(1)
}

/** The bodies of what a socket heard. */
export const bodies = (socket: FakeSocket) => socket.take().map(({ body }) => JSON.parse(body))

/** A log that cannot write the event of a seq; that this is logged is expected, and not seen. */
export function failingAt(room: FakeRoom, seq: number): void {
  room.log.failsAt = seq
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
  onTestFinished(() => {
    expect(logged).toHaveBeenCalledWith(new Error('the disk is full'))
    logged.mockRestore()
  })
}
