// Whether it takes longer to come into a room as more people are in it.

import { Load } from '../load/load.ts'
import type { Member } from '../load/member.ts'
import { spread } from '../load/spread.ts'
import { chatter, populated, startProduct } from '../subjects/stompbox.ts'
import type { WorkerServer } from '../subjects/workerd.ts'
import { inTurn, round, type Table } from './scenario.ts'

/** The one that is judged comes first. */
const SOCKETS = [9000, 100]
/** Sockets of each person, at most. */
const EACH = 36
/** Those who come and are measured, in each round. */
const COMING = 30
const ROUNDS = 5

const nameOf = (sockets: number) => `${sockets.toLocaleString('en')} sockets`
export const [CROWDED = '', EMPTY = ''] = SOCKETS.map(nameOf)
export const JOINS = 'joins'

/** A room with so many sockets, in a server of its own, and the people who come into it. */
interface Full {
  readonly name: string
  readonly server: WorkerServer
  readonly load: Load
  readonly coming: Member[]
}

export async function joins(): Promise<Table[]> {
  const rooms: Full[] = []
  try {
    for (const sockets of SOCKETS) rooms.push(await fill(sockets))
    const rows = await inTurn(rooms, ROUNDS, ({ server, load, coming }) =>
      round(server, async () => {
        const entered = await load.enter(coming.splice(0, COMING), { atOnce: 1 })
        const times = spread(entered.steps.map((steps) => steps.at(-1) ?? Number.NaN))
        return { ...entered, figure: times.p50, times }
      }),
    )
    const table = {
      id: JOINS,
      title: 'One more comes in',
      method:
        `${COMING} people come one after the other into a room that has so many sockets, ${EACH} at most of one ` +
        'person: upgrade by an access token, CONNECT, SUBSCRIBE to the log and to the signals, each with its answer. ' +
        'All the sockets listen to the log.',
      unit: 'ms',
      better: 'less',
      rows,
    } as const
    return [table]
  } finally {
    for (const { load, server } of rooms) {
      load.close()
      await server.close()
    }
  }
}

async function fill(sockets: number): Promise<Full> {
  const server = await startProduct()
  const { url } = server
  const { people, roomId } = await populated(url, Math.ceil(sockets / EACH))
  const members = Array.from({ length: EACH }, () => people)
    .flat()
    .slice(0, sockets)
    .map((person) => chatter(url, person, roomId, ''))
  const load = await Load.of(nameOf(sockets), members)
  const { people: others } = await populated(url, COMING)
  const coming = Array.from({ length: ROUNDS + 1 }, () => others)
    .flat()
    .map((person) => listening(chatter(url, person, roomId, ''), roomId))
  return { name: nameOf(sockets), server, load, coming }
}

/** The same member, who also hears the signals. */
function listening(member: Member, roomId: string): Member {
  const subscribe = `SUBSCRIBE\nid:who\ndestination:/topic/rooms/${roomId}\n\n\0`
  return { ...member, greeting: [...member.greeting, { say: subscribe, until: '"presence"' }] }
}
