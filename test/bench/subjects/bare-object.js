// What Stompbox is measured against: the least that a room can be. It passes on what it is told to
// every socket, and knows no STOMP, no people and no rules.

import { DurableObject } from 'cloudflare:workers'

/** Says every message again to everybody as it comes, and keeps nothing. */
export class Naive extends DurableObject {
  fetch(request) {
    const { 0: client, 1: server } = new WebSocketPair()
    this.ctx.acceptWebSocket(server)
    const protocol = request.headers.get('Sec-WebSocket-Protocol')
    const headers = protocol ? { 'Sec-WebSocket-Protocol': protocol } : {}
    return new Response(null, { status: 101, webSocket: client, headers })
  }

  webSocketMessage(_socket, message) {
    this.tell(message)
  }

  tell(text) {
    for (const socket of this.ctx.getWebSockets()) socket.send(text)
  }
}

/** The same, after writing it as one row. */
export class Keeping extends Naive {
  constructor(ctx, env) {
    super(ctx, env)
    ctx.storage.sql.exec(
      'CREATE TABLE IF NOT EXISTS messages (seq INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT',
    )
  }

  webSocketMessage(_socket, message) {
    this.keep(message)
    this.tell(message)
  }

  keep(message) {
    this.ctx.storage.sql.exec('INSERT INTO messages (body) VALUES (?)', message)
  }
}

/**
 * Says a lone message at once; what comes until the next macrotask is kept together and leaves as
 * one.
 */
export class Coalescing extends Keeping {
  /** Undefined while it is quiet. */
  gathered

  webSocketMessage(socket, message) {
    if (this.gathered) this.gathered.push(message)
    else {
      super.webSocketMessage(socket, message)
      this.gather()
    }
  }

  gather() {
    const gathered = []
    this.gathered = gathered
    setTimeout(() => {
      this.gathered = undefined
      if (gathered.length === 0) return
      for (const message of gathered) this.keep(message)
      this.tell(gathered.join(''))
      this.gather()
    }, 0)
  }
}

/** Bytes beyond which a message is too large. */
const SMALL = 2000
/**
 * Answers whoever asks for a receipt, and ignores all else: what remains of an attack is what the
 * runtime does.
 */
export class Ignoring extends Naive {
  webSocketMessage(socket, message) {
    if ((message.length ?? message.byteLength) > SMALL) socket.close(1009)
    if (typeof message !== 'string' || message.length > SMALL) return
    if (message.startsWith('CONNECT')) socket.send('CONNECTED\n\n\0')
    const [, receipt] = /\nreceipt:(.*)/.exec(message) ?? []
    if (receipt) socket.send(`RECEIPT\nreceipt-id:${receipt}\n\n{"content":"${receipt}"}\0`)
  }
}

/**
 * The path names the object: `/naive/room`, `/keeping/room` or `/coalescing/room`; `/chat` is the
 * one that ignores.
 */
export default {
  fetch(request, { NAIVE, KEEPING, COALESCING, IGNORING }) {
    const { pathname } = new URL(request.url)
    const [, kind] = pathname.split('/')
    const objects = { naive: NAIVE, keeping: KEEPING, coalescing: COALESCING, chat: IGNORING }[kind]
    return objects.get(objects.idFromName(pathname)).fetch(request)
  },
}
