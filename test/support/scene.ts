// A room with a vandal and a bystander: whatever the first does, the second is to notice nothing.

import { expect } from 'vitest'
import { REFUSALS, type RefusalCode } from '../../src/refusals.ts'
import { guest, newRoom, type Person, ticketUrl } from './people.ts'
import { type Server, SHARED, sharedServer, startServer } from './server.ts'
import { connect, open, type StompSocket } from './stomp-socket.ts'

export interface Scene {
  readonly server: Server
  readonly room: string
  readonly vandal: Person
  readonly bystander: Person
  /** A WebSocket of the vandal, before CONNECT. */
  opened(): Promise<StompSocket>
  /** A WebSocket of the vandal, after CONNECT. */
  connected(): Promise<StompSocket>
  /**
   * R1, R3: the bystander heard nothing, the log is what it was, both work, and no bug was logged.
   */
  expectUndisturbed(): Promise<void>
}

/**
 * Makes such a room on the shared server, or with `vars` on a server of its own. The bystander, who
 * listens to everything, made it. The vandal opens many sockets, and some go only when they have
 * been seen to be gone.
 */
export async function setScene(vars?: Record<string, string | number>): Promise<Scene> {
  const server = await (vars ? startServer({ ...SHARED, ...vars }) : sharedServer())
  const { url } = server
  const [vandal, bystander] = [await guest(url, 'Vandal'), await guest(url, 'Bystander')]
  const room = await newRoom(url, bystander)
  // One connection of the vandal stays, so that its others are no news to the signals.
  await connect(url, vandal, room)
  const witness = await connect(url, bystander, room)
  await watchEverything(witness, room)

  let head = 0
  let heard = witness.frames.items.length
  return {
    server,
    room,
    vandal,
    bystander,
    opened: async () => open(await ticketUrl(url, vandal, room)),
    connected: () => connect(url, vandal, room),
    async expectUndisturbed() {
      const seq = String(++head)
      await witness.ask('SEND', { destination: '/pub/send/message' }, 'all is well')
      const news = witness.frames.items.slice(heard)
      heard += news.length
      // What the room said before is heard before: nothing but this message and its receipt.
      expect(news.map((frame) => `${frame.command} ${frame.headers.seq}`)).toEqual([
        `MESSAGE ${seq}`,
        `RECEIPT ${seq}`,
      ])
      const lines = server.harness.getLogs().map(({ message }) => message)
      expect(lines.filter((line) => !line.startsWith('{"event":"'))).toEqual([])
    },
  }
}

async function watchEverything(witness: StompSocket, room: string): Promise<void> {
  const destinations = [
    `/topic/chat/room/${room}`,
    '/user/queue/errors',
    `/topic/rooms/${room}`,
  ] as const
  for (const destination of destinations) {
    await witness.ask('SUBSCRIBE', { id: destination, destination })
  }
  await witness.frames.find(({ command }) => command === 'MESSAGE')
}

/**
 * The connection is told why in an ERROR, the last frame it hears, and closed as the table says.
 */
export async function expectRefused(
  socket: StompSocket,
  ...codes: readonly RefusalCode[]
): Promise<void> {
  const error = await socket.error()
  const code = error.headers.code as RefusalCode
  expect(codes).toContain(code)
  expect(await socket.closed).toEqual({ code: REFUSALS[code].close, reason: code })
  expect(error.headers).toMatchObject({
    message: REFUSALS[code].sentence,
    'content-type': 'text/plain',
  })
  expect(error.body).toContain(REFUSALS[code].sentence)
  expect(socket.frames.items.at(-1)).toBe(error)
}
