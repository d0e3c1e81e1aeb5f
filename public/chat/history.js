// @ts-check
// The log of one room as the page shows it: history by pages, and messages as they are now.
import { api } from './api.js'
import { heard, NOTHING, since } from './room-state.js'

/** @typedef {import('./api.js').ChatEvent} ChatEvent */

const PAGE = 50

/**
 * `onHistory`: the messages of a page, and whether there are older ones. `onMessage`: one that is new. `onChanged`: a
 * message that was told is another now. `onOwn`: the idempotency-key of an event of the reader's own in a page.
 * @param {{
 *   roomId: string,
 *   identity: Pick<import('./identity.js').Identity, 'authorized' | 'user'>,
 *   onHistory: (messages: ChatEvent[], more: boolean) => void,
 *   onMessage: (message: ChatEvent) => void,
 *   onChanged: (message: ChatEvent) => void,
 *   onOwn: (key: string) => void,
 * }} options
 */
export function createHistory({ roomId, identity, onHistory, onMessage, onChanged, onOwn }) {
  const userId = identity.user?.id ?? ''
  let state = NOTHING
  /** @type {number | null} where older events go on; null: the beginning */
  let older = null
  let loadingOlder = false

  /** @param {import('./api.js').EventPage} page */
  function takeIn({ events, next }) {
    older = next
    state = events.reduce(heard, state)
    const messages = events.flatMap(({ seq }) => state.messages.get(seq) ?? [])
    onHistory(messages, older !== null)
    for (const { sender, idempotencyKey } of events) {
      if (idempotencyKey !== undefined && sender.id === userId) onOwn(idempotencyKey)
    }
  }

  return {
    /** Loads the newest page. Gives the head of the log. Throws ApiError. @param {string} token */
    loadLatest: async (token) => {
      const page = await api.events(token, roomId, { limit: PAGE })
      takeIn(page)
      return page.head
    },

    /** Loads the page before the oldest event shown. Throws ApiError. */
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

    /** Messages before this seq are not shown any more: `loadOlder` begins there. @param {number} seq */
    olderFrom: (seq) => {
      older = seq
      state = since(state, seq)
    },

    /** Takes in an event that came live. @param {ChatEvent} event */
    hear: (event) => {
      const before = state
      state = heard(before, event)
      const told = state.messages.get(event.seq)
      if (told) return onMessage(told)
      const target = state.messages.get(event.target ?? 0)
      if (target && state !== before) onChanged(target)
    },
  }
}
