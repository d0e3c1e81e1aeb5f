// The log of one room as the page shows it: pages of history, and the messages as they are now.

import type { ChatEvent } from '../../client/index.ts'
import { foldEvent, messagesFrom, NO_MESSAGES } from '../../client/index.ts'
import type { EventPage } from '../api/api.ts'
import { api } from '../api/api.ts'
import type { Identity } from '../identity/identity.ts'

const PAGE = 50

/**
 * `onHistory`: the messages of a page, and whether there are older ones. `onMessage`: a new one.
 * `onChanged`: a message that was shown has changed. `onOwn`: the idempotency-key of an own event
 * in a page.
 */
export function createHistory({
  roomId,
  identity,
  onHistory,
  onMessage,
  onChanged,
  onOwn,
}: {
  roomId: string
  identity: Pick<Identity, 'authorized' | 'user'>
  onHistory: (messages: ChatEvent[], more: boolean) => void
  onMessage: (message: ChatEvent) => void
  onChanged: (message: ChatEvent) => void
  onOwn: (key: string) => void
}) {
  const userId = identity.user?.id ?? ''
  let state = NO_MESSAGES
  /** The cursor of the next older page. Null: there is none. */
  let older: number | null = null
  let loadingOlder = false

  function takeIn({ events, next }: EventPage) {
    older = next
    state = events.reduce(foldEvent, state)
    const messages = events.flatMap(({ seq }) => state.messages.get(seq) ?? [])
    onHistory(messages, older !== null)
    for (const { sender, idempotencyKey } of events) {
      if (idempotencyKey !== undefined && sender.id === userId) onOwn(idempotencyKey)
    }
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

    /** The page dropped the messages before this seq. `loadOlder` continues there. */
    olderFrom: (seq: number) => {
      older = seq
      state = messagesFrom(state, seq)
    },

    /** Takes a live event. */
    hear: (event: ChatEvent) => {
      const before = state
      state = foldEvent(before, event)
      const told = state.messages.get(event.seq)
      if (told) return onMessage(told)
      const target = state.messages.get(event.target ?? 0)
      if (target && state !== before) onChanged(target)
    },
  }
}
