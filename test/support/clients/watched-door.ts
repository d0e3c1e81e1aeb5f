// A WebSocket server for one client: it passes each message on as it is, and lets the test look at
// what passes.

import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type RawData, WebSocket, WebSocketServer } from 'ws'
import { Wire } from './wire.ts'

export interface WatchedDoor {
  /** Where the client connects, instead of at the room. */
  readonly url: string
  readonly wire: Wire
}

/** Codes that a close frame may not carry (RFC 6455, section 7.4.1). */
const NOT_SENT: ReadonlySet<number> = new Set([1005, 1006, 1015])

/**
 * Opens a WebSocket, and a door to it that one client may use; when either ends, so does the other.
 */
export async function watchedDoor(target: string): Promise<WatchedDoor> {
  const upstream = new WebSocket(target, ['v12.stomp'])
  const wire = new Wire(upstream)
  await once(upstream, 'open')
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  server.once('connection', (client) => {
    server.close()
    passOn(client, upstream)
    passOn(upstream, client)
  })
  return { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`, wire }
}

function passOn(from: WebSocket, to: WebSocket): void {
  from.on('message', (data: RawData, binary: boolean) => to.send(data, { binary }))
  from.on('close', (code, reason) => to.close(NOT_SENT.has(code) ? 1000 : code, reason))
  from.on('error', () => to.terminate())
}
