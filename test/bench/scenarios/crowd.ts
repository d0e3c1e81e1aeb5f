// A large room in which people talk as people do.

import type { Subject } from '../subjects/subject.ts'
import { type Effort, fitAll, inTurn, round, type Table, withLoads } from './scenario.ts'

const SUBSCRIBERS = 1000
const PER_SECOND = 10

export const CROWD = 'crowd'

export function crowd(subjects: readonly Subject[], { rounds, ms }: Effort): Promise<Table> {
  const members = (subject: Subject) => subject.crowd(SUBSCRIBERS)
  return withLoads(subjects, members, async (contestants) => {
    await fitAll(contestants)
    const pace = { senders: PER_SECOND, perSecond: PER_SECOND, ms }
    const rows = await inTurn(contestants, rounds, ({ subject, load }) =>
      round(subject, async () => {
        const result = await load.measure({ pace })
        return { ...result, figure: result.delivery.p99, times: result.delivery }
      }),
    )
    return {
      id: CROWD,
      title: 'A crowd',
      method:
        `${SUBSCRIBERS} subscribers of one room, into which ${PER_SECOND} messages a second are said and out of ` +
        `which each subscriber hears ${PER_SECOND} a second, at a steady pace. The figure is the p99 from a send ` +
        'to its arrival, over all subscribers.',
      unit: 'ms',
      better: 'less',
      rows,
    }
  })
}
