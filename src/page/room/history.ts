// The log of one room as the page shows it: pages of history, the messages as they are now, and
// what is pinned.

import type { ChatEvent } from '../../client/index.ts'
import { foldEvent, messagesFrom, NO_MESSAGES, pinnedMessages } from '../../client/index.ts'
import type { EventPage } from '../api/api.ts'
import { api } from '../api/api.ts'
import type { Identity } from '../identity/identity.ts'

const PAGE = 50

/** Events that the log shows as a line. Others change a message, or are not known. */
const NOTES = new Set(['joined', 'left', 'role', 'renamed', 'pinned', 'unpinned'])

/** A pinned message. It is missing if the page dropped it meanwhile. */
export interface Pin {
  readonly seq: number
  readonly message: ChatEvent | undefined
}

/**
 * `onHistory`: what a page shows, and whether there is something older. `onMessage`: a new message,
 * or another event that the log shows. `onChanged`: a message that was shown has changed. `onOwn`:
 * the idempotency-key of an own event in a page. `onPins`: what is pinned, the newest pin first.
 */
export function createHistory({
  roomId,
  identity,
  onHistory,
  onMessage,
  onChanged,
  onOwn,
  onPins,
}: {
  roomId: string
  identity: Pick<Identity, 'authorized' | 'user'>
  onHistory: (messages: ChatEvent[], more: boolean) => void
  onMessage: (message: ChatEvent) => void
  onChanged: (message: ChatEvent) => void
  onOwn: (key: string) => void
  onPins: (pins: readonly Pin[]) => void
}) {
  const userId = identity.user?.id ?? ''
  let state = NO_MESSAGES
  let pins: readonly Pin[] = []
  /** The cursor of the next older page. Null: there is none. */
  let older: number | null = null
  let loadingOlder = false

  /** An event as the log shows it, or nothing. */
  const shown = (event: ChatEvent) =>
    NOTES.has(event.type) ? event : state.messages.get(event.seq)

  function takeIn({ events, next }: EventPage) {
    older = next
    state = events.reduce(foldEvent, state)
    onHistory(
      events.flatMap((event) => shown(event) ?? []),
      older !== null,
    )
    for (const { sender, idempotencyKey } of events) {
      if (idempotencyKey !== undefined && sender.id === userId) onOwn(idempotencyKey)
    }
    tellPins()
  }

  function tellPins() {
    const now = pinnedMessages(state).map((seq) => ({ seq, message: state.messages.get(seq) }))
    const isSame = ({ seq, message }: Pin, at: number) =>
      pins[at]?.seq === seq && pins[at]?.message === message
    if (now.length === pins.length && now.every(isSame)) return
    pins = now
    onPins(pins)
  }

  return {
    /**
     * Loads the newest page. Resolves with the head of the log.
     *
     * @throws HttpRefusal
     */
    loadLatest: async (token: string) => {
      const page = await api.events(token, roomId, { limit: PAGE })
      takeIn(page)
      return page.head
    },

    /**
     * Loads the page before the oldest event shown.
     *
     * @throws HttpRefusal
     */
    loadOlder: async () => {
      if (older === null || loadingOlder) return
      loadingOlder = true
      try {
        const bounds = { before: older, limit: PAGE }
        takeIn(await identity.authorized((token) => api.events(token, roomId, bounds)))
      } finally {
        loadingOlder = false
      }
    },

    /**
     * Loads what was pinned before the newest page.
     *
     * @throws HttpRefusal
     */
    loadPins: async () => {
      const answer = await identity.authorized((token) => api.pins(token, roomId))
      for (const { message, ...event } of answer.pins) {
        state = foldEvent(message ? foldEvent(state, message) : state, event)
      }
      tellPins()
    },

    /** The page dropped the messages before this seq. `loadOlder` continues there. */
    olderFrom: (seq: number) => {
      older = seq
      state = messagesFrom(state, seq)
    },

    /** Takes a live event. */
    hear: (event: ChatEvent) => {
      const before = state
      state = foldEvent(before, event)
      tellPins()
      const told = shown(event)
      if (told) return onMessage(told)
      if (state.messages === before.messages) return
      // Its target, and the replies that quote it.
      for (const [seq, message] of state.messages) {
        if (message !== before.messages.get(seq)) onChanged(message)
      }
    },
  }
}
