// The connections of a room by person: what a join looks at instead of every connection (R6). In
// memory: built from the sessions at the first turn after waking, and updated with each of their
// changes.

import type { Principal } from '../../auth/principal.ts'
import { AlarmReasons } from '../connections/alarm-reasons.ts'
import { sharesMessages } from '../connections/session.ts'
import type { Connection } from '../ports.ts'
import { Lookalikes } from './lookalikes.ts'

interface Presence {
  /** Those that have not ended, whether they have come through CONNECT or not. */
  readonly connections: Set<Connection>
  /** Undefined where none has come through CONNECT. */
  person: Principal | undefined
}

/** Who is here, by id, and the connections of each. */
export class People {
  readonly alarmReasons = new AlarmReasons()
  readonly lookalikes = new Lookalikes()
  readonly #known = new Map<string, Presence>()
  /** Ids of those who are here, sorted: a snapshot names the same people after an eviction (H1). */
  readonly #here: string[] = []
  #size = 0
  /** Connections whose frames each have a WebSocket message of their own. */
  readonly #apart = new Set<Connection>()

  /** Begins anew from all connections. */
  build(connections: Iterable<Connection>): void {
    this.#known.clear()
    this.#size = this.#here.length = 0
    this.#apart.clear()
    this.alarmReasons.clear()
    this.lookalikes.clear()
    for (const connection of connections) {
      const { session } = connection
      if (session.phase === 'ended') continue
      this.#size++
      this.#presenceOf(session.principal.id).connections.add(connection)
      this.#noteKind(connection)
      this.lookalikes.put(connection)
    }
    for (const [id, presence] of this.#known) {
      presence.person = named(presence.connections)
      if (presence.person) this.#here.push(id)
    }
    this.#here.sort(order)
  }

  /** How many connections have not ended. */
  get size(): number {
    return this.#size
  }

  /** How many connections are told each frame in a WebSocket message of its own. */
  get oneFrameConnections(): number {
    return this.#apart.size
  }

  /** How many people have a connection that has come through CONNECT. */
  get count(): number {
    return this.#here.length
  }

  /** Those people, so many at most. */
  first(most: number): Principal[] {
    return this.#here.slice(0, most).flatMap((id) => this.#known.get(id)?.person ?? [])
  }

  /** The connections of a person that have not ended. */
  connectionsOf(personId: string): readonly Connection[] {
    return [...(this.#known.get(personId)?.connections ?? [])]
  }

  /** A connection is new, has come through CONNECT, or goes on by another token. */
  connectionChanged(connection: Connection): void {
    const { session } = connection
    if (session.phase === 'ended') return
    const { id } = session.principal
    const presence = this.#presenceOf(id)
    if (!presence.connections.has(connection)) this.#size++
    presence.connections.add(connection)
    this.#noteKind(connection)
    this.lookalikes.put(connection)
    this.#updatePerson(id, presence)
  }

  /** A connection of this person has ended. */
  ended(connection: Connection, personId: string): void {
    const presence = this.#known.get(personId)
    if (!presence?.connections.delete(connection)) return
    this.#size--
    this.#apart.delete(connection)
    this.alarmReasons.forget(connection)
    this.lookalikes.drop(connection)
    this.#updatePerson(personId, presence)
    if (presence.connections.size === 0) this.#known.delete(personId)
  }

  #noteKind(connection: Connection): void {
    const { session } = connection
    if (session.phase === 'connected' && !sharesMessages(session)) this.#apart.add(connection)
    this.alarmReasons.note(connection)
  }

  #presenceOf(id: string): Presence {
    const known = this.#known.get(id)
    if (known) return known
    const presence = { connections: new Set<Connection>(), person: undefined }
    this.#known.set(id, presence)
    return presence
  }

  #updatePerson(id: string, presence: Presence): void {
    const was = presence.person !== undefined
    presence.person = named(presence.connections)
    const is = presence.person !== undefined
    if (was === is) return
    this.#here.splice(placeOf(this.#here, id), was ? 1 : 0, ...(is ? [id] : []))
  }
}

const order = (a: string, b: string) => (a < b ? -1 : Number(a > b))

/** Whose connections these are, by the name in the newest token. */
function named(connections: Iterable<Connection>): Principal | undefined {
  let newest: { readonly until: number; readonly by: string; readonly who: Principal } | undefined
  for (const { session } of connections) {
    if (session.phase !== 'connected') continue
    const { expiresAt: until, id: by, principal: who } = session
    const later = until - (newest?.until ?? 0) || order(by, newest?.by ?? '')
    if (later > 0) newest = { until, by, who }
  }
  return newest?.who
}

/** Where an id stands in a sorted list, or would stand. */
function placeOf(sorted: readonly string[], id: string): number {
  let [from, to] = [0, sorted.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if ((sorted[middle] ?? '') < id) from = middle + 1
    else to = middle
  }
  return from
}
