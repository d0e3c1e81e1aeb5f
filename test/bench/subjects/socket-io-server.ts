// A Socket.IO server as its documentation shows one: a room for each name, in memory, open to
// everybody.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'

const http = createServer()
// Members that wait for their turn answer no pings.
const io = new Server(http, {
  transports: ['websocket'],
  serveClient: false,
  pingInterval: 3_600_000,
})

io.on('connection', (socket) => {
  const room = String(socket.handshake.query.room)
  socket.join(room)
  socket.on('message', (text) => io.to(room).emit('message', text))
})

http.listen(0, '127.0.0.1', () => process.send?.({ port: (http.address() as AddressInfo).port }))
process.on('disconnect', () => process.exit())
