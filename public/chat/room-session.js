// @ts-check
// One reader in one room: history, the live log without hole or double, presence, and the outbox.
// Framework-free: everything it learns it tells its listener.
import { api } from './api.js'
import { createConnection } from './connection.js'
import { createOutbox } from './outbox.js'
import { createPresence } from './presence.js'
import { endsSignIn } from './verdict.js'

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
  /** The token that the server knows the socket by. */
  let token = ''
  /** @type {Client | undefined} */
  let client
  let logs = 0
  /** @type {import('../vendor/stompjs/index.js').StompSubscription | undefined} */
  let log

  const presence = createPresence(listener.onPeople)
  const outbox = createOutbox({
    roomId,
    transmit,
    onChange: listener.onOutgoing,
    onSilence: () => connection.drop(),
  })
  const connection = createConnection({ prepare, onState, onOpen, onClose })
  const stopListening = identity.onUpdate(renew)

  function prepare() {
    return identity.authorized(async (newest) => {
      if (!loaded) await loadLatest(newest)
      const { url } = await api.ticket(newest, roomId)
      token = newest
      return { url, token }
    })
  }

  /** In place: the socket lives as long as the newest token. */
  function renew() {
    const newest = identity.accessToken
    if (!client?.connected || !newest || newest === token) return
    const receipt = crypto.randomUUID()
    client.watchForReceipt(receipt, () => {
      token = newest
    })
    client.publish({
      destination: '/app/auth',
      headers: { Authorization: `Bearer ${newest}`, receipt },
    })
  }

  /** @param {import('./connection.js').ConnectionState} state */
  function onState(state) {
    if (state.phase === 'ended') outbox.end(state.code)
    listener.onState(state)
    if (state.phase === 'ended' && endsSignIn(state.code)) identity.end(state.code)
  }

  /** @param {string} newest */
  async function loadLatest(newest) {
    listener.onRoom(await api.room(newest, roomId))
    const page = await api.events(newest, roomId, { limit: PAGE })
    loaded = true
    last = page.head
    older = page.next
    listener.onHistory(page.events, older !== null)
    outbox.restore(identity.isMine)
    for (const { idempotencyKey } of page.events) settle(idempotencyKey)
  }

  /** @param {Client} connected */
  function onOpen(connected) {
    client = connected
    log = undefined
    renew()
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
      headers: { ...JSON_BODY, 'idempotency-key': key, receipt },
      body: JSON.stringify({ content }),
    })
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
      outbox.leave()
      connection.stop()
    },
  }
}
