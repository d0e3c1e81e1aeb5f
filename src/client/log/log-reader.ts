// Gives the application the log: in order, each event once, over any number of subscriptions.
// Keeps the rules Q4 to Q10 of docs/protocol.md.

import type { Link } from '../connection/link.ts'
import type { Platform } from '../platform.ts'
import type { StompMessage } from '../stomp-client.ts'
import type { Timing } from '../timing.ts'
import type { ChatEvent } from './events.ts'

const LONGEST_SILENCE_MS = 86_400_000

/**
 * Reads the log of one room. `opened` and `closed` tell it of the connection.
 *
 * @param needs `begin`: the seq to begin after, or a function that finds it. `onEvent` does not
 * throw.
 */
export function createLogReader(needs: {
  roomId: string
  begin: number | ((token: string) => Promise<number>)
  readMarker: boolean
  onEvent: (event: ChatEvent) => void
  platform: Platform
  timing: Timing
}) {
  const { roomId, begin, readMarker, onEvent, platform, timing } = needs
  /** The seq of the last event given to the application. */
  let last: number | undefined = typeof begin === 'number' ? begin : undefined
  let link: Link | undefined
  let subscriptions = 0
  let unsubscribe: (() => void) | undefined
  /** Holes found since the last event was given. */
  let holes = 0
  /** Given on this subscription and not yet acknowledged. */
  let unread: { seq: number; acknowledge: () => void }[] = []
  /** Runs until the RECEIPT of the SUBSCRIBE. */
  let answerTimer: unknown
  let heardAt = 0
  let silence = timing.quiet
  let silenceTimer: unknown
  /** The greatest seq that a RECEIPT named. */
  let told = 0
  let lateTimer: unknown

  /** Q4: every connection subscribes after the last seq given. So does the repair of a hole. */
  function follow() {
    unsubscribe?.()
    subscriptions += 1
    unread = []
    // Q8: a new subscription id, so that late messages of the old one are ignored.
    const id = `log-${subscriptions}`
    const ack = readMarker ? { ack: 'client' } : {}
    const headers = { id, after: String(last), receipt: `${id}-receipt`, ...ack }
    const overdue = platform.setTimeout(() => link?.drop(), timing.receipt)
    platform.clearTimeout(answerTimer)
    answerTimer = overdue
    link?.watch(headers.receipt, () => platform.clearTimeout(overdue))
    unsubscribe = link?.subscribe(`/topic/chat/room/${roomId}`, receive, headers)
  }

  function receive(message: StompMessage) {
    const [seq, prev] = [Number(message.headers.seq), Number(message.headers.prev)]
    // Q5: it was given already.
    if (seq <= Number(last)) return
    const event = prev > Number(last) ? undefined : parse(message.body)
    if (event?.seq !== seq) return repair()
    if (readMarker) unread.push({ seq, acknowledge: () => message.ack() })
    show(event)
  }

  function show(event: ChatEvent) {
    onEvent(event)
    // Q7: `last` moves only when an event was given.
    last = event.seq
    holes = 0
    heardAt = platform.now()
    if (silence !== timing.quiet) listenForSilence(timing.quiet)
  }

  /** Q6: an event is missing or cannot be parsed, so ask for the log again from `last` on. */
  function repair() {
    holes += 1
    if (holes > timing.repairs) link?.drop()
    else follow()
  }

  /**
   * Q9: the last event before a silence can be lost on a socket that stays open, and no later event
   * would show the hole. So subscribe again after a silence. Each silence is twice as long as the
   * one before, because an idle room should stay idle.
   */
  function listenForSilence(length: number) {
    silence = length
    platform.clearTimeout(silenceTimer)
    if (timing.quiet === 0) return
    silenceTimer = platform.setTimeout(look, heardAt + silence - platform.now())
  }

  function look() {
    if (platform.now() < heardAt + silence) return listenForSilence(silence)
    heardAt = platform.now()
    follow()
    listenForSilence(Math.min(silence * 2, LONGEST_SILENCE_MS))
  }

  return {
    get last() {
      return last
    },

    /** Q10: finds the seq to begin after. The application may load a page of history for it. */
    begin: async (token: string) => {
      if (typeof begin === 'number' || last !== undefined) return
      const head = await begin(token)
      last ??= head
    },

    opened: (opened: Link) => {
      link = opened
      holes = 0
      heardAt = platform.now()
      follow()
      listenForSilence(timing.quiet)
    },

    closed: () => {
      link = undefined
      unsubscribe = undefined
      unread = []
      for (const timer of [answerTimer, silenceTimer, lateTimer]) platform.clearTimeout(timer)
    },

    /** A RECEIPT named an event of the log. If it does not arrive soon, subscribe again. */
    expect: (seq: number) => {
      if (!link || seq <= Number(last)) return
      told = Math.max(told, seq)
      platform.clearTimeout(lateTimer)
      lateTimer = platform.setTimeout(() => {
        if (Number(last) < told) follow()
      }, timing.eventLate)
    },

    /** Acknowledges everything up to a seq. */
    acknowledge: (seq: number) => {
      const read = unread.filter((event) => event.seq <= seq).pop()
      unread = unread.filter((event) => event.seq > seq)
      read?.acknowledge()
      return read !== undefined
    },
  }
}

function parse(body: string): ChatEvent | undefined {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
