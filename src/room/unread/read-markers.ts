// How far each member has read (U1). A marker never moves back and is never beyond the head. It
// lives in three places: in the row of the member, in the sessions of their connections, and, for
// what they said themselves, in memory and in the log.

import { READ_MARKER_PERIOD, SPOKEN_EVENTS } from '../limits/limits.ts'
import type { MemberRow } from '../membership/member.ts'
import type { Connection } from '../ports.ts'
import type { RoomState } from '../room-state.ts'
import type { Turn } from '../turn.ts'
import { writtenSeq } from './last-spoken.ts'

/**
 * How far a member has read: by their row, on any of their connections, or by what they said.
 *
 * @param row of somebody who has joined.
 */
export function readSeq(room: RoomState, row: MemberRow): number {
  const { log, spoken } = room
  return Math.max(writtenSeq(log, row), spoken.of(log, row), readHere(room, row.id))
}

/** How far somebody has read on the connections that they have; 0: not at all. */
function readHere({ people }: RoomState, personId: string): number {
  const read = people
    .connectionsOf(personId)
    .map(({ session }) => (session.phase === 'connected' ? (session.readTo ?? 0) : 0))
  return Math.max(0, ...read)
}

/**
 * What a member has said was read by them. C1: the log tells it again, so their row is written only
 * where SPOKEN_EVENTS have come since. Never throws.
 */
export function noteSpoken(turn: Turn, personId: string, seq: number): void {
  const { spoken, members, log } = turn.room
  spoken.note(personId, seq)
  turn.room.watchers.note(personId)
  const row = members.get(personId)
  if (row?.joined && seq > writtenSeq(log, row) + SPOKEN_EVENTS) keep(turn, personId)
}

/**
 * The marker of somebody may have moved. C1: its row is written once in READ_MARKER_PERIOD at most.
 * Never throws.
 */
export function noteRead(turn: Turn, personId: string): void {
  turn.room.watchers.note(personId)
  const row = turn.room.members.get(personId)
  if (!row?.joined) return
  const writtenAt = row.read?.at ?? row.joined.at
  if (turn.now - writtenAt >= READ_MARKER_PERIOD) keep(turn, personId)
}

/**
 * A connection is about to end. What was read on it passes to another connection of the person, or
 * to their row where this is the last one. C1: the log knows what they said themselves, so no row
 * is written for that alone. Never throws.
 */
export function passMarkerOn(turn: Turn, connection: Connection): void {
  const { session } = connection
  if (session.phase !== 'connected' || turn.room.deletion.isDone) return
  const { id } = session.principal
  const { readTo = 0 } = session
  for (const other of turn.room.people.connectionsOf(id)) {
    if (other === connection || other.session.phase !== 'connected') continue
    if (readTo > (other.session.readTo ?? 0)) other.session = { ...other.session, readTo }
    return
  }
  const row = turn.room.members.get(id)
  if (row?.joined && readTo > writtenSeq(turn.room.log, row)) keep(turn, id, readTo)
}

/**
 * Writes how far somebody has read, where they are a member. No row where nothing has moved.
 *
 * @param seq how far they have read, beside what is known.
 * @throws what the storage throws.
 */
export function writeMarker({ room, now }: Turn, personId: string, seq = 0): void {
  const { log, members } = room
  const row = members.get(personId)
  if (!row?.joined) return
  const next = Math.max(seq, readSeq(room, row))
  if (next <= writtenSeq(log, row)) return
  members.put({ ...row, read: { seq: next, n: log.messagesUpTo(next), at: now } })
  room.watchers.note(personId)
}

function keep(turn: Turn, personId: string, seq?: number): void {
  try {
    writeMarker(turn, personId, seq)
  } catch (error) {
    // Nobody waits for it. The next time that the marker moves tries again.
    console.error(error)
    turn.room.members.forget()
  }
}
