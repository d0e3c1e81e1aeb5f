// Typing signals: sends few of them, however fast the person types, and keeps who else types, each
// for a while.

import type { Person, Signal } from './log/events.ts'
import type { RoomClient } from './options.ts'
import type { Entry } from './outbox/entry.ts'
import type { Platform } from './platform.ts'
import type { Timing } from './timing.ts'

const DESTINATION = '/pub/typing'
/** A refusal names this receipt. */
const HEADERS = { 'content-type': 'application/json', receipt: 'typing-signal' }

/**
 * Sends and hears typing signals. `opened` and `closed` tell it of the connection.
 *
 * @param needs `userId`: typing in the person's other tabs is ignored
 */
export function createTyping({
  publish,
  onTyping,
  userId,
  platform,
  timing,
}: {
  publish: RoomClient['publish']
  onTyping: (people: readonly Person[]) => void
  userId: string | undefined
  platform: Platform
  timing: Timing
}) {
  let open = false
  /** The person may not write here. */
  let forbidden = false
  /** When the last signal was sent. Undefined while others do not see this person typing. */
  let toldAt: number | undefined
  /** Runs since the last key. */
  let pause: unknown
  /** The others who type, in the order they began. */
  const others: Map<string, { person: Person; timer: unknown }> = new Map()

  const say = (on: boolean) => void publish(DESTINATION, JSON.stringify({ typing: on }), HEADERS)

  /** Others do not see this person typing any more. */
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

  function forget(id: string) {
    const other = others.get(id)
    if (!other) return
    platform.clearTimeout(other.timer)
    others.delete(id)
    tell()
  }

  function note(person: Person) {
    const { id } = person
    const known = others.get(id)
    platform.clearTimeout(known?.timer)
    // Somebody who types may vanish without a signal.
    const timer = platform.setTimeout(() => forget(id), timing.typingLasts)
    others.set(id, { person: known?.person ?? person, timer })
    if (!known) tell()
  }

  return {
    /** A key was pressed; with false, the person stopped typing. */
    typing: (on = true) => {
      if (!on) return stop()
      if (!open || forbidden) return
      platform.clearTimeout(pause)
      pause = platform.setTimeout(stop, timing.typingPause)
      if (toldAt !== undefined && platform.now() - toldAt < timing.typing) return
      toldAt = platform.now()
      say(true)
    },

    /** An entry was sent. A message ends the typing by itself, so it needs no signal. */
    said: (kind: Entry['kind']) => {
      if (kind === 'message') rest()
      if (kind === 'edit') stop()
    },

    /** A message of this person arrived. */
    heardFrom: forget,

    hear: ({ type, user, typing, left }: Signal) => {
      if (type === 'presence' && Array.isArray(left)) {
        for (const who of left) forget((Object(who) as Partial<Person>).id ?? '')
        return
      }
      const { id, name } = Object(user) as Partial<Person>
      if (id === undefined) return
      if (type === 'left') forget(id)
      if (type === 'standing' && id === userId) forbidden = false
      if (type !== 'typing' || id === userId) return
      if (typing === true) note({ id, name: String(name) })
      else forget(id)
    },

    /** Takes a refusal, if it is about a typing signal. Returns whether it was. */
    takeRefusal: (receipt: string, code: string) => {
      if (receipt !== HEADERS.receipt) return false
      rest()
      forbidden = code === 'not-allowed'
      return true
    },

    opened: () => {
      open = true
      forbidden = false
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
