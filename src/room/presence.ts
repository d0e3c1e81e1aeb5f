// Who is here: a signal, counted in people and not in connections. Nothing of it is stored.

import type { Principal } from '../auth/principal.ts'
import { SNAPSHOT_PEOPLE } from './limits.ts'
import { listeners, living } from './living.ts'
import { encodeMessage, encoder, type Message } from './messages.ts'
import type { ConnectedSession, Subscription } from './session.ts'
import type { Turn } from './turn.ts'

interface Person {
  readonly id: string
  readonly name: string
}

/** Tells who is here now: the first thing that a subscriber of the signals hears. */
export function presenceSnapshot(
  turn: Turn,
  session: ConnectedSession,
  subscription: Subscription,
): string {
  const people = [...here(turn).values()]
  const body = { type: 'presence', count: people.length, here: people.slice(0, SNAPSHOT_PEOPLE) }
  return encodeMessage(signal(turn, body), session, subscription)
}

/** Tells that a person came, if this is the first connection of theirs. Called before it counts. */
export function announceJoined(turn: Turn, principal: Principal): void {
  announce(turn, 'joined', principal)
}

/** Tells that a person went, if that was the last connection of theirs. Called when it counts no more. */
export function announceLeft(turn: Turn, principal: Principal): void {
  announce(turn, 'left', principal)
}

function announce(turn: Turn, type: 'joined' | 'left', principal: Principal): void {
  if (here(turn).has(principal.id)) return
  const encoded = encoder(signal(turn, { type, user: person(principal) }))
  for (const { connection, session, subscription } of listeners(turn, 'signals')) {
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

function signal(turn: Turn, body: Record<string, unknown>): Message {
  return { id: turn.room.newId(), headers: [], body: JSON.stringify(body) }
}

const person = ({ id, name }: Principal): Person => ({ id, name })
