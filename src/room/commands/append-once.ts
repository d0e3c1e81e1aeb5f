// What the commands on the log have in common: one event for each idempotency-key (L5).

import { Refusal } from '../../refusals.ts'
import { utf8Length } from '../../stomp/encode.ts'
import { EMPTIED_AT_ONCE, MAX_ID_LENGTH } from '../limits/limits.ts'
import type { Draft, Event, MessageEntry } from '../log/event.ts'
import { personIn } from '../people/naming.ts'
import type { Log } from '../ports.ts'
import type { Turn } from '../turn.ts'
import type { Actor, Check, Outcome, Written } from './handler.ts'

/** A command that appends one event, and no more under the same key. */
export interface KeyedCommand {
  readonly idempotencyKey?: string | undefined
  /** When the key was first used, in milliseconds since 1970; NaN: not a time. */
  readonly keyUsedSince?: number | undefined
}

/**
 * What a change comes to: an event, or the seq of an earlier event that has done what is asked for.
 */
export type Plan = Change | number

/** An event about a message, and what that message is from now on. */
export interface Change {
  readonly draft: OwnDraft
  /** The message without the seq of its change, which stands in `field`. */
  readonly message: MessageEntry
  readonly field: 'edited' | 'reacted' | 'deleted'
  /** The message before its deletion: the texts of its edits are taken out. */
  readonly emptied?: MessageEntry
}

/** An event without its place, time, sender and key. */
type OwnDraft = OwnDraftOf<Draft>
type OwnDraftOf<D> = D extends Draft ? Omit<D, 'at' | 'sender' | 'idempotencyKey'> : never

const NEW: Check = { isNew: true, needsSpace: true }

/**
 * The key of a command, from its header and that of when it was first used: milliseconds since
 * 1970, or an RFC 3339 timestamp.
 *
 * @throws Refusal `header-invalid`.
 */
export function keyOf(
  idempotencyKey: string | undefined,
  since: string | undefined,
): KeyedCommand | undefined {
  if (idempotencyKey === undefined) return undefined
  if (idempotencyKey === '' || idempotencyKey.length > MAX_ID_LENGTH) {
    throw new Refusal('header-invalid', `idempotency-key has 1 to ${MAX_ID_LENGTH} characters`)
  }
  if (since === undefined) return { idempotencyKey }
  const keyUsedSince = /^\d{1,15}$/.test(since) ? Number(since) : Date.parse(since)
  return { idempotencyKey, keyUsedSince }
}

/**
 * Checks a command on the log whose content and target are in order.
 *
 * @returns the seq of the event that came of the same request before, if any did.
 * @throws Refusal `key-reused` where something else was asked for under the key; `key-forgotten`,
 * `header-invalid`.
 */
export function checkKey(turn: Turn, actor: Actor, command: KeyedCommand): Check {
  const earlierSeq = earlierEvent(turn, actor, command)
  if (earlierSeq !== undefined) return { isNew: false, needsSpace: false, earlierSeq }
  const { idempotencyKey, keyUsedSince: since } = command
  if (idempotencyKey === undefined || since === undefined) return NEW
  if (Number.isNaN(since)) {
    throw new Refusal('header-invalid', 'idempotency-since is not a timestamp')
  }
  if (!turn.room.keyed.covers(since, turn.now)) throw new Refusal('key-forgotten')
  return NEW
}

/**
 * The seq of the event that the same sender has sent under the same key.
 *
 * @throws Refusal `key-reused`.
 */
export function earlierEvent(
  { room, now }: Turn,
  { principal }: Actor,
  command: KeyedCommand,
): number | undefined {
  const { idempotencyKey: key } = command
  if (key === undefined) return undefined
  const seq = room.keyed.find(principal.id, key, now)
  if (seq !== undefined && !room.keyed.isOf(seq, requestText(command))) {
    throw new Refusal('key-reused')
  }
  return seq
}

/**
 * L1, A1: appends an event of this sender under the key of the command.
 *
 * @throws what the storage throws.
 */
export function appendEvent(
  { room, now }: Turn,
  { principal }: Actor,
  command: KeyedCommand,
  { type, ...own }: OwnDraft,
): Event {
  const { idempotencyKey } = command
  const key = idempotencyKey === undefined ? undefined : { idempotencyKey }
  const draft = { type, at: now, sender: personIn(room, principal), ...own, ...key } as Draft
  return room.keyed.append(draft, key ? requestText(command) : '')
}

/**
 * Appends the event of a plan, and amends the message that it is about.
 *
 * @throws what the storage throws.
 */
export function applyPlan(
  turn: Turn,
  actor: Actor,
  command: KeyedCommand,
  plan: Plan,
): Event | number {
  if (typeof plan === 'number') return plan
  const { log, pins } = turn.room
  const event = appendEvent(turn, actor, command, plan.draft)
  if (plan.emptied) {
    log.emptyEdits(plan.emptied, EMPTIED_AT_ONCE)
    // What is deleted is not pinned any more: its own event says so.
    pins.remove(plan.emptied.seq)
  }
  log.amend({ ...plan.message, [plan.field]: event.seq })
  return event
}

export function eventOutcome(written: Written): Outcome {
  if (typeof written !== 'object') return { seq: written ?? 0 }
  return { event: written, seq: written.seq }
}

/**
 * The message that a change is about.
 *
 * @throws Refusal `event-unknown` where the log has no such message.
 */
export function messageOf(log: Log, seq: number): MessageEntry {
  const event = log.find(seq)
  if (event?.type !== 'message') throw new Refusal('event-unknown')
  return event
}

/** @throws Refusal `event-deleted`. */
export function demandPresent({ deleted }: MessageEntry): void {
  if (deleted !== undefined) throw new Refusal('event-deleted')
}

export function isAuthor({ sender }: MessageEntry, { principal }: Actor): boolean {
  return sender.id === principal.id
}

/** @throws Refusal `content-too-large`. */
export function checkContent({ room }: Turn, content: string): void {
  const size = utf8Length(content)
  const { maxContentBytes: limit } = room.limits
  if (size > limit) throw new Refusal('content-too-large', `${size} bytes, the limit is ${limit}`)
}

/**
 * What is asked for under a key. Its fingerprint is stored, so it stays the same for the same
 * request.
 */
function requestText({
  idempotencyKey: _key,
  keyUsedSince: _since,
  ...asked
}: KeyedCommand): string {
  return JSON.stringify(asked)
}
