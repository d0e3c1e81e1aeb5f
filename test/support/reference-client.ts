// Somebody in a room of a running Stompbox with the reference client, in Node: what it was told,
// and its sockets.

import { Client } from '@stomp/stompjs'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { createHttpApi } from '../../src/client/http-api.ts'
import type { ChatEvent } from '../../src/client/log/events.ts'
import type { RoomClient, RoomClientOptions, State } from '../../src/client/options.ts'
import type { Entry } from '../../src/client/outbox/entry.ts'
import { createRoomClient } from '../../src/client/room-client.ts'
import { Inbox } from './inbox.ts'
import type { Person } from './people.ts'

/** Waits of a test: it is in a hurry. */
export const SOON = { firstWait: 50, longWait: 50, lastWait: 500 }

export class Visitor {
  readonly events = new Inbox<ChatEvent>()
  readonly states = new Inbox<State>()
  readonly entries = new Inbox<Entry>()
  readonly problems: unknown[] = []
  readonly sockets: WebSocket[] = []
  readonly client: RoomClient

  constructor(url: () => string, person: Person, options: Partial<RoomClientOptions>) {
    const { sockets } = this
    class Kept extends WebSocket {
      constructor(...given: ConstructorParameters<typeof WebSocket>) {
        super(...given)
        sockets.push(this)
      }
    }
    this.client = createRoomClient({
      roomId: '',
      Client,
      WebSocket: Kept,
      session: { accessToken: async () => person.accessToken },
      api: { ticket: (token, roomId) => createHttpApi(url()).ticket(token, roomId) },
      after: 0,
      userId: person.id,
      onEvent: (event) => this.events.add(event),
      onState: (state) => this.states.add(state),
      onOutgoing: (entry) => this.entries.add(entry),
      onProblem: (problem) => void this.problems.push(problem),
      timing: SOON,
      ...options,
    })
    onTestFinished(() => this.client.stop())
    this.client.start()
  }

  /** Waits until it is connected for the so-manieth time. */
  async connected(times = 1): Promise<void> {
    await this.states.count(times, ({ phase }) => phase === 'connected')
  }

  /** Waits for the end, and gives its code. */
  async ended(): Promise<string> {
    const state = await this.states.find(({ phase }) => phase === 'ended')
    return state.phase === 'ended' ? state.code : ''
  }

  /** Waits until an entry is in the log. */
  sent(key: string): Promise<Entry> {
    return this.entries.find((entry) => entry.key === key && entry.state === 'sent')
  }

  /** The contents of the first so many events. */
  async contents(least: number): Promise<(string | undefined)[]> {
    return (await this.events.count(least)).map(({ content }) => content)
  }

  /** Cuts the TCP connection. */
  cut(): void {
    this.sockets.at(-1)?.terminate()
  }
}

/** Goes into a room. `url` may be another one at each connect. */
export function visit(
  url: string | (() => string),
  person: Person,
  roomId: string,
  options: Partial<RoomClientOptions> = {},
): Visitor {
  return new Visitor(typeof url === 'string' ? () => url : url, person, { roomId, ...options })
}
