// One reader in one room: connects the client library, the reader's identity and the page's
// history, and calls a listener. No DOM.

import { Client } from '@stomp/stompjs'
import type {
  ChatEvent,
  Entry,
  OutboxStore,
  People,
  Person,
  Signal,
  State,
} from '../../client/index.ts'
import {
  createIndexedDbOutbox,
  createPresence,
  createRoomClient,
  endsSignIn,
  HttpRefusal,
} from '../../client/index.ts'
import type { Role, Room, User } from '../api/api.ts'
import { api } from '../api/api.ts'
import type { Identity } from '../identity/identity.ts'
import { createHistory, type Pin } from './history.ts'
import { atOwnAddress } from './own-address.ts'

/**
 * `onChanged`: a message that was shown has changed. `onRoom`: the room, at each connection.
 * `onRoomChange`: what is new of it. `onRole`: what somebody may do in it. `onSettled`: an entry
 * of the outbox is in the log, or was withdrawn.
 */
type Listener = {
  onState: (state: State) => void
  onRoom: (room: Room) => void
  onRoomChange: (change: Partial<Room>) => void
  onHistory: (messages: ChatEvent[], more: boolean) => void
  onMessage: (message: ChatEvent) => void
  onChanged: (message: ChatEvent) => void
  onOutgoing: (entry: Entry) => void
  onSettled: (key: string) => void
  onPeople: (people: People) => void
  onRole: (userId: string, role: Role) => void
  onTyping: (people: readonly User[]) => void
  onPins: (pins: readonly Pin[]) => void
  onNotice: (notice: Notice) => void
}

/** What somebody may do here has changed. */
type RoleSignal = { type: string; user?: Person; role?: Role }

/**
 * What a moderator did to the reader. `until`: in ISO 8601. `role`: their new one. `target`: the
 * seq of the message that was deleted.
 */
export type Notice = {
  type: string
  by?: Person
  until?: string
  reason?: string
  role?: Role
  target?: number
}

export type RoomSession = ReturnType<typeof openRoomSession>

/** Connects at once. `close` ends it, and the listener is not called any more. */
export function openRoomSession(roomId: string, identity: Identity, listener: Listener) {
  const userId = identity.user?.id ?? ''
  /** Why nothing can be sent any more. */
  let ended: string | undefined
  /** The idempotency-keys of own events that came with pages of history. */
  const logged: Set<string> = new Set()

  let hearsNotices = false

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
      accessToken: identity.validToken,
      refused: (_code, token) => identity.refuse(token),
      expiresAt: () => identity.expiresAt,
    },
    api: {
      ticket: async (token) => {
        const { url, room } = await api.ticket(token, roomId)
        // The answer also brings what changed while the page was offline: the reader's role and
        // the room's settings. An older version of the server does not send it.
        if (room) takeRoom(room)
        return { url: atOwnAddress(url, location) }
      },
    },
    after: history.loadLatest,
    outbox: ownOutbox(roomId, userId, identity),
    onEvent,
    onSignal,
    onTyping: listener.onTyping,
    onState,
    onOutgoing,
    onProblem: (problem) => {
      // A refusal is not a bug. The state of the connection shows it.
      if (!(problem instanceof HttpRefusal)) console.error(problem)
    },
  })
  const stopListening = identity.onUpdate(() => {
    // Pass a newer token on, because the socket ends with the token.
    void client.renew()
    noteAccount({ id: userId, guest: identity.way === 'guest' })
  })

  /**
   * There is no signal for a guest who becomes an account. Their next message or signal shows it.
   */
  function noteAccount({ id, guest }: Pick<User, 'id' | 'guest'>) {
    if (!guest && !presence.hasAccount(id)) presence.becameAccount(id)
  }

  function takeRoom(room: Room) {
    listener.onRoom(room)
    // A server without slow mode has no notices and refuses the subscription.
    if (hearsNotices || room.settings?.slowMode === undefined) return
    hearsNotices = true
    client.subscribe('/user/queue/notices', ({ body }) => listener.onNotice(JSON.parse(body)))
  }

  function onEvent(event: ChatEvent) {
    history.hear(event)
    noteAccount(event.sender)
  }

  function onSignal(signal: Signal) {
    presence.hear(signal)
    if (signal.type === 'room') {
      const { type: _, ...change } = signal
      listener.onRoomChange(change)
    }
    const { type, user, role } = signal as RoleSignal
    if (type === 'standing' && user && role) listener.onRole(user.id, role)
  }

  function onState(next: State) {
    listener.onState(next)
    if (next.phase !== 'ended') return
    ended = next.code
    for (const entry of client.outgoing) listener.onOutgoing(asFailed(entry, ended))
    if (endsSignIn(next.code)) void identity.end(next.code)
  }

  function onOutgoing(entry: Entry) {
    const shown = entry.state === 'sent' && Number(entry.seq) <= (client.lastSeq ?? 0)
    if (shown || entry.state === 'withdrawn') return listener.onSettled(entry.key)
    // An entry that a reload brought back may be in the log already.
    if (logged.has(entry.key) && client.withdraw(entry.key)) return
    listener.onOutgoing(ended === undefined ? entry : asFailed(entry, ended))
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
    loadPins: history.loadPins,

    close: () => {
      stopListening()
      void client.stop()
    },
  }
}

/**
 * Stores unsent messages beyond a reload. It stores nothing more once somebody else has signed in.
 */
function ownOutbox(roomId: string, userId: string, { isMine }: Identity): OutboxStore {
  const store = createIndexedDbOutbox({ userId, roomId })
  return {
    ...store,
    put: async (entry) => {
      if (isMine(userId)) await store.put(entry)
    },
  }
}

/** Shows an entry that can no longer be sent as failed. The outbox keeps it. */
const asFailed = (entry: Entry, code: string): Entry =>
  entry.state === 'waiting' || entry.state === 'sending'
    ? { ...entry, state: 'failed', code }
    : entry
