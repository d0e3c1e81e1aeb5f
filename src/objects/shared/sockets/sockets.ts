// The sockets of an object: the platform holds them, and what is known of each is memory.

import type { Config } from '../../../config.ts'
import type { Session } from '../../../room/connections/session.ts'
import { waitingShare } from '../../../room/limits/limits.ts'
import { reportRuntime } from '../runtime.ts'
import { arrivalLimits } from './arrival.ts'
import { type Shared, Socket, type SocketLimits } from './socket.ts'

/** Makes and finds the `Socket` of each WebSocket. */
export class Sockets {
  readonly #ctx: DurableObjectState
  readonly #limits: SocketLimits
  readonly #shared: Shared = { share: waitingShare(1) }
  /** Asked for by socket, never listed. */
  readonly #known = new WeakMap<WebSocket, Socket>()

  constructor(ctx: DurableObjectState, config: Config) {
    this.#ctx = ctx
    reportRuntime()
    // H2: the runtime answers heart-beats without waking the object.
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('\n', '\n'))
    this.#limits = {
      decoder: config.decoder,
      arrivals: arrivalLimits(config),
      frameMs: config.frameMs,
    }
  }

  /** A new socket, and the client's end of it. */
  accept(session: Session): { readonly client: WebSocket; readonly socket: Socket } {
    const { 0: client, 1: server } = new WebSocketPair()
    this.#ctx.acceptWebSocket(server)
    const socket = this.of(server)
    socket.session = session
    return { client, socket }
  }

  /** Every socket that the platform lists, those about to close among them. */
  all(): Socket[] {
    const sockets = this.#ctx.getWebSockets().map((ws) => this.of(ws))
    this.count(sockets.length)
    return sockets
  }

  /** R4: the more there are, the less may wait in each. */
  count(sockets: number): void {
    this.#shared.share = waitingShare(sockets)
  }

  /** The same `Socket` each time, until an eviction. */
  of(ws: WebSocket): Socket {
    let socket = this.#known.get(ws)
    if (!socket) {
      socket = new Socket(ws, this.#ctx, this.#limits, this.#shared)
      this.#known.set(ws, socket)
    }
    return socket
  }
}
