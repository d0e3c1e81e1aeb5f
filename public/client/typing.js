// @ts-check
// Who types: what is told of this reader, seldom however fast the keys, and what was heard of others, which is
// forgotten after a while.

/** @typedef {import('./room-client.js').Person} Person */
/** @typedef {import('./room-client.js').Signal} Signal */

const DESTINATION = '/pub/typing'
/** A refusal names it. */
const HEADERS = { 'content-type': 'application/json', receipt: 'typing-signal' }

/**
 * `userId`: what is told of one's own other tabs is no news.
 * @param {{
 *   publish: import('./room-client.js').RoomClient['publish'],
 *   onTyping: (people: readonly Person[]) => void,
 *   userId: string | undefined,
 *   platform: import('./room-client.js').Platform,
 *   timing: import('./room-client.js').Timing,
 * }} needs
 */
export function createTyping({ publish, onTyping, userId, platform, timing }) {
  let open = false
  /** The room does not let this person. */
  let refused = false
  /** When it was told last that this person types; undefined where others do not think so. */
  let /** @type {number | undefined} */ toldAt
  /** @type {unknown} runs since the last key */
  let pause
  /** @type {Map<string, { person: Person, timer: unknown }>} the others who type, in the order they began */
  const others = new Map()

  /** @param {boolean} on */
  const say = (on) => void publish(DESTINATION, JSON.stringify({ typing: on }), HEADERS)

  /** Others do not think so any more. */
  function rest() {
    platform.clearTimeout(pause)
    toldAt = undefined
  }

  function stop() {
    const told = toldAt !== undefined
    rest()
    if (told) say(false)
  }

  const tell = () => onTyping([...others.values()].map(({ person }) => person))

  /** @param {string} id */
  function forget(id) {
    const other = others.get(id)
    if (!other) return
    platform.clearTimeout(other.timer)
    others.delete(id)
    tell()
  }

  /** @param {Person} person */
  function note(person) {
    const { id } = person
    const known = others.get(id)
    platform.clearTimeout(known?.timer)
    // Whoever types may vanish without a word.
    const timer = platform.setTimeout(() => forget(id), timing.typingLasts)
    others.set(id, { person: known?.person ?? person, timer })
    if (!known) tell()
  }

  return {
    /** A key was pressed; or, with false, nothing is being written any more. */
    typing: (on = true) => {
      if (!on) return stop()
      if (!open || refused) return
      platform.clearTimeout(pause)
      pause = platform.setTimeout(stop, timing.typingPause)
      if (toldAt !== undefined && platform.now() - toldAt < timing.typing) return
      toldAt = platform.now()
      say(true)
    },

    /** Something was said. A message ends it by itself. @param {import('./room-client.js').Entry['kind']} kind */
    said: (kind) => {
      if (kind === 'message') rest()
      if (kind === 'edit') stop()
    },

    /** Somebody's message is in the log. @param {string} senderId */
    heardFrom: forget,

    /** @param {Signal} signal */
    hear: ({ type, user, typing, left }) => {
      if (type === 'presence' && Array.isArray(left)) {
        for (const who of left) forget(/** @type {Partial<Person>} */ (Object(who)).id ?? '')
        return
      }
      const { id, name } = /** @type {Partial<Person>} */ (Object(user))
      if (id === undefined) return
      if (type === 'left') forget(id)
      if (type === 'standing' && id === userId) refused = false
      if (type !== 'typing' || id === userId) return
      if (typing === true) note({ id, name: String(name) })
      else forget(id)
    },

    /**
     * Whether the refusal is about this.
     * @param {string} receipt
     * @param {string} code
     */
    refused: (receipt, code) => {
      if (receipt !== HEADERS.receipt) return false
      rest()
      refused = code === 'not-allowed'
      return true
    },

    opened: () => {
      open = true
      refused = false
    },

    closed: () => {
      open = false
      rest()
      if (others.size === 0) return
      for (const { timer } of others.values()) platform.clearTimeout(timer)
      others.clear()
      tell()
    },
  }
}
