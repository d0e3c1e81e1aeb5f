// What a schedule leaves behind for the checker: the log as it is in the end, what each client was
// told, and what became of everything that was said.

import type { ChatEvent } from '../../../src/client/log/events.ts'
import type { Entry } from '../../../src/client/outbox/entry.ts'
import type { WireRecord } from './wire.ts'

export type LogEvent = ChatEvent

/** A client of the reference module, from one page load to the next. */
export interface Life {
  readonly name: string
  /** What it knew, or read, at its beginning. */
  loaded: readonly LogEvent[]
  /** The seq after which it is told; undefined until it is known. */
  after: number | undefined
  readonly told: LogEvent[]
  /** It knows the log from the first event on. */
  whole: boolean
  over: boolean
}

/** A name for what was said under a key: keys are a person's own, and others use the same ones. */
export const said = (personId: string, key = 'without a key'): string => `${key} of ${personId}`

/** Something that was said. */
export interface Saying {
  readonly personId: string
  /** The visitor who said it. */
  readonly by: string
  /** As it was told last. */
  readonly entry: Pick<Entry, 'key' | 'kind' | 'body' | 'state' | 'code'>
  /** It is in an outbox. */
  kept: boolean
  /** Every seq that it was told to have. */
  readonly seqs: Set<number>
}

export interface Evidence {
  /** The whole log, read over HTTP when everything had settled. */
  readonly log: readonly LogEvent[]
  /** Those that had ended, and then those that were there when everything had settled. */
  readonly lives: readonly Life[]
  /** By what `said` gives; what one visitor said in the order in which he said it. */
  readonly sayings: ReadonlyMap<string, Saying>
  readonly wire: WireRecord
  /** What the clients told as problems, calls after their end, and what did not settle. */
  readonly problems: readonly string[]
}
