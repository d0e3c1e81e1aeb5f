// What a client is subscribed to: a cursor over the log, a consumer of a queue, or a listener.

/** How a subscription's messages are acknowledged (STOMP 1.2, SUBSCRIBE ack Header). */
export type AckMode = 'auto' | 'client' | 'client-individual'

/** What a client subscribed to; `to` says what it is given. */
export type Subscription =
  | LogSubscription
  | QueueSubscription
  | ChannelSubscription
  | ListenerSubscription
  | RoomsSubscription

interface Named {
  /** The client's id; undefined where STOMP 1.0 lets it be left out. */
  readonly id: string | undefined
  /** Unique in the session, and never used again. */
  readonly number: number
  /** As the client wrote it. */
  readonly destination: string
}

/** A cursor over the log. */
export interface LogSubscription extends Named {
  readonly to: 'log'
  readonly ack: 'auto' | 'client'
  /** The last seq it was given, while it is behind; undefined at the head. */
  readonly cursor: number | undefined
  /** The read marker: the last seq acknowledged, or the one it started after. */
  readonly acked: number
}

/** A consumer of a work queue. */
export interface QueueSubscription extends Named {
  readonly to: 'queue'
  readonly name: string
  readonly ack: AckMode
  /** How many messages it may have unacknowledged. */
  readonly prefetch: number
  /** When it was given something last, counted over the consumers of the queue. */
  readonly served: number
  /** Ids of the messages given and not yet acknowledged, in the order given. */
  readonly unacked: readonly number[]
}

/** A listener to a channel of the application (docs/protocol.md, Channels). */
interface ChannelSubscription extends Named {
  readonly to: 'channel'
  readonly name: string
}

/**
 * A listener to what is told and not stored: signals of the room, refusals or notices of the
 * person.
 */
export interface ListenerSubscription extends Named {
  readonly to: 'signals' | 'errors' | 'notices'
}

/** A list of rooms (docs/protocol.md, The account's socket). An account has them, and no room. */
export interface RoomsSubscription extends Named {
  readonly to: 'rooms'
  /** How many rooms the snapshot is to show that is still to be sent; undefined: none is. */
  readonly wanted?: number
}

/**
 * Whether something may wait for a subscription: events after its cursor, messages of its queue.
 */
export function mayBeBehind(subscription: Subscription): boolean {
  return (
    (subscription.to === 'log' && subscription.cursor !== undefined) || subscription.to === 'queue'
  )
}
