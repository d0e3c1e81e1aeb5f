// Connections that show no sign of life are ended when the room runs anyway; no timer asks (H2).

import { Refusal } from '../refusals.ts'
import type { Connection } from './connection.ts'
import { end } from './endings.ts'
import type { Turn } from './turn.ts'

/** Missed beats that end a connection: a background tab runs its timers once a minute at best. */
const MISSED = 3

/** Also notices, after an eviction, that some subscription is behind. */
export function sweep(turn: Turn): void {
  for (const connection of turn.room.connections()) {
    if (isBehind(connection)) turn.leftovers.behind = 'moving'
    if (isSilent(connection, turn)) end(turn, connection, new Refusal('no-sign-of-life'))
  }
}

function isBehind({ session }: Connection): boolean {
  return (
    session.phase === 'connected' &&
    session.subscriptions.some(({ cursor }) => cursor !== undefined)
  )
}

function isSilent({ session, lastBeatAt }: Connection, { now, room }: Turn): boolean {
  if (session.phase !== 'connected' || session.beatsEvery === 0) return false
  // A session's own mark may be half a period old.
  const seenAt = Math.max(session.seenAt, lastBeatAt ?? 0)
  return now - seenAt > MISSED * session.beatsEvery + room.limits.heartBeat / 2
}
