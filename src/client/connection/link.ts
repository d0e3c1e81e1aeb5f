// One STOMP connection over stompjs, from open to close. A reconnect makes a new link. It knows
// frames and nothing of rooms.

import type { Platform } from '../platform.ts'
import { withTimeout } from '../platform.ts'
import type { StompClientClass, StompMessage, WebSocketClass } from '../stomp-client.ts'
import type { Timing } from '../timing.ts'
import type { Close, StompError } from './retry-policy.ts'

/** One open connection. */
export type Link = ReturnType<typeof openLink>

/** The close code for a connection that this side ended. */
const LEFT = 4001
const CLOSED = 3
const OPEN = 1

/**
 * Opens a connection. `leave` or `drop` ends it.
 *
 * @param needs `onClose` is called once, and never after `leave`
 */
export function openLink(needs: {
  Client: StompClientClass
  WebSocket: WebSocketClass
  binary: boolean
  url: string
  token: string
  platform: Platform
  timing: Timing
  onOpen: () => void
  onClose: (close: Close) => void
  onProblem: (problem: unknown) => void
}) {
  const { Client, WebSocket, binary, url, token, platform, timing, onOpen, onClose, onProblem } =
    needs
  let over = false
  let error: StompError | undefined
  /** Runs while an answer of the server is awaited. */
  let silenceTimer: unknown

  const client = new Client({
    webSocketFactory,
    connectHeaders: { Authorization: `Bearer ${token}`, 'multi-frame': 'true' },
    forceBinaryWSFrames: binary,
    // connection.ts decides about reconnects.
    reconnectDelay: 0,
    heartbeatIncoming: timing.heartBeat,
    heartbeatOutgoing: timing.heartBeat,
    // A dead socket does not answer the closing handshake either.
    discardWebsocketOnCommFailure: true,
    onConnect: () => {
      platform.clearTimeout(silenceTimer)
      if (!over) onOpen()
    },
    onStompError: ({ headers, body }) => {
      error = { ...aboutWhat(headers), ...detailOf(headers.message, body) }
      // The server closes after an ERROR, but a proxy may keep the socket open.
      allow(timing.pulse)
    },
    onHeartbeatReceived: () => platform.clearTimeout(silenceTimer),
    onWebSocketClose: ({ code, reason }) => closed({ code, reason }),
  })

  function webSocketFactory() {
    try {
      return new WebSocket(url, client.stompVersions.protocolVersions())
    } catch {
      // stompjs does not report a URL that is malformed or not allowed.
      void Promise.resolve().then(() => closed({ code: LEFT, reason: '' }))
      return { readyState: CLOSED, send() {}, close() {} }
    }
  }

  function allow(delay: number) {
    platform.clearTimeout(silenceTimer)
    silenceTimer = platform.setTimeout(drop, delay)
  }

  function closed(close: Close) {
    platform.clearTimeout(silenceTimer)
    if (over) return
    over = true
    onClose(error ? { ...close, error } : close)
  }

  /** Drops the socket now, whatever its state. */
  function drop() {
    closed({ code: LEFT, reason: '' })
    void client.deactivate({ force: true })
  }

  /**
   * Catches errors, because stompjs drops the rest of a WebSocket message when a listener throws.
   */
  function guarded<T>(listener: (heard: T) => void): (heard: T) => void {
    return (heard) => {
      if (over) return
      try {
        listener(heard)
      } catch (problem) {
        onProblem(problem)
      }
    }
  }

  client.activate()
  allow(timing.opening)

  return {
    drop,

    /** Sends DISCONNECT, and waits a little for the answer. */
    leave: async () => {
      over = true
      platform.clearTimeout(silenceTimer)
      // DISCONNECT on a closing socket would only make a warning in the console.
      const force = client.webSocket?.readyState !== OPEN
      await withTimeout(platform, timing.farewell, client.deactivate({ force })).catch(() =>
        client.deactivate({ force: true }),
      )
    },

    /** Sends a heart-beat. One must come back soon, or the socket is dropped. */
    probe: () => {
      if (!client.connected) return
      allow(timing.pulse)
      client.webSocket?.send('\n')
    },

    publish: (destination: string, headers: Record<string, string>, body: string | Uint8Array) => {
      if (over || !client.connected) return false
      const carried = typeof body === 'string' ? { body } : { binaryBody: body }
      client.publish({ destination, headers, ...carried })
      return true
    },

    watch: (receipt: string, onReceipt: (headers: Readonly<Record<string, string>>) => void) => {
      if (!over && client.connected) {
        client.watchForReceipt(
          receipt,
          guarded(({ headers }) => onReceipt(headers)),
        )
      }
    },

    /** @returns unsubscribes */
    subscribe: (
      destination: string,
      onMessage: (message: StompMessage) => void,
      headers: Record<string, string> = {},
    ): (() => void) => {
      if (over || !client.connected) return () => {}
      const subscription = client.subscribe(destination, guarded(onMessage), headers)
      return () => {
        if (!over && client.connected) subscription.unsubscribe()
      }
    },
  }
}

function aboutWhat({
  code,
  'receipt-id': receipt,
  subscription,
  destination,
}: Readonly<Record<string, string>>): StompError {
  return {
    code: code ?? 'internal',
    ...(receipt === undefined ? {} : { receipt }),
    ...(subscription === undefined ? {} : { subscription }),
    ...(destination === undefined ? {} : { destination }),
  }
}

/** The body of an ERROR is its `message`, with the detail in parentheses after it. */
function detailOf(message = '', body = '') {
  const start = `${message} (`
  return body.startsWith(start) ? { detail: body.slice(start.length, -1) } : {}
}
