// @ts-check
// One reader in one room: history, the live log without hole or double, presence, and the outbox.
// Framework-free: everything it learns it tells its listener.
import { api } from './api.js'
import { createConnection } from './connection.js'
import { createOutbox } from './outbox.js'
import { createPresence } from './presence.js'

/** @typedef {import('./api.js').ChatEvent} ChatEvent */
/** @typedef {import('./api.js').Room} Room */
/** @typedef {import('./outbox.js').Outgoing} Outgoing */
/** @typedef {import('../vendor/stompjs/index.js').Client} Client */
/** @typedef {import('../vendor/stompjs/index.js').IMessage} IMessage */
/**
 * @typedef {{
 *   onState: (state: import('./connection.js').ConnectionState) => void,
 *   onRoom: (room: Room) => void,
 *   onHistory: (events: ChatEvent[], more: boolean) => void,
 *   onEvent: (event: ChatEvent) => void,
 *   onOutgoing: (entry: Outgoing) => void,
 *   onSettled: (key: string) => void,
 *   onPeople: (people: import('./presence.js').People) => void,
 * }} Listener
 */

const PAGE = 50
const EVENT_LATE_MS = 5000
const JSON_BODY = { 'content-type': 'application/json' }

/** @typedef {ReturnType<typeof openRoomSession>} RoomSession */

/**
 * @param {string} roomId
 * @param {import('./identity.js').Identity} identity
 * @param {Listener} listener
 */
export function openRoomSession(roomId, identity, listener) {
  /** The seq of the newest event shown, and where older ones go on (null: the beginning). */
  let last = 0
  /** @type {number | null} */
  let older = null
  let loaded = false
  let loadingOlder = false
  /** @type {{ userId: string, token: string } | undefined} whom the socket belongs to */
  let speaker
  /** @type {Client | undefined} */
  let client
  let logs = 0
  /** @type {import('../vendor/stompjs/index.js').StompSubscription | undefined} */
  let log

  const presence = createPresence(listener.onPeople)
  const outbox = createOutbox({
    storageKey: `stompbox.outbox.${roomId}`,
    transmit,
    onChange: listener.onOutgoing,
    onSilence: () => connection.drop(),
  })
  const connection = createConnection({ prepare, onState, onOpen, onClose })
  const stopListening = identity.onChange(() => {
    // An expired guest came back under a new id: the socket must belong to the same one.
    if (speaker && identity.user?.id !== speaker.userId) connection.drop()
  })

  function prepare() {
    return identity.authorized(async (token) => {
      const userId = identity.user?.id ?? ''
      if (!loaded) await loadLatest(token)
      // Because a new principal's idempotency-keys are its own: look for our sends in the log.
      else if (speaker && speaker.userId !== userId) await catchUp(token)
      const { url } = await api.ticket(token, roomId)
      speaker = { userId, token }
      return { url, token }
    })
  }

  /** @param {import('./connection.js').ConnectionState} state */
  function onState(state) {
    if (state.phase === 'ended') outbox.end(state.code)
    listener.onState(state)
  }

  /** @param {string} token */
  async function loadLatest(token) {
    listener.onRoom(await api.room(token, roomId))
    const page = await api.events(token, roomId, { limit: PAGE })
    loaded = true
    last = page.head
    older = page.next
    listener.onHistory(page.events, older !== null)
    outbox.restore(identity.isMine)
    for (const { idempotencyKey } of page.events) settle(idempotencyKey)
  }

  /** @param {string} token */
  async function catchUp(token) {
    for (let more = true; more; ) {
      const page = await api.events(token, roomId, { after: last, limit: PAGE })
      for (const event of page.events) receive(event)
      more = page.events.length > 0 && page.next !== null
    }
  }

  /** @param {Client} connected */
  function onOpen(connected) {
    client = connected
    log = undefined
    client.subscribe('/user/queue/errors', ({ headers }) => {
      outbox.refuse(headers['receipt-id'] ?? '', headers.code ?? 'internal')
    })
    followLog()
    client.subscribe(`/topic/rooms/${roomId}`, ({ body }) => presence.hear(JSON.parse(body)))
    outbox.opened()
  }

  /** @param {string | undefined} blame */
  function onClose(blame) {
    client = undefined
    outbox.closed(blame)
  }

  /** Subscribes after the newest event known; again, whenever a hole shows. */
  function followLog() {
    log?.unsubscribe()
    logs += 1
    const headers = { id: `log-${logs}`, after: String(last) }
    log = client?.subscribe(`/topic/chat/room/${roomId}`, onLogMessage, headers)
  }

  /** @param {IMessage} message */
  function onLogMessage({ headers, body }) {
    if (Number(headers.prev) > last) return followLog()
    receive(JSON.parse(body))
  }

  /** @param {ChatEvent} event */
  function receive(event) {
    if (event.seq <= last) return
    last = event.seq
    listener.onEvent(event)
    settle(event.idempotencyKey)
  }

  /** @param {string | undefined} key */
  function settle(key) {
    if (key !== undefined && outbox.settle(key)) listener.onSettled(key)
  }

  /**
   * @param {Outgoing} entry
   * @param {string} receipt
   */
  function transmit({ key, content }, receipt) {
    if (!client?.connected) return
    client.watchForReceipt(receipt, ({ headers }) => onReceipt(key, Number(headers.seq)))
    client.publish({
      destination: '/pub/send/message',
      headers: { ...JSON_BODY, 'idempotency-key': key, receipt, ...newerToken() },
      body: JSON.stringify({ content }),
    })
  }

  /** A token renewed meanwhile goes with the next frame, and the session lives on. */
  function newerToken() {
    const token = identity.accessToken
    if (!speaker || !token || token === speaker.token) return {}
    if (identity.user?.id !== speaker.userId) return {}
    speaker = { ...speaker, token }
    return { Authorization: `Bearer ${token}` }
  }

  /**
   * @param {string} key
   * @param {number} seq
   */
  function onReceipt(key, seq) {
    if (!outbox.acknowledge(key, seq)) return
    // A repeated send whose event lies further back than what was loaded.
    if (seq <= last) return settle(key)
    setTimeout(() => {
      if (client?.connected && last < seq) followLog()
    }, EVENT_LATE_MS)
  }

  connection.start()

  return {
    send: (/** @type {string} */ content) => outbox.add(content, identity.user?.id ?? ''),
    retry: outbox.retry,
    withdraw: outbox.withdraw,
    hurry: connection.hurry,
    probe: connection.probe,

    /** The page before the oldest event shown, told to `onHistory`. Throws ApiError. */
    loadOlder: async () => {
      if (older === null || loadingOlder) return
      loadingOlder = true
      try {
        const bounds = { before: older, limit: PAGE }
        const page = await identity.authorized((token) => api.events(token, roomId, bounds))
        older = page.next
        listener.onHistory(page.events, older !== null)
      } finally {
        loadingOlder = false
      }
    },

    /** Events before this seq are not shown any more: `loadOlder` begins there. */
    olderFrom: (/** @type {number} */ seq) => {
      older = seq
    },

    close: () => {
      stopListening()
      connection.stop()
    },
  }
}
