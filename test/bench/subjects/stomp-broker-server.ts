// stomp-broker-js, a STOMP broker of npm that still runs: in memory, open to everybody.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
// @ts-expect-error: it has no types.
import StompServer from 'stomp-broker-js'

/** What of it is used. */
interface Broker {
  setMiddleware(command: 'send', handler: Middleware): void
  send(destination: string, headers: Record<string, string>, body: string): void
}

type Middleware = (socket: { readonly sessionId: string }, sent: Sent, next: () => void) => void

interface Sent {
  readonly dest: string
  readonly frame: { readonly headers: Record<string, string>; readonly body: string }
}

/** What the server says. */
const SELF = 'self_1234'

const http = createServer()
const broker: Broker = new StompServer({
  server: http,
  path: '/stomp',
  protocol: 'ws',
  heartbeat: [0, 0],
  debug: () => {},
})
// The broker gives a sender its own message only where the server says it.
broker.setMiddleware('send', ({ sessionId }, { dest, frame }, next) => {
  if (sessionId === SELF) next()
  else broker.send(dest, frame.headers, frame.body)
})

http.listen(0, '127.0.0.1', () => process.send?.({ port: (http.address() as AddressInfo).port }))
process.on('disconnect', () => process.exit())
