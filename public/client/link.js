// @ts-check
// One connection over stompjs, from its first octet to its last; what comes back is another link.
// Knows STOMP's frames and nothing of rooms.
import { within } from './platform.js'

/** @typedef {import('./room-client.js').StompMessage} StompMessage */
/** @typedef {import('./verdict.js').Close} Close */
/** @typedef {ReturnType<typeof openLink>} Link */

/** What stompjs calls a connection that it left by itself. */
const LEFT = 4001
const CLOSED = 3
const OPEN = 1

/**
 * `onClose` is told once, and not after `leave`.
 * @param {{
 *   Client: import('./room-client.js').StompClientClass,
 *   WebSocket: import('./room-client.js').WebSocketClass,
 *   binary: boolean,
 *   url: string,
 *   token: string,
 *   platform: import('./room-client.js').Platform,
 *   timing: import('./room-client.js').Timing,
 *   onOpen: () => void,
 *   onClose: (close: Close) => void,
 *   onProblem: (problem: unknown) => void,
 * }} needs
 */
export function openLink(needs) {
  const { Client, WebSocket, binary, url, token, platform, timing, onOpen, onClose, onProblem } =
    needs
  let over = false
  /** @type {import('./verdict.js').StompError | undefined} */
  let error
  /** @type {unknown} how long the other side may take for what is awaited */
  let patience

  const client = new Client({
    webSocketFactory,
    connectHeaders: { Authorization: `Bearer ${token}`, 'multi-frame': 'true' },
    forceBinaryWSFrames: binary,
    // What comes after this connection is decided elsewhere.
    reconnectDelay: 0,
    heartbeatIncoming: timing.heartBeat,
    heartbeatOutgoing: timing.heartBeat,
    // A socket that is dead does not answer the closing handshake either.
    discardWebsocketOnCommFailure: true,
    onConnect: () => {
      platform.clearTimeout(patience)
      if (!over) onOpen()
    },
    onStompError: ({ headers }) => {
      error = aboutWhat(headers)
      // The close follows; but a middleman may keep the socket.
      allow(timing.pulse)
    },
    onHeartbeatReceived: () => platform.clearTimeout(patience),
    onWebSocketClose: ({ code, reason }) => closed({ code, reason }),
  })

  function webSocketFactory() {
    try {
      return new WebSocket(url, client.stompVersions.protocolVersions())
    } catch {
      // stompjs would tell nobody of an address that is malformed or not allowed.
      void Promise.resolve().then(() => closed({ code: LEFT, reason: '' }))
      return { readyState: CLOSED, send() {}, close() {} }
    }
  }

  /** @param {number} delay */
  function allow(delay) {
    platform.clearTimeout(patience)
    patience = platform.setTimeout(drop, delay)
  }

  /** @param {Close} close */
  function closed(close) {
    platform.clearTimeout(patience)
    if (over) return
    over = true
    onClose(error ? { ...close, error } : close)
  }

  /** Lets go of the socket now, whatever state it is in. */
  function drop() {
    closed({ code: LEFT, reason: '' })
    void client.deactivate({ force: true })
  }

  /**
   * stompjs loses what else came in a WebSocket message when a listener throws.
   * @template T
   * @param {(heard: T) => void} listener
   * @returns {(heard: T) => void}
   */
  function guarded(listener) {
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

    /** Says farewell, and waits a little for the answer. */
    leave: async () => {
      over = true
      platform.clearTimeout(patience)
      // A farewell into a socket that is closing already is only a warning in the console.
      const force = client.webSocket?.readyState !== OPEN
      await within(platform, timing.farewell, client.deactivate({ force })).catch(() =>
        client.deactivate({ force: true }),
      )
    },

    /** One beat must come back soon. */
    probe: () => {
      if (!client.connected) return
      allow(timing.pulse)
      client.webSocket?.send('\n')
    },

    /**
     * @param {string} destination
     * @param {Record<string, string>} headers
     * @param {string | Uint8Array} body
     */
    publish: (destination, headers, body) => {
      if (over || !client.connected) return false
      const carried = typeof body === 'string' ? { body } : { binaryBody: body }
      client.publish({ destination, headers, ...carried })
      return true
    },

    /**
     * @param {string} receipt
     * @param {(headers: Readonly<Record<string, string>>) => void} onReceipt
     */
    watch: (receipt, onReceipt) => {
      if (!over && client.connected) {
        client.watchForReceipt(
          receipt,
          guarded(({ headers }) => onReceipt(headers)),
        )
      }
    },

    /**
     * @param {string} destination
     * @param {(message: StompMessage) => void} onMessage
     * @param {Record<string, string>} [headers]
     * @returns {() => void} unsubscribes
     */
    subscribe: (destination, onMessage, headers = {}) => {
      if (over || !client.connected) return () => {}
      const subscription = client.subscribe(destination, guarded(onMessage), headers)
      return () => {
        if (!over && client.connected) subscription.unsubscribe()
      }
    },
  }
}

/**
 * @param {Readonly<Record<string, string>>} headers
 * @returns {import('./verdict.js').StompError}
 */
function aboutWhat({ code, 'receipt-id': receipt, subscription, destination }) {
  return {
    code: code ?? 'internal',
    ...(receipt === undefined ? {} : { receipt }),
    ...(subscription === undefined ? {} : { subscription }),
    ...(destination === undefined ? {} : { destination }),
  }
}
