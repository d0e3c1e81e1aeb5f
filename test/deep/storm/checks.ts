// The promises, held against what a schedule left behind. Each check gives what it found broken.

import { isDeepStrictEqual } from 'node:util'
import { after, NOTHING, type RoomState, type Told } from '../../support/room-state.ts'
import { type Evidence, type Life, type LogEvent, type Saying, said } from './evidence.ts'
import { identity } from './wire.ts'

/** Refusals that a storm earns: a change of what was deleted, or of what is somebody else's. */
const EARNED: ReadonlySet<string | undefined> = new Set(['event-deleted', 'not-author'])

/** Everything that is broken, each with the law that it breaks. */
export const check = (evidence: Evidence): string[] =>
  [...everything(evidence)].map((breach) => breach.replace(/(.)\1{40,}/g, '$1…$1'))

function* everything(evidence: Evidence): Iterable<string> {
  const { wire, problems, lives, log } = evidence
  yield* wire.breaches
  for (const problem of problems) yield `[E1] ${problem}`
  yield* checkSayings(evidence)
  // A page tells each message as it is now, wherever its changes are.
  const fresh = stateOf(log.filter(({ type }) => type === 'message'))
  for (const life of lives) yield* checkLife(life, log, fresh)
}

function* checkSayings({ log, sayings, wire }: Evidence): Iterable<string> {
  // L1, L5, A1: dense, each thing once, and nothing that nobody said.
  const places = new Map<string, number>()
  for (const [index, event] of log.entries()) {
    const { seq } = event
    const what = said(event.sender.id, event.idempotencyKey)
    if (seq !== index + 1) yield `[L1] seq ${seq} is the ${index + 1}. of the log`
    if (places.has(what)) yield `[L5] seq ${places.get(what)} is again at ${seq}: ${what}`
    if (!sayings.has(what)) yield `[A1] seq ${seq} was said by nobody: ${what}`
    places.set(what, seq)
  }
  // L3: what any connection was ever shown is so.
  for (const [seq, shown] of wire.shown) {
    const event = log[seq - 1]
    const is = event ? identity(event) : 'nothing'
    if (shown !== is) yield `[L3] seq ${seq} was shown as ${shown}, and is ${is}`
  }
  yield* checkOrder(sayings, places)
  for (const [what, saying] of sayings) {
    yield* checkSaying(what, saying, places.get(what))
    // L4: a RECEIPT is never taken back, not even one that nobody heard.
    for (const seq of new Set([...saying.seqs, wire.receipts.get(what) ?? []].flat())) {
      if (!isDone(saying, seq, log, places.get(what))) yield `[L4] ${what} was told to be at ${seq}`
    }
  }
}

/** Q1: what a visitor said is in the log in the order in which he said it. */
function* checkOrder(
  sayings: Evidence['sayings'],
  places: ReadonlyMap<string, number>,
): Iterable<string> {
  const last = new Map<string, number>()
  for (const [what, { by }] of sayings) {
    const seq = places.get(what)
    if (seq === undefined) continue
    const before = last.get(by) ?? 0
    if (seq < before)
      yield `[Q1] ${by} said ${what} after what is at ${before}, and it is at ${seq}`
    last.set(by, seq)
  }
}

/** L4, L5, E1: everything that was said is in the log, or was rightly refused. */
function* checkSaying(what: string, saying: Saying, place?: number): Iterable<string> {
  const { entry, seqs, kept } = saying
  if (entry.state === 'failed') {
    if (!EARNED.has(entry.code)) yield `[E1] ${what} failed: ${entry.code}`
    if (place) yield `[R3] ${what} was refused (${entry.code}), and is in the log`
    return
  }
  // A page that is being left hears no RECEIPT any more: its entry leaves the outbox, and the log
  // tells the rest.
  const isSettled = entry.state === 'sent' || (!kept && (place || entry.kind !== 'message'))
  if (!isSettled) yield `[E1] ${what} is still ${entry.state}`
  if (seqs.size > 1) yield `[L4] ${what} had the seqs ${[...seqs].join(', ')}`
}

/**
 * Its event is there; or, where it changed nothing, the newest change of its message, or the
 * message.
 */
function isDone(
  { entry }: Saying,
  seq: number,
  log: readonly LogEvent[],
  place: number | undefined,
): boolean {
  if (place !== undefined || entry.kind === 'message') return seq === place
  const event = log[seq - 1]
  const target = entry.body.seq
  return event?.seq === target || (event?.type === entry.kind && event.target === target)
}

/** L2, L6: every later event, once, in order; and what is made of them is what is there. */
function* checkLife(life: Life, log: readonly LogEvent[], fresh: RoomState): Iterable<string> {
  const { name, loaded, told, over, whole } = life
  let last = life.after ?? log.length
  for (const event of told) {
    const { seq } = event
    if (seq !== last + 1) yield `[L6] ${name} was told ${seq} after ${last}`
    const there = log[seq - 1]
    if (!there || identity(there) !== identity(event)) yield `[L2] ${name} was told another ${seq}`
    last = seq
  }
  if (over) return
  if (last !== log.length) yield `[E1] ${name} was told up to ${last} of ${log.length}`
  if (!whole) return
  const live = stateOf([...loaded, ...told])
  if (live.waiting.length > 0) yield `[L6] ${name} has changes of messages that it does not have`
  for (const [seq, message] of fresh.messages) {
    const mine = live.messages.get(seq)
    if (isDeepStrictEqual(mine, message)) continue
    yield `[L6] ${name} has ${JSON.stringify(mine)} where ${JSON.stringify(message)} is`
  }
}

const stateOf = (events: readonly LogEvent[]) => after(NOTHING, events as readonly Told[])
