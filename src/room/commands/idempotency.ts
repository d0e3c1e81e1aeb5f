// L5: one event for each idempotency-key. What was done under a key before is not done again.

import { Refusal } from '../../refusals.ts'
import { MAX_ID_LENGTH } from '../limits/limits.ts'
import type { Turn } from '../turn.ts'
import type { Actor } from './handler.ts'

/** A command that appends one event, and no more under the same key. */
export interface KeyedCommand {
  readonly idempotencyKey?: string | undefined
  /** When the key was first used, in milliseconds since 1970; NaN: not a time. */
  readonly keyUsedSince?: number | undefined
}

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
 * The seq of the event that the same sender has sent under the same key.
 *
 * @throws Refusal `key-reused` where something else was asked for under the key.
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
 * Refuses a key that the room may have forgotten: it cannot know whether the key was used.
 *
 * @throws Refusal `key-forgotten`, `header-invalid`.
 */
export function demandKnownKey(
  { room, now }: Turn,
  { idempotencyKey, keyUsedSince: since }: KeyedCommand,
): void {
  if (idempotencyKey === undefined || since === undefined) return
  if (Number.isNaN(since)) {
    throw new Refusal('header-invalid', 'idempotency-since is not a timestamp')
  }
  if (!room.keyed.covers(since, now)) throw new Refusal('key-forgotten')
}

/**
 * What is asked for under a key. Its fingerprint is stored, so it stays the same for the same
 * request.
 */
export function requestText({
  idempotencyKey: _key,
  keyUsedSince: _since,
  ...asked
}: KeyedCommand): string {
  return JSON.stringify(asked)
}
