// The objects behind the gateway, in memory: for tests that ask the Hono app without a platform.

import type { JWK } from 'jose'
import { generateSigningJwk, publicHalf } from '../../src/auth/keys.ts'
import type { Admission, Backend, EventsQuery, RoomSettings } from '../../src/gateway/backend.ts'

export class FakeBackend implements Backend {
  readonly rooms = new Map<string, RoomSettings>()
  /** Every call that would have woken a room, by its id. */
  readonly woken: string[] = []
  readonly queries: EventsQuery[] = []
  tooMany = false
  static #jwk: Promise<JWK> | undefined

  async keys() {
    // One for all tests: making keys takes most of their time.
    FakeBackend.#jwk ??= generateSigningJwk()
    const signing = await FakeBackend.#jwk
    return { signing, verifying: { keys: [publicHalf(signing)] } }
  }

  directory() {
    return {
      add: async () => {},
      remove: async () => {},
      list: async () => ({ rooms: [...this.rooms.values()], next: null }),
    }
  }

  room(id: string) {
    this.woken.push(id)
    const room = this.rooms.get(id)
    return {
      create: async (settings: RoomSettings) => void this.rooms.set(id, settings),
      show: async () => (room ? { value: room } : ({ refused: 'room-unknown' } as const)),
      delete: async () => void this.rooms.delete(id),
      events: async (query: EventsQuery) => {
        this.queries.push(query)
        return room ? { value: { events: [] } } : ({ refused: 'room-unknown' } as const)
      },
      enter: async (_admission: Admission) => ({ refused: 'unavailable' }) as const,
    }
  }

  async mayAuthenticate() {
    return !this.tooMany
  }
}
