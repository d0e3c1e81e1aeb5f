// What Stompbox is measured against: the least that a room can be. It passes on what it is sent to
// every socket, and knows no STOMP, no people and no rules.

import { DurableObject } from 'cloudflare:workers'

/** Says every message again to everybody, at once. */
export class Broadcaster extends DurableObject {
  fetch() {
    const { 0: client, 1: server } = new WebSocketPair()
    this.ctx.acceptWebSocket(server)
    return new Response(null, { status: 101, webSocket: client })
  }

  webSocketMessage(_socket, message) {
    for (const socket of this.ctx.getWebSockets()) socket.send(message)
  }
}

/** The same, and keeps every message as one row first. */
export class Keeper extends Broadcaster {
  constructor(ctx, env) {
    super(ctx, env)
    ctx.storage.sql.exec(
      'CREATE TABLE IF NOT EXISTS messages (seq INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT',
    )
  }

  webSocketMessage(socket, message) {
    this.ctx.storage.sql.exec('INSERT INTO messages (body) VALUES (?)', message)
    super.webSocketMessage(socket, message)
  }
}

/** The path names the object: `/broadcaster/room` or `/keeper/room`. */
export default {
  fetch(request, { BROADCASTER, KEEPER }) {
    const { pathname } = new URL(request.url)
    const objects = pathname.startsWith('/keeper/') ? KEEPER : BROADCASTER
    return objects.get(objects.idFromName(pathname)).fetch(request)
  },
}
