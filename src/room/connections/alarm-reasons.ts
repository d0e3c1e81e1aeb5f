// The connections for which a quiet room needs its alarm: those that promised beats and may vanish,
// those that listen to the signals and would be told, and those to which the room promised beats.
// Memory, which follows the sessions.

import type { Connection } from '../ports.ts'

/** Sets of connections for which the alarm is needed. Each change of a session is noted here. */
export class AlarmReasons {
  readonly #beating = new Set<Connection>()
  readonly #watching = new Set<Connection>()
  readonly #promisedBeats = new Set<Connection>()

  /** A connection is new, or another in one of these ways. */
  note(connection: Connection): void {
    const { session } = connection
    if (session.phase !== 'connected') return
    toggle(this.#beating, connection, session.beatsEvery > 0)
    toggle(this.#promisedBeats, connection, session.isBeaten === true)
    const watches = session.subscriptions.some(({ to }) => to === 'signals')
    toggle(this.#watching, connection, watches)
  }

  /** A connection has ended: it is no reason any more. */
  forget(connection: Connection): void {
    for (const set of [this.#beating, this.#watching, this.#promisedBeats]) set.delete(connection)
  }

  /** Begins anew: the caller notes every connection again. */
  clear(): void {
    for (const set of [this.#beating, this.#watching, this.#promisedBeats]) set.clear()
  }

  /** Those whom the room promised beats. */
  get promisedBeats(): Iterable<Connection> {
    return this.#promisedBeats
  }

  /** Whether the alarm has to send beats. */
  get needBeats(): boolean {
    return this.#promisedBeats.size > 0
  }

  /**
   * Whether somebody would be told that another person vanished. It looks at the connections of one
   * person at most.
   */
  get needSweep(): boolean {
    const [one] = this.#watching
    if (!one) return false
    return hasOther(this.#beating, one) || (this.#beating.size > 0 && hasOther(this.#watching, one))
  }
}

function toggle(set: Set<Connection>, connection: Connection, is: boolean): void {
  if (is) set.add(connection)
  else set.delete(connection)
}

/** Whether one of them is somebody else's. */
function hasOther(set: Iterable<Connection>, than: Connection): boolean {
  for (const connection of set) if (personOf(connection) !== personOf(than)) return true
  return false
}

const personOf = ({ session }: Connection) =>
  session.phase === 'ended' ? undefined : session.principal.id
