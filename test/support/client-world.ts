// A reference client before a fake room, on a clock moved by hand: everything that it is told is
// kept.

import { Client } from '@stomp/stompjs'
import { onTestFinished } from 'vitest'
import type { ChatEvent } from '../../src/client/log/events.ts'
import type { RoomClient, RoomClientOptions, State } from '../../src/client/options.ts'
import type { Entry } from '../../src/client/outbox/entry.ts'
import type { Platform } from '../../src/client/platform.ts'
import { createRoomClient } from '../../src/client/room-client.ts'
import { FakeRoomServer } from './fake-room-server.ts'
import { ManualClock, settled } from './manual-clock.ts'

export class ClientWorld {
  readonly clock = new ManualClock()
  readonly room = new FakeRoomServer()
  readonly events: ChatEvent[] = []
  readonly signals: unknown[] = []
  /** The names of who types, each time that it was told. */
  readonly typists: string[] = []
  readonly states: State[] = []
  readonly entries: Entry[] = []
  readonly problems: unknown[] = []
  /** Tokens that were refused, with the code. */
  readonly refused: string[] = []
  /** What the session gives. */
  token = 'token-1'
  /** What is asked for a ticket; throws to refuse it. */
  ticket: () => void = () => undefined
  online = true
  /** What the dice show. */
  chance = 0.5
  #keys = 0
  #network: { up: () => void; down: () => void } | undefined

  readonly platform: Platform = {
    now: this.clock.now,
    random: () => this.chance,
    newKey: () => `key-${++this.#keys}`,
    setTimeout: this.clock.setTimeout,
    clearTimeout: this.clock.clearTimeout,
    isOnline: () => this.online,
    onNetwork: (up, down) => {
      this.#network = { up, down }
      return () => {
        this.#network = undefined
      }
    },
  }

  /** A client that has not been started. */
  make(options: Partial<RoomClientOptions> = {}): RoomClient {
    const client = createRoomClient({
      roomId: 'room',
      Client,
      WebSocket: this.room.WebSocket,
      session: {
        accessToken: async () => this.token,
        refused: (code, token) => {
          this.refused.push(`${code} ${token}`)
        },
      },
      api: {
        ticket: async () => {
          this.ticket()
          return { url: 'ws://room' }
        },
      },
      after: 0,
      onEvent: (event) => void this.events.push(event),
      onSignal: (signal) => void this.signals.push(signal),
      onTyping: (people) => void this.typists.push(people.map(({ name }) => name).join(' ')),
      onState: (state) => void this.states.push(state),
      onOutgoing: (entry) => void this.entries.push(entry),
      onProblem: (problem) => void this.problems.push(problem),
      platform: this.platform,
      ...options,
    })
    onTestFinished(async () => {
      const stopped = client.stop()
      await this.clock.pass(60_000)
      await stopped
    })
    return client
  }

  /** A client that is connected. */
  async start(options: Partial<RoomClientOptions> = {}): Promise<RoomClient> {
    const client = this.make(options)
    client.start()
    await settled()
    return client
  }

  /** Lets time pass. */
  pass(milliseconds: number): Promise<void> {
    return this.clock.pass(milliseconds)
  }

  /** The connection is lost, and the next one is there. */
  async reconnect(code = 1006): Promise<void> {
    this.room.socket.end(code)
    await settled()
    await this.pass(30_000)
  }

  /** Sockets do not open from now on. */
  hang(): void {
    this.room.opens = false
  }

  goOffline(): void {
    this.online = false
    this.#network?.down()
  }

  goOnline(): void {
    this.online = true
    this.#network?.up()
  }

  get listensToNetwork(): boolean {
    return this.#network !== undefined
  }

  get phases(): string[] {
    return this.states.map(({ phase }) => phase)
  }

  /** What was shown, in order. */
  get contents(): (string | undefined)[] {
    return this.events.map(({ content }) => content)
  }

  /** What an entry went through. */
  lifeOf(key: string): string[] {
    const mine = this.entries.filter((entry) => entry.key === key)
    return mine.map(({ state, code }) => (code ? `${state} ${code}` : state))
  }
}
