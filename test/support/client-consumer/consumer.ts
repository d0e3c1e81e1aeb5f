// A TypeScript application of the reference client: that it compiles is the test, and that what is
// wrong does not.

import { Client } from '@stomp/stompjs'
import {
  type ChatEvent,
  createHttpApi,
  createIndexedDbOutbox,
  createMemoryOutbox,
  createPresence,
  createRoomClient,
  createTokenSession,
  type Entry,
  foldEvent,
  forgetOutboxes,
  type Grant,
  HttpRefusal,
  NO_MESSAGES,
  type RoomClient,
  type State,
} from 'stompbox/client'
import { WebSocket } from 'ws'

const api = createHttpApi('http://localhost:8787')

let messages = NO_MESSAGES
const presence = createPresence(({ here, count }) => console.log(here.length, 'of', count))

/** Everything that there is, used once. */
export function useAll(grant: Grant): RoomClient {
  const client = createRoomClient({
    roomId: 'room',
    Client,
    WebSocket,
    session: createTokenSession({ grant, refresh: api.refresh, now: Date.now, onGrant: () => {} }),
    api,
    after: async (token) => api.head(token, 'room'),
    userId: grant.user.id,
    outbox: createIndexedDbOutbox({ userId: grant.user.id, roomId: 'room' }),
    onEvent: (event: ChatEvent) => {
      messages = foldEvent(messages, event)
      console.log(event.seq, event.sender.name, messages.messages.get(event.seq)?.content ?? '')
    },
    onSignal: (signal) => presence.hear(signal),
    onTyping: (people) => console.log(people.map(({ name }) => name).join()),
    onState: (state: State) => state.phase === 'ended' && console.log(state.code),
    onOutgoing: (entry: Entry) => console.log(entry.body.content, entry.state),
    onProblem: (problem) => console.error(problem instanceof HttpRefusal ? problem.code : problem),
    readMarker: true,
    timing: { quiet: 0 },
    platform: { random: () => 0.5 },
  })
  client.start()
  const key: string = client.send('one', { replyTo: 1 })
  client.edit(1, 'two')
  client.remove(1)
  client.react(1, '👍', false)
  client.retry(key)
  client.withdraw(key)?.body.content?.toUpperCase()
  client.typing()
  client.typing(false)
  client.ack(1)
  const end = client.subscribe('/topic/rooms/room/cursors', (message) => message.ack())
  end()
  void client.publish('/topic/rooms/room/cursors', new Uint8Array(1), { colour: 'red' })
  void client.renew().then(forgetOutboxes)
  client.probe()
  client.hurry()
  client.drop()
  void client.stop()
  console.log(client.lastSeq, client.state?.phase, client.outgoing.length)
  return client
}

/** As little as it takes, with the platform's own WebSocket. */
export const useLittle = (accessToken: string): RoomClient =>
  createRoomClient({
    roomId: 'room',
    Client,
    session: { accessToken: async () => accessToken },
    api: { ticket: async () => ({ url: 'ws://localhost:8787/chat' }) },
    after: 0,
    outbox: createMemoryOutbox(),
    onEvent: () => {},
  })

/** What an application may not do. */
export function misuse(client: RoomClient): void {
  // @ts-expect-error: a message has a text.
  client.send(1)
  // @ts-expect-error: only the client moves it.
  client.lastSeq = 1
  // @ts-expect-error: there must be somebody to tell.
  createRoomClient({ roomId: 'room', Client, session: { accessToken: async () => '' }, api })
  // @ts-expect-error: a state has the fields of its phase alone.
  if (client.state?.phase === 'waiting') console.log(client.state.again)
}
