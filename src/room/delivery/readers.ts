// P1: events that leave together, for readers who may not read the same.

import type { Event } from '../log/event.ts'
import { readable, shownSeq } from '../log/readable.ts'
import { type BatchEncoder, batchEncoder, eventMessage } from './message-encoding.ts'

/** An event, with the seq of the event before it on the subscription. */
export type PlacedEvent = readonly [event: Event, prev: number]

/** The encoder for readers who may read what is beyond a seq; 0: all. */
export type ReadersEncoder = (floor: number) => BatchEncoder

/**
 * Encodes events once for all readers from whom the same texts are kept.
 *
 * @param all what encodes them for those who may read all.
 */
export function readersEncoder(events: readonly PlacedEvent[], all: BatchEncoder): ReadersEncoder {
  const shown = events.flatMap(([event]) => shownSeq(event) ?? [])
  if (shown.length === 0) return () => all
  const partial = new Map<number, BatchEncoder>()
  return (floor) => {
    const hidden = floor === 0 ? 0 : Math.max(0, ...shown.filter((seq) => seq <= floor))
    if (hidden === 0) return all
    let encoded = partial.get(hidden)
    if (!encoded) {
      const messages = events.map(([event, prev]) => eventMessage(readable(event, hidden), prev))
      encoded = batchEncoder(messages)
      partial.set(hidden, encoded)
    }
    return encoded
  }
}
