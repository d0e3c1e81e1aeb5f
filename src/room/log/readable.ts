// P1: what a reader may be told of an event. Some may not read the log up to a seq, and an event
// may show a text from before it.

import type { Event } from './event.ts'
import { withoutMentions } from './mentions.ts'

/** The seq of the message whose text an event shows beside its own; undefined: of none. */
export function shownSeq(event: Event): number | undefined {
  if (event.type === 'edit') return event.target
  return event.type === 'message' ? event.quote?.seq : undefined
}

/**
 * An event as it is told to somebody who may read what is beyond a seq: an edit of a message before
 * it has no text and no mentions, and a reply to one has no quote.
 *
 * @param floor 0: all may be read.
 */
export function readable(event: Event, floor: number): Event {
  if (floor === 0 || (shownSeq(event) ?? Number.POSITIVE_INFINITY) > floor) return event
  if (event.type === 'edit') return { ...withoutMentions(event), content: '' }
  if (event.type !== 'message') return event
  const { quote: _, ...rest } = event
  return rest
}
