// Takes away messages of one person: the last few, or those since a time. A bounded number goes in
// each turn (R4); what is left stands in storage, so an eviction changes nothing (H1).

import type { Principal } from '../../auth/principal.ts'
import { Refusal } from '../../refusals.ts'
import { applyPlan } from '../commands/change.ts'
import { deletionPlan } from '../commands/deletion.ts'
import { tellOutcome } from '../delivery/deliver.ts'
import { CLEARED_IN_A_TURN, CLEARING_SCANNED, MAX_CLEARINGS } from '../limits/limits.ts'
import type { Event } from '../log/event.ts'
import { demandDeed, storedRole } from '../membership/roles.ts'
import { mayActOn } from '../permissions.ts'
import { writeAtomically } from '../room-state.ts'
import type { Turn } from '../turn.ts'
import type { Clearing, ModerationAct } from './act.ts'
import { logModeration } from './moderation-log.ts'
import { tellNotice } from './notices.ts'

type ClearAct = Pick<Extract<ModerationAct, { type: 'clear' }>, 'personId' | 'reason' | 'last'>

/**
 * Begins to delete the last messages of somebody, who may have left.
 *
 * @throws Refusal `not-allowed`, `too-fast`, and as `demandEntry`.
 */
export function clearMessages(turn: Turn, by: Principal, act: ClearAct): void {
  const { room } = turn
  const { personId, reason, last } = act
  const role = demandDeed(room, by, 'read')
  if (personId === by.id || !mayActOn(role, 'clearMessages', storedRole(room, personId))) {
    throw new Refusal('not-allowed', 'only those below you')
  }
  const user = { id: personId, name: room.members.get(personId)?.name ?? '' }
  writeAtomically(room, () => {
    beginClearing(turn, by, personId, { left: last })
    logModeration(turn, by, { action: 'clear', user, reason, detail: { last } })
  })
  clearMore(turn)
  tellNotice(turn, personId, by, { type: 'messages-deleted', reason })
}

/**
 * Notes what is to be cleared: one row. Call it in the transaction of the act; `clearMore` does it.
 *
 * @throws Refusal `too-fast` where too much is being cleared already (R5).
 */
export function beginClearing(
  { room }: Turn,
  { id, name, guest }: Principal,
  personId: string,
  which: Pick<Clearing, 'left' | 'since'>,
): void {
  const { clearings, log } = room
  const all = clearings.all()
  if (all.length >= MAX_CLEARINGS) throw new Refusal('too-fast')
  // Messages that come after the act are not cleared.
  const by = { id, name, ...(guest && { guest }) }
  clearings.set([...all, { personId, by, before: log.head() + 1, ...which }])
}

/** R4: deletes a few more messages. */
export function clearMore(turn: Turn): void {
  const { room, deferred } = turn
  const [first, ...others] = room.clearings.all()
  if (!first) return
  const events: Event[] = []
  try {
    writeAtomically(room, () => {
      const rest = clearSome(turn, first, events)
      room.clearings.set(rest ? [...others, rest] : others)
    })
  } catch (error) {
    // The next such turn tries again.
    console.error(error)
    return
  }
  for (const event of events) tellOutcome(turn, { event })
  if (room.clearings.all().length > 0 || room.log.isEmptying) deferred.backlog = 'moving'
}

/**
 * Deletes the newest messages in the next piece of the log. Returns what is left, if anything is.
 */
function clearSome(turn: Turn, clearing: Clearing, events: Event[]): Clearing | undefined {
  const { log } = turn.room
  const { personId, by, before, left, since = 0 } = clearing
  const principal = { ...by, roles: [] }
  const after = Math.max(0, before - 1 - CLEARING_SCANNED)
  const found = log.messagesOf(personId, after, before)
  const seqs = found.slice(0, Math.min(left, CLEARED_IN_A_TURN))
  for (const seq of seqs) {
    const message = log.find(seq)
    if (message?.type !== 'message') continue
    if (message.at < since) return undefined
    const written = applyPlan(turn, { principal }, {}, deletionPlan(message))
    if (typeof written === 'object') events.push(written)
  }
  const isPieceDone = seqs.length === found.length
  const next = isPieceDone ? after + 1 : (seqs.at(-1) ?? 1)
  const isOld = isPieceDone && (log.find(next)?.at ?? since) < since
  if (left === seqs.length || next <= 1 || isOld) return undefined
  return { ...clearing, before: next, left: left - seqs.length }
}
