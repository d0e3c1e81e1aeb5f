// Whether a room becomes slower as its log becomes longer.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ask, type Person } from '../../support/people.ts'
import { Load } from '../load/load.ts'
import { type Spread, spread } from '../load/spread.ts'
import { pairOf, populated, startProduct, writer } from '../subjects/stompbox.ts'
import type { WorkerServer } from '../subjects/workerd.ts'
import { lengthenLog } from './long-log.ts'
import { type Effort, inTurn, type Round, round, type Table } from './scenario.ts'

/** The one that is judged comes first. */
const EVENTS = [1_000_000, 1000]
/** So many are said; those beyond are copies of their rows. */
const SAID = 20_000
const FILL_WINDOW = 100
const PAGES = 100
const PAGE = 50
const WAKE_UPS = 10

export const GROWTH = { send: 'send', page: 'page', wakeUp: 'wake-up', keyedWakeUp: 'wake-up, key' }

/** A room whose log is as long as it shall be, in a server of its own. */
interface Grown {
  readonly name: string
  readonly events: number
  readonly server: WorkerServer
  readonly roomId: string
  readonly person: Person
  /** One who talks and one who reads. */
  readonly pair: Load
  /** One who talks with an idempotency-key in each SEND. */
  readonly keyed: Load
}

export async function growth({ rounds, ms }: Effort): Promise<Table[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-growth-'))
  const rooms: Grown[] = []
  try {
    for (const events of EVENTS) {
      rooms.push(await grow(join(folder, String(events)), events))
    }
    const inRooms = (
      measure: (room: Grown) => Promise<{ ms: number; processor: number; times: Spread }>,
    ) =>
      inTurn(
        rooms,
        rounds,
        (room): Promise<Round> =>
          round(room.server, async () => {
            const result = await measure(room)
            return { ...result, figure: result.times.p50 }
          }),
      )
    const table = (id: string, title: string, method: string, rows: Table['rows']): Table => ({
      id: `growth-${id}`,
      title: `Growth: ${title}`,
      method,
      unit: 'ms',
      better: 'less',
      rows,
    })
    const crowd = { senders: 1, window: 1, ms }
    return [
      table(
        GROWTH.send,
        'a SEND until its RECEIPT',
        `Two rooms, whose first ${SAID.toLocaleString('en')} events came through their own SENDs, each with an ` +
          'idempotency-key; those beyond are copies of these rows, written into the file while the server was down. ' +
          'Then the servers were started again. One sender, one reader.',
        await inRooms(async ({ pair }) => {
          const result = await pair.measure({ crowd })
          return { ...result, times: result.roundTrip }
        }),
      ),
      table(
        GROWTH.page,
        `a page of ${PAGE} events`,
        'Asked over HTTP one after the other, before an event anywhere in the log.',
        await inRooms(pages),
      ),
      table(
        GROWTH.wakeUp,
        'the first SEND after an eviction',
        'The room is evicted and its sockets stay. Until the RECEIPT.',
        await inRooms((room) => wakeUps(room, room.pair)),
      ),
      table(
        GROWTH.keyedWakeUp,
        'the first SEND with a key after an eviction',
        'The same, where the SEND has an idempotency-key: whether it is known must be found out.',
        await inRooms((room) => wakeUps(room, room.keyed)),
      ),
    ]
  } finally {
    for (const { pair, keyed, server } of rooms) {
      pair.close()
      keyed.close()
      await server.close()
    }
    rmSync(folder, { recursive: true, force: true })
  }
}

async function grow(storage: string, events: number): Promise<Grown> {
  const name = `${events.toLocaleString('en')} events`
  const first = await startProduct(storage)
  const { people, roomId } = await populated(first.url, 2)
  const [person] = people
  if (!person) throw new Error('nobody came')
  const filling = await Load.of(name, [writer(first.url, person, roomId, true)])
  const messages = Math.min(events, SAID)
  await filling.measure({ crowd: { senders: 1, window: FILL_WINDOW, messages } })
  filling.close()
  await first.close()
  if (events > SAID) lengthenLog(storage, events)

  const server = await startProduct(storage)
  const pair = await Load.of(name, pairOf(server.url, people, roomId))
  const keyed = await Load.of(name, [writer(server.url, person, roomId, true)])
  return { name, events, server, roomId, person, pair, keyed }
}

async function pages({ server, roomId, person, events }: Grown) {
  const begun = performance.now()
  const times: number[] = []
  for (let page = 1; page <= PAGES; page++) {
    const before = Math.floor((events * page) / PAGES) + 1
    const path = `/api/rooms/${roomId}/events?before=${before}&limit=${PAGE}`
    const asked = performance.now()
    const { status } = await ask(server.url, 'GET', path, { token: person.accessToken })
    if (status !== 200) throw new Error(`a page was answered by ${status}`)
    times.push(performance.now() - asked)
  }
  return { ms: performance.now() - begun, processor: 0, times: spread(times) }
}

async function wakeUps({ server, roomId }: Grown, load: Load) {
  const begun = performance.now()
  const results = []
  for (let index = 0; index < WAKE_UPS; index++) {
    await server.evict('RoomObject', roomId)
    results.push(await load.measure({ once: 'as it is' }))
  }
  return {
    ms: performance.now() - begun,
    processor: results.reduce((sum, { processor }) => sum + processor, 0),
    times: spread(results.map(({ roundTrip }) => roundTrip.p50)),
  }
}
