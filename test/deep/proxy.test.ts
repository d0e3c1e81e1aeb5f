// A reverse proxy in front of the Worker: nginx, which cuts a connection on which nothing passed
// for a while.

import { Client } from '@stomp/stompjs'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { Inbox } from '../support/inbox.ts'
import { NGINX_MISSING, type Nginx, startNginx } from '../support/nginx.ts'
import { ask, guest, newRoom } from '../support/people.ts'
import { type Server, startServer } from '../support/server.ts'

/** Seconds without traffic after which nginx cuts. */
const SILENCE = 3

const missing = NGINX_MISSING !== undefined
if (missing) console.warn(`nginx is not tested: ${NGINX_MISSING}`)

let server: Server
let nginx: Nginx

beforeAll(async () => {
  if (missing) return
  server = await startServer({ HEART_BEAT_MS: 1000 })
  nginx = await startNginx(server.url, SILENCE)
})

afterAll(async () => {
  await nginx?.close()
  await server?.close()
})

const here = test.skipIf(missing)

here('[STOMP G3] a client that beats outlives the silence that nginx cuts', async () => {
  const person = await guest(nginx.url, 'Ada')
  const room = await newRoom(nginx.url, person)
  const events = new Inbox<string>()
  const client = new Client({
    brokerURL: `${nginx.url.replace('http', 'ws')}/chat?room=${room}`,
    connectHeaders: { Authorization: `Bearer ${person.accessToken}` },
    webSocketFactory: () =>
      new WebSocket(`${nginx.url.replace('http', 'ws')}/chat?room=${room}`, [
        'v12.stomp',
        `bearer.${person.accessToken}`,
      ]),
    heartbeatIncoming: 1000,
    heartbeatOutgoing: 1000,
    reconnectDelay: 0,
    debug: (line) => {
      if (line === '<<< PONG') events.add(line)
    },
    onWebSocketClose: ({ code }) => events.end(`closed ${code}`),
  })
  onTestFinished(() => client.deactivate())
  const connected = new Promise((resolve) => {
    client.onConnect = resolve
  })
  client.activate()
  await connected
  // Each beat is a second after the one before: so many take longer than nginx waits.
  await events.count(SILENCE + 2)
  expect(client.connected).toBe(true)
})

here('[A3] behind TLS that ends at a proxy, the URL of a ticket is wss', async () => {
  const person = await guest(nginx.url, 'Ada')
  const room = await newRoom(nginx.url, person)
  const { body } = await ask(nginx.url, 'POST', `/api/rooms/${room}/tickets`, {
    token: person.accessToken,
  })
  expect(body.url).toMatch(/^wss:\/\/127\.0\.0\.1:\d+\/chat\?token=/)
})
