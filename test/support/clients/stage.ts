// A server, and somebody in each scene with a client that nobody changed.

import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished } from 'vitest'
import { guest, newRoom, type Person, ticketUrl } from '../people.ts'
import { scaled } from '../scaled.ts'
import { type Server, SHARED, sharedServer, startServer } from '../server.ts'
import { connect, type StompSocket } from '../stomp-socket.ts'
import type { Client, ClientKind, Entry } from './client.ts'
import { RX_STOMP } from './rx-stomp.ts'
import { STOMP_PY, STOMP_PY_WEBSOCKET } from './stomp-py.ts'
import { STOMPJS_2 } from './stompjs-2.ts'
import { STOMPJS_5, STOMPJS_6, STOMPJS_7, STOMPJS_7_BINARY } from './stompjs-5-to-7.ts'
import { WEBSTOMP, WEBSTOMP_BINARY } from './webstomp.ts'

/** One of each family. */
const USUAL: readonly ClientKind[] = [STOMPJS_7, WEBSTOMP, STOMP_PY_WEBSOCKET]

export const KINDS: readonly ClientKind[] = scaled(USUAL, [
  STOMPJS_7,
  STOMPJS_7_BINARY,
  STOMPJS_6,
  STOMPJS_5,
  RX_STOMP,
  WEBSTOMP,
  WEBSTOMP_BINARY,
  STOMPJS_2,
  STOMP_PY,
  STOMP_PY_WEBSOCKET,
])

/** Plays the same scenes with every client; one that is not installed is skipped, by name. */
export function withEveryClient(scenes: (kind: ClientKind) => void): void {
  for (const kind of KINDS) {
    const { name, missing } = kind
    if (missing !== undefined) console.warn(`${name} is not tested: ${missing}`)
    const title = missing === undefined ? name : `${name} (not tested: ${missing})`
    describe.skipIf(missing !== undefined)(title, () => scenes(kind))
  }
}

export interface Scene {
  readonly room: string
  readonly log: string
  readonly signals: string
  channel(name: string): string
  queue(name: string): string
  /** Whom the client speaks for. */
  readonly person: Person
  /** Somebody else, with a client of a few lines that shows every frame. */
  readonly witness: StompSocket
  /** One more WebSocket of the witness. */
  another(): Promise<StompSocket>
  ticketUrl(): Promise<string>
  /** Connects a client. */
  join(kind: ClientKind, how?: Partial<Entry>): Promise<Client>
  /** Connects a client; it leaves when the test is over. */
  enter(kind: ClientKind, how?: Partial<Entry>): Promise<Client>
}

export interface Stage {
  readonly server: Server
  scene(): Promise<Scene>
}

/** Takes the shared server for the tests of a file, or with `vars` one of its own. */
export function setStage(vars?: Record<string, string | number>): Stage {
  let server: Server
  beforeAll(async () => {
    server = await (vars ? startServer({ ...SHARED, ...vars }) : sharedServer())
  })
  afterAll(() => server.close())
  // Whatever a client does, it finds no bug: those are logged.
  afterEach(() => {
    const lines = server.harness.getLogs().map(({ message }) => message)
    expect(lines.filter((line) => !line.startsWith('{"event":"'))).toEqual([])
    server.harness.clearLogs()
  })
  return {
    get server() {
      return server
    },
    scene: () => setScene(server.url),
  }
}

/** A fresh room with a witness in it. */
async function setScene(url: string): Promise<Scene> {
  const [ada, person] = [await guest(url, 'Ada'), await guest(url, '보라')]
  const room = await newRoom(url, ada)
  const another = () => connect(url, ada, room)
  const newTicket = () => ticketUrl(url, person, room)
  const join: Scene['join'] = async (kind, how = {}) => {
    const client = await kind.connect({ person, ticketUrl: newTicket, ...how })
    await client.connected()
    return client
  }
  return {
    room,
    log: `/topic/chat/room/${room}`,
    signals: `/topic/rooms/${room}`,
    channel: (name) => `/topic/rooms/${room}/${name}`,
    queue: (name) => `/queue/rooms/${room}/${name}`,
    person,
    witness: await another(),
    another,
    ticketUrl: newTicket,
    join,
    async enter(kind, how) {
      const client = await join(kind, how)
      onTestFinished(() => client.disconnect())
      return client
    },
  }
}

export const MESSAGE = '/pub/send/message'
