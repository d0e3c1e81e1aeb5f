// The log as the application is given it: in order, each event once, over any number of subscriptions.
// The rules Q4 to Q10 of docs/protocol.md are kept here.

import type { Link } from '../connection/link.ts'
import type { Platform } from '../platform.ts'
import type { StompMessage } from '../stomp-client.ts'
import type { Timing } from '../timing.ts'
import type { ChatEvent } from './events.ts'

const LONGEST_SILENCE_MS = 86_400_000

/** `begin` gives the seq to begin after. `onEvent` does not throw. */
export function createLogReader(needs: {
  roomId: string
  begin: number | ((token: string) => Promise<number>)
  readMarker: boolean
  onEvent: (event: ChatEvent) => void
  platform: Platform
  timing: Timing
}) {
  const { roomId, begin, readMarker, onEvent, platform, timing } = needs
  /** The seq of the last event shown. */
  let last: number | undefined = typeof begin === 'number' ? begin : undefined
  let link: Link | undefined
  let subscriptions = 0
  let unsubscribe: (() => void) | undefined
  /** Holes since the last event shown. */
  let holes = 0
  /** Shown on this subscription, not read yet. */
  let unread: { seq: number; acknowledge: () => void }[] = []
  /** Runs until the SUBSCRIBE is answered. */
  let answerTimer: unknown
  let heardAt = 0
  let silence = timing.quiet
  let silenceTimer: unknown
  /** The greatest seq of which a RECEIPT told. */
  let told = 0
  let lateTimer: unknown

  /** Q4: each connection begins after the last seq shown; and each hole ends there. */
  function follow() {
    unsubscribe?.()
    subscriptions += 1
    unread = []
    // Q8: a new id, and nothing is heard under the old one.
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
    // Q5: it was shown.
    if (seq <= Number(last)) return
    const event = prev > Number(last) ? undefined : parse(message.body)
    if (event?.seq !== seq) return repair()
    if (readMarker) unread.push({ seq, acknowledge: () => message.ack() })
    show(event)
  }

  function show(event: ChatEvent) {
    onEvent(event)
    // Q7: the showing alone moves it.
    last = event.seq
    holes = 0
    heardAt = platform.now()
    if (silence !== timing.quiet) listenForSilence(timing.quiet)
  }

  /** Q6: what lies before it is missing, or it cannot be read: both are asked for again. */
  function repair() {
    holes += 1
    if (holes > timing.repairs) link?.drop()
    else follow()
  }

  /**
   * Q9: an event lost on a socket that stays open has none after it that would tell. So there is a look after a
   * silence; and as an idle room should stay idle, each silence is twice as long as the one before.
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

    /** Q10: where the log begins; a page may be read for it. */
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

    /** A RECEIPT told that an event is in the log: it has to be heard soon. */
    expect: (seq: number) => {
      if (!link || seq <= Number(last)) return
      told = Math.max(told, seq)
      platform.clearTimeout(lateTimer)
      lateTimer = platform.setTimeout(() => {
        if (Number(last) < told) follow()
      }, timing.eventLate)
    },

    /** Everything up to a seq was read. */
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
