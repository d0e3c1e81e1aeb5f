// When the alarm of a quiet room rings, and what it does: it finds connections that have vanished,
// and beats to clients that were promised beats. The next time follows from the sessions alone, so
// an eviction changes nothing (H1). objects/room/alarm.ts sets the alarm.

import type { RoomState } from '../room-state.ts'
import type { Turn } from '../turn.ts'
import { hasVanished, MISSED_BEATS } from './liveness.ts'
import { isExpired } from './session.ts'

/** The factor by which the time between two sweeps of a quiet room grows. */
const BACK_OFF = 4

/** When the alarm of a room that was just active must ring at the latest; undefined: not at all. */
export function alarmDueBy({ people, limits }: RoomState, now: number): number | undefined {
  const { alarmReasons } = people
  if (alarmReasons.needBeats) return now + limits.heartBeat
  return limits.presenceSweep && alarmReasons.needSweep
    ? now + firstSweep(limits.heartBeat)
    : undefined
}

/** The alarm rang: gives beats, and ends those that have vanished. */
export function onAlarm(turn: Turn): void {
  const { people, limits } = turn.room
  beat(turn)
  if (limits.presenceSweep && people.alarmReasons.needSweep) {
    for (const connection of turn.room.connections()) hasVanished(turn, connection)
  }
}

function beat(turn: Turn): void {
  for (const connection of turn.room.people.alarmReasons.promisedBeats) {
    const { session } = connection
    if (session.phase !== 'connected' || connection.congested) continue
    if (isExpired(session, turn.now)) turn.deferred.lost.set(connection, 'token-expired')
    else turn.outbox.beat(connection)
  }
}

/**
 * When the alarm rings next if nothing is said in the room; undefined: not any more.
 */
export function nextAlarm(room: RoomState, now: number): number | undefined {
  const { people, limits } = room
  const dues: number[] = []
  if (people.alarmReasons.needBeats) dues.push(now + limits.heartBeat)
  if (limits.presenceSweep && people.alarmReasons.needSweep) {
    dues.push(nextSweep(Math.min(now, quietSince(room)), now, firstSweep(limits.heartBeat)))
  }
  return dues.length === 0 ? undefined : Math.min(...dues)
}

/**
 * Whoever vanished when the room fell quiet is found at the first: `seenAt` of a session may be
 * half a heart-beat out of date.
 */
const firstSweep = (heartBeat: number) => Math.ceil((MISSED_BEATS + 1 / 2) * heartBeat) + 1

function nextSweep(since: number, now: number, first: number): number {
  let wait = first
  let at = since + first
  while (at <= now) {
    wait *= BACK_OFF
    at += wait
  }
  return at
}

/**
 * When somebody was last heard, by the sessions. Beats that the runtime answered are not in them.
 */
function quietSince(room: RoomState): number {
  let latest = 0
  for (const { session } of room.connections()) {
    if (session.phase !== 'ended') latest = Math.max(latest, session.seenAt)
  }
  return latest
}
