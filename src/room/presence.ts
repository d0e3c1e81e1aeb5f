// The signals of a room: who is here, counted in people and not in connections, who types, and how far they
// have read. Told and not kept: all of it is known from the sessions.

import type { Principal } from '../auth/principal.ts'
import type { Encoded } from '../stomp/encode.ts'
import type { Connection } from './connection.ts'
import { SNAPSHOT_PEOPLE } from './limits.ts'
import { hasVanished, listeners, living } from './living.ts'
import { encodeMessage, encoder, jsonMessage } from './messages.ts'
import type { ConnectedSession } from './session.ts'
import type { ListenerSubscription } from './subscription.ts'
import type { Turn } from './turn.ts'

interface Person {
  readonly id: string
  readonly name: string
}

/** Tells who is here now: the first thing that a subscriber of the signals hears. */
export function presenceSnapshot(
  turn: Turn,
  session: ConnectedSession,
  subscription: ListenerSubscription,
): Encoded {
  const people = [...here(turn).values()]
  const body = { type: 'presence', count: people.length, here: people.slice(0, SNAPSHOT_PEOPLE) }
  return encodeMessage(jsonMessage(turn.room.newId(), body), session, subscription)
}

/** Tells that a person came, if this is the first connection of theirs. Called before it counts. */
export function announceJoined(turn: Turn, principal: Principal): void {
  announce(turn, 'joined', principal)
}

/** Tells that a person went, if that was the last connection of theirs. Called when it counts no more. */
export function announceLeft(turn: Turn, principal: Principal): void {
  announce(turn, 'left', principal)
}

/** Tells how far a person has read, if no other connection of theirs has read as far. */
export function announceRead(turn: Turn, principal: Principal, seq: number): void {
  for (const { session } of living(turn)) {
    if (session.principal.id !== principal.id) continue
    if (session.readTo !== undefined && session.readTo >= seq) return
    if (
      session.subscriptions.some(
        (each) => each.to === 'log' && each.ack === 'client' && each.acked >= seq,
      )
    )
      return
  }
  tellSignal(turn, { type: 'read', user: person(principal), seq })
}

/** Tells that a person types, or does no more: everybody but the connection that says so. */
export function announceTyping(
  turn: Turn,
  by: Connection,
  principal: Principal,
  typing: boolean,
): void {
  tellSignal(turn, { type: 'typing', user: person(principal), typing }, by)
}

function announce(turn: Turn, type: 'joined' | 'left', principal: Principal): void {
  if (!isHere(turn, principal)) tellSignal(turn, { type, user: person(principal) })
}

function isHere(turn: Turn, { id }: Principal): boolean {
  for (const connection of turn.room.connections()) {
    const { session } = connection
    if (session.phase !== 'connected' || session.principal.id !== id) continue
    if (!hasVanished(turn, connection)) return true
  }
  return false
}

/** Tells something to everybody who listens to the signals, but perhaps one; nothing of it is kept. */
export function tellSignal(turn: Turn, body: Record<string, unknown>, except?: Connection): void {
  const encoded = encoder(jsonMessage(turn.room.newId(), body))
  for (const { connection, session, subscription } of listeners(turn, 'signals')) {
    if (connection === except) continue
    if (connection.congested) turn.leftovers.behind ??= 'stalled'
    turn.outbox.add(connection, encoded(session, subscription))
  }
}

/** The people with a connection that has come through CONNECT. */
function here(turn: Turn): Map<string, Person> {
  const people = new Map<string, Person>()
  for (const { session } of living(turn)) {
    const { id } = session.principal
    if (!people.has(id)) people.set(id, person(session.principal))
  }
  return people
}

const person = ({ id, name }: Principal): Person => ({ id, name })
