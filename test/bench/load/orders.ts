// What a generator can be told to do, and what it answers. Plain data: it crosses a process border.

import type { Member } from './member.ts'
import type { Spread } from './spread.ts'

/** Lets members in, beside those who are in already. */
export interface Enter {
  readonly enter: readonly Member[]
  /** Bytes of the content of each message. */
  readonly content: number
  /** How many are on their way in at a time. */
  readonly atOnce: number
}

/** Gives the messages another length, so that the last member hears so many bytes of each. */
export interface Fit {
  readonly fit: number
}

/**
 * The first members talk as fast as they are answered: for so long, or until so many messages were
 * sent.
 */
export interface Crowd {
  readonly crowd: {
    readonly senders: number
    readonly window: number
    readonly ms?: number
    readonly messages?: number
  }
}

/** The first members take turns, so many messages a second together, whatever is answered. */
export interface Pace {
  readonly pace: { readonly senders: number; readonly perSecond: number; readonly ms: number }
}

/**
 * The last members say something, and hear so many messages for it. Then they say what undoes it.
 */
export interface Replay {
  readonly replay: {
    readonly readers: number
    /** `{after}` is the number of messages said before those. */
    readonly say: string
    readonly messages: number
    /** Left out where they stay subscribed. */
    readonly undo?: string
    /** Whether they are asked for a sign of life before: `true` where nothing is said. */
    readonly awake?: boolean
  }
}

/** The first member sends one message: how long until everybody has heard it. */
export interface Once {
  /** Whether to make sure before that everybody is awake. */
  readonly once: 'awake' | 'as it is'
}

export type Order = Enter | Fit | Crowd | Pace | Replay | Once

/** What was measured. Times in milliseconds. */
export interface Result {
  /** Messages that were sent. */
  readonly sent: number
  /** Messages times those who heard each. */
  readonly deliveries: number
  /** From the first send until everybody had heard everything. */
  readonly ms: number
  /** Bytes of the last member's stream for each delivery. */
  readonly bytes: number
  /** From a sender to every member. */
  readonly delivery: Spread
  /** From a sender to the same sender. */
  readonly roundTrip: Spread
  /** Processor time of the generator. */
  readonly processor: number
}

/** Members who were let in. */
export interface Entered {
  /**
   * For each: when each errand was done, it was open, and each step of its greeting was answered.
   */
  readonly steps: readonly (readonly number[])[]
  readonly ms: number
  readonly processor: number
}

export type Answer =
  | { readonly result: Result }
  | { readonly entered: Entered }
  | { readonly failed: string }
