// Many hear what a few say as fast as they can.

import { CONTENT } from '../load/load.ts'
import type { Subject } from '../subjects/subject.ts'
import { type Effort, fitAll, inTurn, round, type Table, withLoads } from './scenario.ts'

const SUBSCRIBERS = 100
const SENDERS = 10

export const fanOutId = (window: number): string => `fan-out-${window}`

/** @param windows how many messages of each sender are on the way: a table for each. */
export function fanOut(
  subjects: readonly Subject[],
  windows: readonly number[],
  { rounds, ms }: Effort,
): Promise<Table[]> {
  const members = (subject: Subject) => subject.crowd(SUBSCRIBERS)
  return withLoads(subjects, members, async (contestants) => {
    await fitAll(contestants)
    const tables: Table[] = []
    for (const window of windows) {
      const crowd = { senders: SENDERS, window, ms }
      const rows = await inTurn(contestants, rounds, ({ subject, load }) =>
        round(subject, async () => {
          const result = await load.measure({ crowd })
          return {
            ...result,
            figure: (1000 * result.deliveries) / result.ms,
            times: result.delivery,
          }
        }),
      )
      tables.push({
        id: fanOutId(window),
        title: `Fan-out, window ${window}`,
        method:
          `${SUBSCRIBERS} subscribers of one room, ${SENDERS} of whom talk, ${CONTENT} bytes at a time; ${window} ` +
          'messages of each are on the way, an own one that comes back makes room for the next. Times: from a ' +
          'send to its arrival, over all subscribers.',
        unit: 'deliveries/s',
        better: 'more',
        rows,
      })
    }
    return tables
  })
}
