// Readers who come back and are given the log, beside what a naive object says live.

import { Load } from '../load/load.ts'
import type { Member } from '../load/member.ts'
import { spread } from '../load/spread.ts'
import { NAIVE } from '../subjects/bare.ts'
import { STOMPBOX } from '../subjects/stompbox.ts'
import type { Subject } from '../subjects/subject.ts'
import { type Effort, inTurn, round, type Table } from './scenario.ts'

const EVENTS = 10_000
const READERS = [1, 10]
const LIVE = { senders: 10, window: 8 }
const SUBSCRIBERS = 100

export const REPLAY = 'replay'

export async function replay(subjects: readonly Subject[], { rounds, ms }: Effort): Promise<Table> {
  const stompbox = subjects.find(({ name }) => name === STOMPBOX)
  const naive = subjects.find(({ name }) => name === NAIVE)
  if (!stompbox || !naive) throw new Error('a replay needs Stompbox and the naive object')
  const people = await stompbox.crowd(1 + Math.max(...READERS))
  const log = await Load.of(STOMPBOX, people)
  const live = await Load.of(NAIVE, await naive.crowd(SUBSCRIBERS))
  try {
    await stompbox.rest()
    const fill = await log.measure({ crowd: { senders: 1, window: 50, messages: EVENTS } })
    await live.measure({ fit: fill.bytes })
    const say = subscribeAfter(people)
    const readings = READERS.map((readers) => ({
      name: readers === 1 ? `${STOMPBOX}, 1 reader` : `${STOMPBOX}, ${readers} readers`,
      subject: stompbox,
      load: log,
      order: { replay: { readers, say, messages: EVENTS, undo: 'UNSUBSCRIBE\nid:replay\n\n\0' } },
    }))
    const talking = {
      name: `${NAIVE}, live`,
      subject: naive,
      load: live,
      order: { crowd: { ...LIVE, ms } },
    }
    const rows = await inTurn([...readings, talking], rounds, ({ subject, load, order }) =>
      round(subject, async () => {
        const result = await load.measure(order)
        const times = 'replay' in order ? spread([result.ms]) : result.delivery
        return { ...result, figure: (1000 * result.deliveries) / result.ms, times }
      }),
    )
    return {
      id: REPLAY,
      title: `Replay of ${EVENTS.toLocaleString('en')} events`,
      method:
        `SUBSCRIBE with \`after\`, until the last of ${EVENTS.toLocaleString('en')} events is there. Beside it, what ` +
        `the naive object delivers live to ${SUBSCRIBERS} subscribers, ${LIVE.senders} of whom talk, window ` +
        `${LIVE.window}. Times: of a whole replay; of a live message.`,
      unit: 'deliveries/s',
      better: 'more',
      rows,
    }
  } finally {
    log.close()
    live.close()
  }
}

/** What a member says to be given the log again. */
function subscribeAfter([member]: readonly Member[]): string {
  const subscribe = member?.greeting.find(({ say }) => say?.startsWith('SUBSCRIBE'))?.say ?? ''
  return subscribe.replace('id:log', 'id:replay').replace('receipt:log', 'after:{after}')
}
