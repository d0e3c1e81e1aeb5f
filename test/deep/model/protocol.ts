// The resume protocol as a table of small rules: D what the room does, Q what a client does. A
// mutant replaces one of them. What the rules are for stands in docs/protocol.md, when each is
// asked in turn.ts and the three files of steps.

import type { Delivery, Event, Keys, Memory, Room, Subscription } from './world.ts'

/** Where keys are remembered: in the memory of the room, or in the session of a connection. */
export interface Held {
  readonly room: Keys
  readonly session: Keys
}

/** What leaves the room. */
export type Leaving = 'live MESSAGE' | 'replayed MESSAGE' | 'RECEIPT' | 'repeated RECEIPT'

export type Verdict = 'show' | 'drop' | 'ask again'

export interface Protocol {
  /** D1: the seq of the event to be appended. */
  seqOfNext(memory: Memory): number
  /** D2: what an idempotency-key is remembered under. */
  nameOf(sender: string, key: string): string
  /** D2, D13: which key gave which event. */
  readonly keys: {
    find(held: Held, name: string): number | undefined
    add(held: Held, name: string, seq: number): Held
  }
  /** D2: what the RECEIPT tells of a key that is known. */
  seqOfKnown(seq: number, memory: Memory): number
  /** D3: whether what leaves waits until all that is written is durable. */
  waits(what: Leaving): boolean
  /** D4, D5: whether a subscription is given what is appended. */
  isLive(subscription: Subscription): boolean
  /** D4: the MESSAGE of an event just appended, one of those appended together. */
  live(event: Event, together: readonly Event[]): Delivery
  /** D5: the next chunk after a cursor. */
  chunk(room: Room, cursor: number): readonly Event[]
  /** D5: the prev of an event that is replayed. */
  prevOf(event: Event, cursor: number): number
  /** D6: where a subscription stands when a chunk was given; null at the head. */
  settle(cursor: number, room: Room): number | null
  /** D7: where a subscription stands that could not be given an event. */
  fallBehind(event: Event, together: readonly Event[]): number | null
  /** D8: where a subscription begins. */
  begin(after: number, log: readonly Event[]): number | null
  /** D9: whether a chunk leaves in the turn that moves the cursor. */
  leavesAtOnce(): boolean
  /** D10: what a room that wakes knows. */
  wake(log: readonly Event[]): Memory
  /** D10: what an eviction leaves of a subscription. */
  survive(subscription: Subscription): Subscription
  /** D11: what a room knows when its writes were undone. */
  undo(log: readonly Event[], attempted: Memory): Memory
  /** D11: whether what was to be told leaves though the writes were undone. */
  tellsUndone(): boolean
  /** D12: whether a turn is due for a subscription behind, after one that left it there. */
  goesOn(congested: boolean): boolean
  /** D12: the same, after the first turn of a room that had been evicted. */
  goesOnAwake(): boolean
  /** D12: the same, after a turn that failed. */
  goesOnFailing(): boolean
  /** D14: the events that a page of the log shows. */
  page(room: Room): readonly Event[]

  /** Q1: whether a sender keeps what it sent when its connection goes without a RECEIPT. */
  keeps(): boolean
  /** Q2: the key of a message that is sent again. */
  keyAgain(key: string): string
  /** Q3: whether a sender leaves a connection whose RECEIPT is overdue. */
  hangsUp(): boolean
  /** Q4: after which seq a reader resumes. */
  resumeAfter(last: number): number
  /** Q5, Q6: what a reader does with a MESSAGE. */
  judge(last: number, delivery: Delivery): Verdict
  /** Q7: the last seq of a reader that has judged a MESSAGE. */
  lastAfter(verdict: Verdict, last: number, delivery: Delivery): number
  /** Q8: whether MESSAGEs of a subscription that it has left are nothing to a reader. */
  ignoresLeft(): boolean
  /** Q9: whether a reader asks again after a silence. */
  looksAgain(): boolean
  /** Q10: the last seq of a reader that begins with a page. */
  lastOfPage(page: readonly Event[], room: Room): number
}

/** Events in a chunk: so few that catching up takes many. */
const CHUNK = 1

/** The last seq of a log; 0 of an empty one. */
export const headOf = (log: readonly Event[]) => log.at(-1)?.seq ?? 0

/** What memory holds of a log. */
export const rebuilt = (log: readonly Event[]): Memory => ({
  head: headOf(log),
  keys: Object.fromEntries(log.map(({ name, seq }) => [name, seq])),
})

/** The protocol as docs/protocol.md has it. */
export const PROTOCOL: Protocol = {
  seqOfNext: ({ head }) => head + 1,
  nameOf: (sender, key) => `${sender}/${key}`,
  keys: {
    find: ({ room }, name) => room[name],
    add: ({ room, session }, name, seq) => ({ room: { ...room, [name]: seq }, session }),
  },
  seqOfKnown: (seq) => seq,
  waits: () => true,
  isLive: ({ cursor }) => cursor === null,
  live: ({ seq, message }) => ({ seq, prev: seq - 1, message }),
  chunk: ({ log }, cursor) => log.filter(({ seq }) => seq > cursor).slice(0, CHUNK),
  prevOf: (_, cursor) => cursor,
  settle: (cursor, { log }) => (cursor === headOf(log) ? null : cursor),
  fallBehind: ({ seq }) => seq - 1,
  begin: (after, log) => (after === headOf(log) ? null : after),
  leavesAtOnce: () => true,
  wake: rebuilt,
  survive: (subscription) => subscription,
  undo: rebuilt,
  tellsUndone: () => false,
  goesOn: () => true,
  goesOnAwake: () => true,
  goesOnFailing: () => true,
  page: ({ log, durable }) => log.slice(0, durable),
  keeps: () => true,
  keyAgain: (key) => key,
  hangsUp: () => true,
  resumeAfter: (last) => last,
  judge: (last, { seq, prev }) => (prev > last ? 'ask again' : seq <= last ? 'drop' : 'show'),
  lastAfter: (verdict, last, { seq }) => (verdict === 'show' ? seq : last),
  ignoresLeft: () => true,
  looksAgain: () => true,
  lastOfPage: headOf,
}
