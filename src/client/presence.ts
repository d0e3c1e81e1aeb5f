// Who is here, and how they are marked, kept from a room's signals. It calls back, and is pure but for that.

import type { Person, Signal } from './log/events.ts'

/** `count` may be larger than `here` is long: in a crowd not everybody is named. */
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

export interface Presence {
  /** Takes in a signal of the room. A typing or read signal tells only how its person is marked now. */
  hear(signal: Signal): void
  /** Whether somebody is named here and is no guest. */
  hasAccount(id: string): boolean
  /** A guest has become an account. */
  becameAccount(id: string): void
}

/** Tells `onPeople` after each change who is here: give it to `onSignal` of createRoomClient. */
export function createPresence(onPeople: (people: People) => void): Presence {
  let here: Map<string, Person> = new Map()
  /** Those of `count` whose names are not known; below 0 where some have left of whom that was not heard. */
  let unnamed = 0

  /** Each says whether there is something to tell. */
  const hearers: Record<string, (signal: PresenceSignal) => boolean> = {
    // A snapshot names who is here. In a room with many people a change names who came and went.
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

  /** Marks change without a signal of their own: a guest becomes an account, a look-alike's model leaves. */
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
