// M2: whether the time that an answer takes tells a stranger that a private room is there.

import { GENEROUS } from '../../support/generous.ts'
import { ask, guest, type Person } from '../../support/people.ts'
import { spread } from '../load/spread.ts'
import { startProduct } from '../subjects/stompbox.ts'
import type { WorkerServer } from '../subjects/workerd.ts'
import type { Effort, Round, Table } from './scenario.ts'

/** Requests for each id in a round, and those where the object is evicted before each. */
const REQUESTS = 400
const WAKE_UPS = 100

/** Milliseconds: far less than in a deployment, because nothing here is far away. */
const UNKNOWN_ROOM_MS = 25

/** The one that is judged comes first. */
export const [PRIVATE, UNKNOWN] = ['a private room', 'an unknown id'] as const
/** The tables. */
export const STRANGERS = {
  awake: 'strangers',
  woken: 'strangers-woken',
  inUse: 'strangers-in-use',
}

interface Asked {
  readonly server: WorkerServer
  readonly owner: Person
  readonly stranger: Person
  /** Of a private room, and of none. */
  readonly ids: readonly [string, string]
}

export async function strangers({ rounds }: Effort): Promise<Table[]> {
  const server = await startProduct(undefined, { ...GENEROUS, UNKNOWN_ROOM_MS })
  try {
    const asked = await prepare(server)
    const table = (id: string, title: string, method: string, rows: Table['rows']): Table => ({
      ...{ id, title: `A stranger asks: ${title}`, method, unit: 'ms', better: 'less', rows },
    })
    return [
      table(
        STRANGERS.awake,
        'the object is in memory',
        `GET /api/rooms/:id, ${REQUESTS} times each, the one and the other in turn; both are 404. ` +
          `UNKNOWN_ROOM_MS is ${UNKNOWN_ROOM_MS}.`,
        await inPairs(asked, rounds, REQUESTS),
      ),
      table(
        STRANGERS.woken,
        'the object is not in memory',
        `The same, ${WAKE_UPS} times each, where the object was evicted before each request.`,
        await inPairs(asked, rounds, WAKE_UPS, (id) => server.evict('RoomObject', id)),
      ),
      table(
        STRANGERS.inUse,
        'a room in use, and an id that nobody has asked for',
        'The same, where the owner asks for the room before each request for it, and the other object was evicted.',
        await inPairs(asked, rounds, WAKE_UPS, (id) => awakenOrEvict(asked, id)),
      ),
    ]
  } finally {
    await server.close()
  }
}

async function prepare(server: WorkerServer): Promise<Asked> {
  const { url } = server
  const [owner, stranger] = [await guest(url, 'Owner'), await guest(url, 'Stranger')]
  const body = { name: 'secret', kind: 'private' }
  const { body: room } = await ask(url, 'POST', '/api/rooms', { token: owner.accessToken, body })
  const other = room.id.slice(0, -1) + (room.id.endsWith('a') ? 'b' : 'a')
  return { server, owner, stranger, ids: [room.id, other] }
}

async function awakenOrEvict({ server, owner, ids: [room] }: Asked, id: string): Promise<void> {
  if (id !== room) return server.evict('RoomObject', id)
  await ask(server.url, 'GET', `/api/rooms/${id}`, { token: owner.accessToken })
}

/**
 * A round that does not count, then the rounds. In each, one request for each id, so many times.
 * Which comes first changes, so that what the one leaves behind meets the other as often.
 */
async function inPairs(
  { server, stranger, ids }: Asked,
  rounds: number,
  pairs: number,
  before: (id: string) => Promise<unknown> = async () => {},
): Promise<Table['rows']> {
  const rows = [PRIVATE, UNKNOWN].map((name) => ({ name, rounds: [] as Round[] }))
  for (let round = -1; round < rounds; round++) {
    const begun = performance.now()
    const times: readonly [number[], number[]] = [[], []]
    for (let pair = 0; pair < pairs; pair++) {
      for (const which of pair % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
        await before(ids[which])
        times[which].push(await timeOf(server.url, stranger, ids[which]))
      }
    }
    const ms = performance.now() - begun
    if (round >= 0) for (const [at, each] of times.entries()) rows[at]?.rounds.push(told(each, ms))
  }
  return rows
}

/** Milliseconds until the answer is there. */
async function timeOf(url: string, { accessToken: token }: Person, id: string): Promise<number> {
  const begun = performance.now()
  const { status } = await ask(url, 'GET', `/api/rooms/${id}`, { token })
  const time = performance.now() - begun
  if (status !== 404) throw new Error(`a stranger was answered by ${status}`)
  return time
}

/** The processor is of both rows, so nothing is told of it. */
function told(all: readonly number[], ms: number): Round {
  const times = spread(all)
  return { figure: times.p50, times, ms, server: Number.NaN, load: Number.NaN, peak: Number.NaN }
}
