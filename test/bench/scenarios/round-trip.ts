// One who talks and waits for each message to be taken, and one who reads.

import type { Subject } from '../subjects/subject.ts'
import { type Effort, fitAll, inTurn, round, type Table, withLoads } from './scenario.ts'

export const ROUND_TRIP = 'round-trip'

export function roundTrip(subjects: readonly Subject[], { rounds, ms }: Effort): Promise<Table> {
  return withLoads(
    subjects,
    (subject) => subject.pair(),
    async (contestants) => {
      await fitAll(contestants)
      const crowd = { senders: 1, window: 1, ms }
      const rows = await inTurn(contestants, rounds, ({ subject, load }) =>
        round(subject, async () => {
          const result = await load.measure({ crowd })
          return { ...result, figure: result.roundTrip.p50, times: result.roundTrip }
        }),
      )
      return {
        id: ROUND_TRIP,
        title: 'Round trip',
        method:
          'One sender and one reader. The next message is sent when the RECEIPT of the one before has come; where ' +
          'there are none, the message itself. The figure is the median.',
        unit: 'ms',
        better: 'less',
        rows,
      }
    },
  )
}
