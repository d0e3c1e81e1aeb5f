// What is attacked: rooms with a past, made once and copied for each attack, since each has a
// server of its own.

import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ask, newRoom, type Person } from '../../support/people.ts'
import { Load } from '../load/load.ts'
import { startBare } from '../subjects/bare.ts'
import { populated, startProduct, writer } from '../subjects/stompbox.ts'
import type { WorkerServer } from '../subjects/workerd.ts'

export const VICTIMS = 6
/** Each with ten sockets: as many as one person may have. */
const READERS = 100

/**
 * Of the heap of the server: who holds more than that is ended. A deployed object has 128 MB;
 * without a limit V8 takes some hundred before it looks for garbage.
 */
const HEAP_MEGABYTES = 64
const V8_FLAGS = 'MINIFLARE_WORKERD_V8_FLAGS'
const WARM_PAGES = 300

/** Bytes that a message holds beside its content. */
const PAST = { messages: 600, content: 1000 }
export const LONG = { messages: 10_000, content: 100 }

export class World {
  readonly victims: readonly Person[]
  readonly attacker: Person
  readonly readers: readonly Person[]
  /** A room with 600 messages of 1 KB. */
  readonly roomId: string
  /** A room with 10,000 messages. */
  readonly longRoomId: string
  readonly #folder: string
  #copies = 0

  private constructor(folder: string, people: readonly Person[], rooms: readonly [string, string]) {
    this.#folder = folder
    const [attacker, ...others] = people
    if (!attacker) throw new Error('nobody came')
    this.attacker = attacker
    this.victims = others.slice(0, VICTIMS)
    this.readers = others.slice(VICTIMS)
    this.roomId = rooms[0]
    this.longRoomId = rooms[1]
  }

  static async make(): Promise<World> {
    const folder = mkdtempSync(join(tmpdir(), 'bench-hostile-'))
    const server = await startProduct(join(folder, 'made'))
    try {
      const { people } = await populated(server.url, 1 + VICTIMS + READERS)
      const owner = people[1] as Person
      const filled = async ({ messages, content }: typeof PAST) => {
        const roomId = await newRoom(server.url, owner)
        const load = new Load('the past of a room')
        await load.enter([writer(server.url, owner, roomId)], { content })
        await load.measure({ crowd: { senders: 1, window: 50, messages } })
        load.close()
        return roomId
      }
      return new World(folder, people, [await filled(PAST), await filled(LONG)])
    } finally {
      await server.close()
    }
  }

  /** A server of its own with the limits of wrangler.toml, which has been at work for a while. */
  async serve(vars: Readonly<Record<string, string | number>> = {}): Promise<WorkerServer> {
    const copy = join(this.#folder, String(++this.#copies))
    cpSync(join(this.#folder, 'made'), copy, { recursive: true })
    const server = await withSmallHeap(() => startProduct(copy, vars))
    await this.#warm(server)
    return server
  }

  /** A server of nothing but the runtime. */
  serveBare(): Promise<WorkerServer> {
    return withSmallHeap(startBare)
  }

  /**
   * Garbage as it is made by requests, until the heap does not grow by it any more: what is
   * measured is not garbage.
   */
  async #warm({ url }: WorkerServer): Promise<void> {
    const path = `/api/rooms/${this.roomId}/events?limit=200`
    let pages = 0
    const oneByOne = async () => {
      while (pages++ < WARM_PAGES) {
        const token = this.readers[pages % READERS]?.accessToken
        await ask(url, 'GET', path, { token })
      }
    }
    await Promise.all(Array.from({ length: 8 }, oneByOne))
  }

  /** How many events a room has. */
  async head(server: WorkerServer, roomId: string): Promise<number> {
    const path = `/api/rooms/${roomId}/events?limit=1`
    const { body } = await ask(server.url, 'GET', path, { token: this.victims[0]?.accessToken })
    return body.head
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

async function withSmallHeap(start: () => Promise<WorkerServer>): Promise<WorkerServer> {
  process.env[V8_FLAGS] = `--max-heap-size=${HEAP_MEGABYTES}`
  try {
    return await start()
  } finally {
    delete process.env[V8_FLAGS]
  }
}
