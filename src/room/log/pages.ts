// The log in pages, for HTTP: the same events as on a subscription, in the same order.

import { DEFAULT_PAGE } from '../limits/limits.ts'
import type { Log } from '../ports.ts'
import type { Event } from './event.ts'
import { eventJson } from './event-json.ts'
import { readable } from './readable.ts'

/** At most one of `after` and `before`; neither: the newest page. */
export interface PageQuery {
  readonly after?: number | undefined
  readonly before?: number | undefined
  readonly limit?: number | undefined
}

/** A page of the log, as GET /api/rooms/:id/events answers it. */
export interface EventsPage {
  /** Ascending by seq. */
  readonly events: Record<string, unknown>[]
  /** The last seq of the log. */
  readonly head: number
  /** What to ask for next, in the direction asked for; null where the log ends or begins. */
  readonly next: number | null
}

/**
 * A page of what somebody may read. `limit` is trusted: the caller has checked it.
 *
 * @param floor P1: nothing up to this seq is shown, and no text of it elsewhere.
 */
export function eventsPage(
  log: Log,
  { after, before, limit = DEFAULT_PAGE }: PageQuery,
  floor = 0,
): EventsPage {
  const head = log.head()
  const shown = (event: Event) => eventJson(readable(event, floor))
  if (after !== undefined) {
    const events = [...log.after(Math.max(after, floor), limit)]
    const last = events.at(-1)?.seq ?? head
    return { events: events.map(shown), head, next: last < head ? last : null }
  }
  const found = [...log.before(before ?? head + 1, limit)]
  const events = found.filter(({ seq }) => seq > floor)
  const first = events[0]?.seq ?? 1
  const isMore = first > floor + 1 && events.length === found.length
  return { events: events.map(shown), head, next: isMore ? first : null }
}
