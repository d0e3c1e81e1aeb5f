// A door for clients that speak STOMP over TCP: their bytes go on as binary WebSocket messages, and
// the server's come back as bytes. It knows nothing of frames.

import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { WebSocket } from 'ws'
import { Wire } from './wire.ts'

export interface Bridge {
  readonly port: number
  readonly wire: Wire
}

/** Opens a WebSocket and lets one TCP connection use it; when either ends, so does the other. */
export async function bridgeTo(url: string): Promise<Bridge> {
  const socket = new WebSocket(url, ['v12.stomp'])
  const wire = new Wire(socket)
  await once(socket, 'open')
  const server = createServer((connection) => {
    server.close()
    connection.setNoDelay()
    connection.on('data', (bytes) => socket.send(bytes, { binary: true }))
    connection.on('close', () => socket.close())
    connection.on('error', () => socket.close())
    socket.on('message', (data) => connection.write(data as Buffer))
    socket.on('close', () => connection.end())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, wire }
}
