// Keeps who is in a room, and who of them is a guest or a lookalike, from its signals.

import type { Person, Signal } from './log/events.ts'

/** `count` may be larger than the length of `here`: in a crowd not everybody is named. */
export interface People {
  readonly here: readonly Person[]
  readonly count: number
}

/** As docs/protocol.md describes the signals of presence. */
interface PresenceSignal {
  here?: Person[]
  count?: number
  user?: Person
  joined?: Person[]
  left?: Person[]
}

/** Who is here, as the signals heard so far tell. */
export interface Presence {
  /**
   * Takes a signal of the room. From a typing or read signal it takes only how its person is
   * marked.
   */
  hear(signal: Signal): void
  /** Whether somebody is named here and is no guest. */
  hasAccount(id: string): boolean
  /** A guest has become an account. */
  becameAccount(id: string): void
}

/**
 * Calls `onPeople` after each change. Pass the room's signals to it.
 *
 * @example onSignal: (signal) => presence.hear(signal)
 */
export function createPresence(onPeople: (people: People) => void): Presence {
  let here: Map<string, Person> = new Map()
  /** How many of `count` are not named. Below 0 after the loss of a `left` signal. */
  let unnamed = 0

  /** Each returns whether something changed. */
  const hearers: Record<string, (signal: PresenceSignal) => boolean> = {
    // `here` is a snapshot. In a room with many people, `joined` and `left` are a change.
    presence: ({ here: everybody, joined = [], left = [], count }) => {
      if (everybody) here = new Map(everybody.map((user) => [user.id, user]))
      for (const { id } of left) here.delete(id)
      for (const user of joined) here.set(user.id, user)
      unnamed = (count ?? here.size) - here.size
      return true
    },
    joined: ({ user }) => {
      if (user) here.set(user.id, user)
      return true
    },
    left: ({ user }) => {
      if (user && !here.delete(user.id) && unnamed > 0) unnamed--
      return true
    },
    typing: ({ user }) => note(user),
    read: ({ user }) => note(user),
  }

  /**
   * Marks change without a signal of their own: a guest becomes an account, a look-alike's model
   * leaves.
   */
  function note(user?: Person): boolean {
    const known = here.get(user?.id ?? '')
    if (!user || !known || isMarkedAlike(user, known)) return false
    here.set(user.id, user)
    return true
  }

  const tell = () => onPeople({ here: [...here.values()], count: here.size + unnamed })

  return {
    hear: (signal) => {
      if (!Object.hasOwn(hearers, signal.type)) return
      if (hearers[signal.type]?.(signal as PresenceSignal & Signal)) tell()
    },

    hasAccount: (id) => here.has(id) && !here.get(id)?.guest,

    becameAccount: (id) => {
      const known = here.get(id)
      if (!known) return
      const { guest: _guest, ...user } = known
      here.set(id, user)
      tell()
    },
  }
}

const isMarkedAlike = (one: Person, other: Person) =>
  one.name === other.name && one.guest === other.guest && one.lookalike === other.lookalike
