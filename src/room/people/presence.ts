// The signals of a room: who is here, counted in people and not in connections, who types, and how
// far they have read. Nothing is stored: all of it follows from the sessions.

import type { Principal } from '../../auth/principal.ts'
import type { Encoded } from '../../stomp/encode.ts'
import { hasVanished } from '../connections/liveness.ts'
import type { ConnectedSession } from '../connections/session.ts'
import type { ListenerSubscription } from '../connections/subscription.ts'
import { encodeMessage, jsonMessage } from '../delivery/message-encoding.ts'
import { type Signal, tellSignal } from '../delivery/signals.ts'
import { CROWD_PEOPLE, SNAPSHOT_PEOPLE } from '../limits/limits.ts'
import type { Connection } from '../ports.ts'
import type { RoomState } from '../room-state.ts'
import type { Turn } from '../turn.ts'
import { personIn, personWhoLeft } from './naming.ts'

/** Tells who is here now: the first thing that a subscriber of the signals hears. */
export function presenceSnapshot(
  turn: Turn,
  session: ConnectedSession,
  subscription: ListenerSubscription,
): Encoded {
  const { people } = turn.room
  const gone = people.count > CROWD_PEOPLE ? [] : vanishedPeople(turn)
  const most = namesPeople(turn.room) ? SNAPSHOT_PEOPLE : 0
  const named = people.first(most).filter(({ id }) => !gone.includes(id))
  const here = named.map((each) => personIn(turn.room, each))
  const body = { type: 'presence', count: people.count - gone.length, here }
  return encodeMessage(jsonMessage(turn.room.newId(), body), session, subscription)
}

/** Tells that a person came, if this is the first connection of theirs. */
export function announceJoined(turn: Turn, connection: Connection, principal: Principal): void {
  announce(turn, 'joined', principal, connection)
}

/** Tells that a person went, if that was the last connection of theirs. */
export function announceLeft(turn: Turn, principal: Principal): void {
  announce(turn, 'left', principal)
}

/** Tells the batch of who came and went. */
export function tellPresence(turn: Turn): void {
  const { presenceBatch, people } = turn.room
  if (!presenceBatch.pending) return
  const change = presenceBatch.take(people)
  const unnamed = namesPeople(turn.room) ? {} : { joined: [], left: [] }
  tellSignal(turn, { type: 'presence', ...change, ...unnamed })
}

/**
 * The signal of how far a person has read; undefined if another connection of theirs has read as
 * far.
 */
export function readSignal(turn: Turn, principal: Principal, seq: number): Signal | undefined {
  if (!namesPeople(turn.room)) return undefined
  for (const connection of turn.room.people.connectionsOf(principal.id)) {
    const { session } = connection
    if (session.phase !== 'connected' || hasVanished(turn, connection)) continue
    if (hasRead(session, seq)) return undefined
  }
  return { to: 'signals', body: { type: 'read', user: personIn(turn.room, principal), seq } }
}

function hasRead({ readTo = 0, subscriptions }: ConnectedSession, seq: number): boolean {
  if (readTo >= seq) return true
  return subscriptions.some(
    (each) => each.to === 'log' && each.ack === 'client' && each.acked >= seq,
  )
}

function announce(
  turn: Turn,
  change: 'joined' | 'left',
  principal: Principal,
  except?: Connection,
): void {
  const { presenceBatch, people } = turn.room
  if (isHere(turn, principal.id, except)) return
  const user = change === 'joined' ? personIn(turn.room, principal) : personWhoLeft(principal)
  const isBatched = !namesPeople(turn.room) || presenceBatch.isBatching(people)
  if (isBatched) presenceBatch.note(change, user)
  else tellSignal(turn, { type: change, user })
}

/** In a broadcast room nobody is told who else is there. */
const namesPeople = ({ profile }: RoomState) => profile.get().kind !== 'broadcast'

function isHere(turn: Turn, id: string, except?: Connection): boolean {
  return turn.room.people.connectionsOf(id).some((connection) => {
    if (connection === except || connection.session.phase !== 'connected') return false
    return !hasVanished(turn, connection)
  })
}

/** People all of whose connections have vanished. Not computed in a crowd. */
function vanishedPeople(turn: Turn): string[] {
  const { people } = turn.room
  return people.first(CROWD_PEOPLE).flatMap(({ id }) => (isHere(turn, id) ? [] : id))
}
