// Who is here, kept from a room's signals. It calls back, and is pure but for that.

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
  /** Takes in a signal of the room. Other signals (typing, read positions) change nothing. */
  hear(signal: Signal): void
}

/** Tells `onPeople` after each change who is here: give it to `onSignal` of createRoomClient. */
export function createPresence(onPeople: (people: People) => void): Presence {
  let here: Map<string, Person> = new Map()
  /** Those of `count` whose names are not known; below 0 where some have left of whom that was not heard. */
  let unnamed = 0

  const hearers: Record<string, (signal: PresenceSignal) => void> = {
    // A snapshot names who is here. In a room with many people a change names who came and went.
    presence: ({ here: everybody, joined = [], left = [], count }) => {
      if (everybody) here = new Map(everybody.map((user) => [user.id, user]))
      for (const { id } of left) here.delete(id)
      for (const user of joined) here.set(user.id, user)
      unnamed = (count ?? here.size) - here.size
    },
    joined: ({ user }) => {
      if (user) here.set(user.id, user)
    },
    left: ({ user }) => {
      if (user && !here.delete(user.id) && unnamed > 0) unnamed--
    },
  }

  return {
    hear: (signal) => {
      if (!Object.hasOwn(hearers, signal.type)) return
      hearers[signal.type]?.(signal as PresenceSignal & Signal)
      onPeople({ here: [...here.values()], count: here.size + unnamed })
    },
  }
}
