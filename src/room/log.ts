// The room's ordered durable events: their shape, and what is needed of whatever stores them.

/** An entry of the log, as clients see it. */
export interface Event {
  /** 1, 2, 3 … without a hole. */
  readonly seq: number
  readonly type: 'message'
  /** Milliseconds since 1970. */
  readonly at: number
  readonly sender: { readonly id: string; readonly name: string }
  readonly content: string
  readonly idempotencyKey?: string
  /** The seq of the event that this one answers. */
  readonly replyTo?: number
}

/** An event to be: the log gives it its place. */
export type Draft = Omit<Event, 'seq'>

/** A key under which an event was sent. */
export interface KeyedSeq {
  readonly seq: number
  readonly senderId: string
  readonly key: string
}

export interface Log {
  /** The last seq; 0 in an empty log. */
  head(): number
  /** L1: writes one row and gives the event with the next seq. Throws, with nothing written, if it cannot. */
  append(draft: Draft): Event
  /** At most `limit` events after `seq`, ascending. */
  after(seq: number, limit: number): Event[]
  /** At most `limit` events before `seq`, the newest ones, ascending. */
  before(seq: number, limit: number): Event[]
  /** Drops what is kept in memory: writes were undone. */
  forget(): void
  /** The idempotency-keys of the newest `window` events, ascending by seq. */
  keys(window: number): Iterable<KeyedSeq>
}

/** The JSON of an event, as it stands in a MESSAGE and in a page. */
export function eventJson(event: Event): Record<string, unknown> {
  return { ...event, at: new Date(event.at).toISOString() }
}
