// Deliberate mistakes: each replaces one rule of the protocol, as a plausible bug would, and a law
// must catch it. And liberties: changes that a client may make, which no law may mind.

import { headOf, PROTOCOL, type Protocol, rebuilt } from './protocol.ts'

export interface Mutant {
  readonly name: string
  /** The rule that it breaks, and the law that is to notice. */
  readonly rule: string
  readonly law: string
  readonly protocol: Protocol
}

/** What a client may do otherwise without harm. */
export interface Liberty {
  readonly name: string
  readonly rule: string
  readonly protocol: Protocol
}

function mutant(
  law: string,
  rule: string,
  name: string,
  change: Partial<Protocol>,
  besides: Partial<Protocol> = {},
): Mutant {
  return { law, rule, name, protocol: { ...PROTOCOL, ...besides, ...change } }
}

const { keys } = PROTOCOL

const ROOM: readonly Mutant[] = [
  mutant('L1', 'D1', 'a seq is taken before the event before it is appended', {
    seqOfNext: ({ head }) => Math.max(head, 1),
  }),
  mutant('L5', 'D2', 'keys are not looked up', { keys: { ...keys, find: () => undefined } }),
  mutant('L4', 'D2', 'a key is the whole room’s, not its sender’s', { nameOf: (_, key) => key }),
  mutant('L4', 'D2', 'the RECEIPT of a known key tells the head', {
    seqOfKnown: (_, { head }) => head,
  }),
  mutant('L5', 'D2', 'the window of keys is one event', {
    keys: {
      ...keys,
      find: ({ room }, name) =>
        room[name] === Math.max(...Object.values(room)) ? room[name] : undefined,
    },
  }),
  mutant('L5', 'D13', 'keys are remembered by the connection', {
    keys: {
      find: ({ session }, name) => session[name],
      add: ({ room, session }, name, seq) => ({ room, session: { ...session, [name]: seq } }),
    },
  }),
  mutant('L3', 'D3', 'events are delivered before they are durable', {
    waits: (what) => what !== 'live MESSAGE',
  }),
  mutant('L3', 'D3', 'a resume gives what is not durable', {
    waits: (what) => what !== 'replayed MESSAGE',
  }),
  mutant('L4', 'D3', 'a RECEIPT leaves before its event is durable', {
    waits: (what) => what !== 'RECEIPT',
  }),
  mutant('L4', 'D3', 'a known key is answered before its event is durable', {
    waits: (what) => what !== 'repeated RECEIPT',
  }),
  mutant('L6', 'D4', 'the prev of a live event is counted from the head', {
    live: ({ seq, message }, together) => ({ seq, prev: headOf(together) - 1, message }),
  }),
  mutant('L2', 'D4', 'events appended together are encoded once', {
    live: ({ seq, message }, together) => ({
      seq,
      prev: seq - 1,
      message: together[0]?.message ?? message,
    }),
  }),
  mutant('L6', 'D5', 'a subscription behind is given live events too', { isLive: () => true }),
  mutant('L6', 'D5', 'a chunk begins with the event at the cursor', {
    chunk: ({ log }, cursor) => log.filter(({ seq }) => seq >= cursor).slice(0, 1),
  }),
  mutant('L6', 'D5', 'a chunk has the newest events', {
    chunk: ({ log }, cursor) => log.filter(({ seq }) => seq > cursor).slice(-1),
  }),
  mutant('L6', 'D5', 'the prev of a replayed event is wrong', { prevOf: ({ seq }) => seq }),
  mutant('L6', 'D6', 'a resume leaves out the event that is being committed', {
    settle: (cursor, { log, durable }) =>
      cursor === headOf(log.slice(0, durable)) ? null : cursor,
  }),
  mutant('L6', 'D6', 'a subscription is live after its first chunk', { settle: () => null }),
  mutant('L6', 'D7', 'a slow reader misses an event and stays at the head', {
    fallBehind: () => null,
  }),
  mutant('L6', 'D7', 'a slow reader falls behind after the event that it missed', {
    fallBehind: ({ seq }) => seq,
  }),
  mutant('L6', 'D7', 'a slow reader falls behind where the head is', {
    fallBehind: (_, together) => headOf(together) - 1,
  }),
  mutant('L6', 'D8', '`after` is off by one', {
    begin: (after, log) => (after + 1 >= headOf(log) ? null : after + 1),
  }),
  mutant('L6', 'D9', 'the cursor is moved in a turn before the one that sends', {
    leavesAtOnce: () => false,
  }),
  mutant('L5', 'D10', 'keys are not read again after an eviction', {
    wake: (log) => ({ ...rebuilt(log), keys: {} }),
  }),
  mutant('L1', 'D10', 'the head is not read again after an eviction', {
    wake: (log) => ({ ...rebuilt(log), head: 0 }),
  }),
  mutant('L6', 'D10', 'cursors are lost in an eviction', {
    survive: (subscription) => ({ ...subscription, cursor: null }),
  }),
  mutant('L4', 'D11', 'a key is remembered whose event was undone', {
    undo: (log, { keys: attempted }) => ({ ...rebuilt(log), keys: attempted }),
  }),
  mutant('L1', 'D11', 'the seq of an event that was undone is not used again', {
    undo: (log, { head }) => ({ ...rebuilt(log), head }),
  }),
  mutant('L3', 'D11', 'an event that was undone is delivered', { tellsUndone: () => true }),
  mutant('R2', 'D12', 'nobody looks at a slow reader again', {
    goesOn: (congested) => !congested,
  }),
  mutant('R2', 'D12', 'nobody looks for who is behind after an eviction', {
    goesOnAwake: () => false,
  }),
  mutant('R2', 'D12', 'a chunk that could not be read is not tried again', {
    goesOnFailing: () => false,
  }),
  mutant('L3', 'D14', 'a page shows what is not durable', { page: ({ log }) => log }),
]

/**
 * A reader that subscribes again under the id of the subscription it left: it cannot tell them
 * apart.
 */
const SAME_ID: Partial<Protocol> = { ignoresLeft: () => false }

const CLIENT: readonly Mutant[] = [
  mutant('E1', 'Q1', 'a sender takes a closed connection for a RECEIPT', { keeps: () => false }),
  mutant('L5', 'Q2', 'a message is sent again under a new key', { keyAgain: (key) => `${key}+` }),
  mutant('E1', 'Q3', 'a sender waits for its RECEIPT for ever', { hangsUp: () => false }),
  mutant('E2', 'Q4', 'a reader resumes after the event that it lacks', {
    resumeAfter: (last) => last + 1,
  }),
  mutant(
    'L6',
    'Q5 Q8',
    'a reader shows an event again',
    { judge: (last, { prev }) => (prev > last ? 'ask again' : 'show') },
    SAME_ID,
  ),
  mutant('L6', 'Q6', 'a reader does not look at prev', {
    judge: (last, { seq }) => (seq <= last ? 'drop' : 'show'),
  }),
  mutant('E1', 'Q7', 'a reader goes on from an event that it has not shown', {
    lastAfter: (_, last, { seq }) => Math.max(last, seq),
  }),
  mutant('E1', 'Q9', 'a reader that hears nothing never looks again', { looksAgain: () => false }),
  mutant('E1', 'Q10', 'a reader reads the head after the page', {
    lastOfPage: (_, { log }) => headOf(log),
  }),
]

/** Every mistake. */
export const MUTANTS: readonly Mutant[] = [...ROOM, ...CLIENT]

/** What a mistake is called: the law that is to notice it, the rule that it breaks, its name. */
export const titleOf = ({ law, rule, name }: Mutant) =>
  `[${law}] [${rule.replace(' ', '] [')}] ${name}`

export const LIBERTIES: readonly Liberty[] = [
  { rule: 'Q8', name: 'subscribes again under the same id', protocol: { ...PROTOCOL, ...SAME_ID } },
  {
    rule: 'Q5',
    name: 'resumes from too far back',
    protocol: { ...PROTOCOL, resumeAfter: (last) => Math.max(0, last - 1) },
  },
]
