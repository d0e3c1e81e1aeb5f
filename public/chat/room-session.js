// @ts-check
// One reader in one room: the client of public/client, fed with who the reader is, beside the page's own history and
// presence. Framework-free: everything it learns it tells its listener.
import { createIndexedDbOutbox } from '../client/indexed-db-outbox.js'
import { createRoomClient } from '../client/room-client.js'
import { endsSignIn } from '../client/verdict.js'
import { Client } from '../vendor/stompjs/index.js'
import { api } from './api.js'
import { createHistory } from './history.js'
import { atOwnAddress } from './own-address.js'
import { createPresence } from './presence.js'
import { ApiError } from './request.js'

/** @typedef {import('./api.js').ChatEvent} ChatEvent */
/** @typedef {import('../client/room-client.js').Entry} Entry */
/** @typedef {import('../client/room-client.js').State} State */
/**
 * `onChanged`: a message that was told is another now. `onStanding`: of the reader. `onSettled`: an entry of the outbox is in the log, or withdrawn.
 * @typedef {{
 *   onState: (state: State) => void,
 *   onRoom: (room: import('./api.js').Room) => void,
 *   onHistory: (messages: ChatEvent[], more: boolean) => void,
 *   onMessage: (message: ChatEvent) => void,
 *   onChanged: (message: ChatEvent) => void,
 *   onOutgoing: (entry: Entry) => void,
 *   onSettled: (key: string) => void,
 *   onPeople: (people: import('./presence.js').People) => void,
 *   onStanding: (standing: import('./api.js').Standing) => void,
 *   onTyping: (people: readonly import('./api.js').User[]) => void,
 * }} Listener
 */

/** @typedef {ReturnType<typeof openRoomSession>} RoomSession */

/**
 * @param {string} roomId
 * @param {import('./identity.js').Identity} identity
 * @param {Listener} listener
 */
export function openRoomSession(roomId, identity, listener) {
  const userId = identity.user?.id ?? ''
  /** @type {string | undefined} why nothing leaves any more */
  let ended
  /** @type {Set<string>} the keys of our own events that pages brought */
  const logged = new Set()

  const history = createHistory({
    roomId,
    identity,
    ...listener,
    onOwn: (key) => {
      logged.add(key)
      client.withdraw(key)
    },
  })
  const presence = createPresence(listener.onPeople)
  const client = createRoomClient({
    roomId,
    Client,
    userId,
    session: {
      accessToken: identity.livingToken,
      refused: (_code, token) => identity.refuse(token),
      expiresAt: () => identity.expiresAt,
    },
    api: {
      ticket: async (token) => {
        const { url, room } = await api.ticket(token, roomId)
        // What changed while nobody listened comes with it: the reader's standing, the room's settings. A server that was
        // rolled back to an older version does not say.
        if (room) listener.onRoom(room)
        return { url: atOwnAddress(url, location) }
      },
    },
    after: history.loadLatest,
    outbox: ownOutbox(roomId, userId, identity),
    onEvent: history.hear,
    onSignal,
    onTyping: listener.onTyping,
    onState,
    onOutgoing,
    onProblem: (problem) => {
      // A refusal is no bug: what it means for the connection is shown.
      if (!(problem instanceof ApiError)) console.error(problem)
    },
  })
  // A newer token is shown in place: the socket lives as long as it does.
  const stopListening = identity.onUpdate(() => void client.renew())

  /** @param {import('./presence.js').Signal & { standing?: import('./api.js').Standing }} signal */
  function onSignal(signal) {
    presence.hear(signal)
    const { type, user, standing } = signal
    if (type === 'standing' && user?.id === userId && standing) listener.onStanding(standing)
  }

  /** @param {State} next */
  function onState(next) {
    listener.onState(next)
    if (next.phase !== 'ended') return
    ended = next.code
    for (const entry of client.outgoing) listener.onOutgoing(stranded(entry, ended))
    if (endsSignIn(next.code)) identity.end(next.code)
  }

  /** @param {Entry} entry */
  function onOutgoing(entry) {
    const shown = entry.state === 'sent' && Number(entry.seq) <= (client.lastSeq ?? 0)
    if (shown || entry.state === 'withdrawn') return listener.onSettled(entry.key)
    // What a reload brought back can be in the log already.
    if (logged.has(entry.key) && client.withdraw(entry.key)) return
    listener.onOutgoing(ended === undefined ? entry : stranded(entry, ended))
  }

  client.start()

  return {
    send: client.send,
    edit: client.edit,
    remove: client.remove,
    react: client.react,
    retry: client.retry,
    withdraw: client.withdraw,
    typing: client.typing,
    hurry: client.hurry,
    probe: client.probe,

    loadOlder: history.loadOlder,
    olderFrom: history.olderFrom,

    close: () => {
      stopListening()
      void client.stop()
    },
  }
}

/**
 * Where unsent messages outlive the page: of the reader alone, so nothing more is kept once that is another.
 * @param {string} roomId
 * @param {string} userId
 * @param {import('./identity.js').Identity} identity
 * @returns {import('../client/room-client.js').OutboxStore}
 */
function ownOutbox(roomId, userId, { isMine }) {
  const store = createIndexedDbOutbox({ userId, roomId })
  return {
    ...store,
    put: async (entry) => {
      if (isMine(userId)) await store.put(entry)
    },
  }
}

/**
 * What cannot leave any more, as it is shown; the outbox keeps it.
 * @param {Entry} entry
 * @param {string} code
 * @returns {Entry}
 */
const stranded = (entry, code) =>
  entry.state === 'waiting' || entry.state === 'sending'
    ? { ...entry, state: 'failed', code }
    : entry
