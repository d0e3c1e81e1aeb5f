// @ts-check
// Who is here, kept from a room's signals. Pure but for its one callback.

/** @typedef {import('./api.js').User} User */
/** `count` may be larger than `here` is long. @typedef {{ here: User[], count: number }} People */
/** @typedef {{ type: string, here?: User[], count?: number, user?: User, joined?: User[], left?: User[] }} Signal */

/** @param {(people: People) => void} onPeople */
export function createPresence(onPeople) {
  /** @type {Map<string, User>} */
  let here = new Map()
  /** Those of `count` whose names are not known; below 0 where some have left of whom that was not heard. */
  let unnamed = 0

  /** @type {Record<string, (signal: Signal) => void>} */
  const hearers = {
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
    /** Other signals (typing, read markers) are not heard here. @param {Signal} signal */
    hear: (signal) => {
      if (!Object.hasOwn(hearers, signal.type)) return
      hearers[signal.type]?.(signal)
      onPeople({ here: [...here.values()], count: here.size + unnamed })
    },
  }
}
