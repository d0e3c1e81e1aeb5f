// An application of the packed client, in Node: says something, hears it, and ends by itself.
// Takes the address of the server.
import { Client } from '@stomp/stompjs'
import {
  createHttpApi,
  createRoomClient,
  createTokenSession,
  foldEvent,
  NO_MESSAGES,
} from 'stompbox/client'

const api = createHttpApi(process.argv[2])
const grant = await api.ask('POST', '/api/auth/guest', { body: { name: 'Ada' } })
const session = createTokenSession({ grant, refresh: api.refresh })
const token = await session.accessToken()
const room = await api.ask('POST', '/api/rooms', { token, body: { name: 'Hello' } })

let state = NO_MESSAGES
const client = createRoomClient({
  roomId: room.id,
  Client,
  session,
  api,
  after: 0,
  onEvent: (event) => {
    state = foldEvent(state, event)
    if (event.type === 'message') client.edit(event.seq, 'mended')
    else void client.stop().then(() => console.log(JSON.stringify([...state.messages.values()])))
  },
})
client.start()
client.send('mendable')
