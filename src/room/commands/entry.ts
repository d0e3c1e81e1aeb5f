// What the effects on the log have in common: an event is appended once for each idempotency-key (L5),
// and the RECEIPT carries its seq.

import { Refusal } from '../../refusals.ts'
import type { ConnectedSession } from '../connections/session.ts'
import { deliver } from '../delivery/deliver.ts'
import { MAX_ID_LENGTH } from '../limits/limits.ts'
import type { Draft, Event } from '../log/event.ts'
import { personIn } from '../people/naming.ts'
import type { Call } from '../turn.ts'
import type { Effect } from './effect.ts'

/** What an event has of the frame that asks for it. */
export interface Origin {
  readonly at: number
  readonly sender: Event['sender']
  readonly keyed: Pick<Event, 'idempotencyKey'>
  /** To the log, where its key is remembered. */
  append(draft: Draft): Event
}

/**
 * Decides what there is to do: writes, which give the new event; or nothing, because the event of a seq
 * has done it. Throws Refusal.
 */
export type Plan = () => (() => Event) | number

/**
 * Does what is planned, or finds it done before under the same key.
 *
 * @param read what a frame asks for, its kind among it, as plain data; with at most so many octets of content.
 * @throws Refusal `key-reused` where something else was asked for under the key.
 */
export function entry<Asked extends object>(
  call: Call<ConnectedSession>,
  read: (most: number) => Asked,
  planned: (asked: Asked, origin: Origin) => Plan,
): Effect {
  const { room, session, frame, now } = call
  const sender = personIn(room, session.principal)
  const key = idempotencyKey(frame.headers)
  const known = (asked: () => string) => {
    const seq = key === undefined ? undefined : room.keyed.find(sender.id, key, now)
    if (seq !== undefined && !room.keyed.isOf(seq, asked())) throw new Refusal('key-reused')
    return seq
  }
  // What was accepted before may be longer than what is accepted now.
  const before = known(() => JSON.stringify(read(Number.POSITIVE_INFINITY)))
  if (before !== undefined) return repeated(before)
  if (key !== undefined) demandCovered(call)

  const asked = read(room.limits.maxContentBytes)
  const text = key === undefined ? '' : JSON.stringify(asked)
  // A1: the author is the principal.
  const keyed = key === undefined ? {} : { idempotencyKey: key }
  const append = (draft: Draft) => room.keyed.append(draft, text)
  const plan = planned(asked, { at: now, sender, keyed, append })
  plan()
  let event: Event | undefined
  let seq = 0
  return {
    store() {
      // Frames before it in the same transaction may have had the same key, or changed the message.
      const write = known(() => text) ?? plan()
      if (typeof write === 'number') {
        seq = write
        return
      }
      event = write()
      seq = event.seq
    },
    tell() {
      if (event) deliver(call, event)
    },
    receipt: () => [['seq', String(seq)]],
  }
}

function repeated(seq: number): Effect {
  return { tell() {}, receipt: () => [['seq', String(seq)]], repeated: true }
}

/**
 * A sender that says when its key was first used is told where that is too long ago to know whether it was
 * (`idempotency-since`: milliseconds since 1970, or a moment as of RFC 3339).
 */
function demandCovered({ room, now, frame }: Call<ConnectedSession>): void {
  const since = frame.headers.get('idempotency-since')
  if (since === undefined) return
  const moment = /^\d{1,15}$/.test(since) ? Number(since) : Date.parse(since)
  if (Number.isNaN(moment)) throw new Refusal('header-invalid', 'idempotency-since is no moment')
  if (!room.keyed.covers(moment, now)) throw new Refusal('key-forgotten')
}

function idempotencyKey(headers: ReadonlyMap<string, string>): string | undefined {
  const key = headers.get('idempotency-key')
  if (key === undefined) return undefined
  if (key === '' || key.length > MAX_ID_LENGTH) {
    throw new Refusal('header-invalid', `idempotency-key has 1 to ${MAX_ID_LENGTH} characters`)
  }
  return key
}
