// A talk on a platform that lacks much of a browser, in a process of its own: takes away what is
// named, then has the reference client say something and hear it. Arguments: a JSON list of names
// to take away. Tells on stdout what came.

import { Client } from '@stomp/stompjs'
import { createHttpApi } from '../../src/client/http-api.ts'
import { createRoomClient } from '../../src/client/room-client.ts'
import { createTokenSession } from '../../src/client/token-session.ts'
import { FakeRoomServer } from './fake-room-server.ts'

const [, , names = '[]'] = process.argv

/** `AbortSignal.timeout` -> the object that holds it, and its name there. */
function holderOf(name: string): [object, string] {
  const path = name.split('.')
  const last = path.pop() ?? ''
  return [path.reduce<object>((holder, part) => Reflect.get(holder, part), globalThis), last]
}

// After Node has loaded the modules: it needs some of these itself.
const taken: string[] = JSON.parse(names)
for (const name of taken) {
  const [holder, last] = holderOf(name)
  if (!Reflect.deleteProperty(holder, last)) throw new Error(`${name} is not to be taken away`)
}

const tell = (what: string, value: unknown) => console.log(JSON.stringify([what, value]))

const room = new FakeRoomServer()
const user = { id: 'me', name: 'Me' }
const grant = { accessToken: 'token', refreshToken: 'refresh', expiresIn: 900, user }

const json = async () => ({ url: 'ws://room' })
// As much of an answer as the client needs: Node's own wants what was taken away.
Reflect.set(globalThis, 'fetch', async (url: unknown) => {
  tell('fetch', url)
  return { ok: true, status: 201, headers: { get: () => null }, json }
})
const api = createHttpApi('https://chat.example')
const client = createRoomClient({
  roomId: 'room',
  Client,
  ...(taken.includes('WebSocket') ? {} : { WebSocket: room.WebSocket }),
  session: createTokenSession({ grant, refresh: api.refresh }),
  api,
  after: 0,
  userId: 'me',
  onEvent: ({ content }) => tell('event', content),
  onState: (state) => tell('state', state),
  onProblem: (problem) => tell('problem', problem instanceof Error ? problem.message : problem),
  onOutgoing: async ({ state }) => {
    if (state === 'sent') await client.stop()
  },
})
client.start()
client.send('hello')
