// One reader in one room: the client of src/client, fed with who the reader is, beside the page's
// own history and presence. Framework-free: everything it learns it tells its listener.

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
} from '../../client/index.ts'
import type { Room, Standing, User } from '../api/api.ts'
import { api } from '../api/api.ts'
import { ApiError } from '../api/request.ts'
import type { Identity } from '../identity/identity.ts'
import { createHistory } from './history.ts'
import { atOwnAddress } from './own-address.ts'

/**
 * `onChanged`: a message that was told is another now. `onStanding`: of the reader. `onSettled`: an
 * entry of the outbox is in the log, or withdrawn.
 */
export type Listener = {
  onState: (state: State) => void
  onRoom: (room: Room) => void
  onHistory: (messages: ChatEvent[], more: boolean) => void
  onMessage: (message: ChatEvent) => void
  onChanged: (message: ChatEvent) => void
  onOutgoing: (entry: Entry) => void
  onSettled: (key: string) => void
  onPeople: (people: People) => void
  onStanding: (standing: Standing) => void
  onTyping: (people: readonly User[]) => void
}

/** Somebody may do more here, or less. */
type StandingSignal = { type: string; user?: Person; standing?: Standing }

export type RoomSession = ReturnType<typeof openRoomSession>

export function openRoomSession(roomId: string, identity: Identity, listener: Listener) {
  const userId = identity.user?.id ?? ''
  /** Why nothing leaves any more. */
  let ended: string | undefined
  /** The keys of our own events that pages brought. */
  const logged: Set<string> = new Set()

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
        // What changed while nobody listened comes with it: the reader's standing, the room's
        // settings. A server that was rolled back to an older version does not say.
        if (room) listener.onRoom(room)
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
      // A refusal is no bug: what it means for the connection is shown.
      if (!(problem instanceof ApiError)) console.error(problem)
    },
  })
  const stopListening = identity.onUpdate(() => {
    // A newer token is shown in place: the socket lives as long as it does.
    void client.renew()
    noteAccount({ id: userId, guest: identity.way === 'guest' })
  })

  /** No signal tells that a guest has become an account: what they do next shows it. */
  function noteAccount({ id, guest }: Pick<User, 'id' | 'guest'>) {
    if (!guest && !presence.hasAccount(id)) presence.becameAccount(id)
  }

  function onEvent(event: ChatEvent) {
    history.hear(event)
    noteAccount(event.sender)
  }

  function onSignal(signal: Signal) {
    presence.hear(signal)
    const { type, user, standing } = signal as StandingSignal
    if (type === 'standing' && user?.id === userId && standing) listener.onStanding(standing)
  }

  function onState(next: State) {
    listener.onState(next)
    if (next.phase !== 'ended') return
    ended = next.code
    for (const entry of client.outgoing) listener.onOutgoing(stranded(entry, ended))
    if (endsSignIn(next.code)) identity.end(next.code)
  }

  function onOutgoing(entry: Entry) {
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
 * Where unsent messages outlive the page: of the reader alone, so nothing more is kept once that is
 * another.
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

/** What cannot leave any more, as it is shown; the outbox keeps it. */
const stranded = (entry: Entry, code: string): Entry =>
  entry.state === 'waiting' || entry.state === 'sending'
    ? { ...entry, state: 'failed', code }
    : entry
