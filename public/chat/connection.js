// @ts-check
// One lasting connection over stompjs: waits its turn, fetches what a CONNECT needs, opens, and
// comes back unless the server says not to. Knows nothing of rooms.
import { Client } from '../vendor/stompjs/index.js'
import { backOff } from './back-off.js'
import { blameOfClose, verdictOfClose, verdictOfError } from './verdict.js'

/**
 * @typedef {{ phase: 'connecting', again: boolean } | { phase: 'connected' }
 *   | { phase: 'waiting', until: number, code?: string } | { phase: 'offline' }
 *   | { phase: 'ended', code: string }} ConnectionState
 */
/** @typedef {{ url: string, token: string }} Pass */

const HEART_BEAT_MS = 45_000
const OPENING_MS = 15_000
const PULSE_MS = 5000
const OFFLINE_LOOK_MS = 30_000
/** A connection that lasted this long was a good one: the back-off starts over. */
const LASTING_MS = 5000

/**
 * `onClose` hears the code of the refusal where the last frame is to blame for the close: sending
 * it again would end the same way.
 * @param {{
 *   prepare: () => Promise<Pass>,
 *   onState: (state: ConnectionState) => void,
 *   onOpen: (client: Client) => void,
 *   onClose: (blame: string | undefined) => void,
 * }} needs
 */
export function createConnection({ prepare, onState, onOpen, onClose }) {
  let attempt = 0
  let delay = 0
  let openedAt = 0
  let opened = false
  /** @type {string | undefined} the reason of the wait, for the reader */
  let code
  /** @type {string | undefined} the `code` of an ERROR frame */
  let errorCode
  /** @type {(() => void) | undefined} ends a wait before its time */
  let wake
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let pulse

  const client = new Client({
    // Because the wait is in beforeConnect, where it can show a countdown and be cut short.
    reconnectDelay: 1,
    connectionTimeout: OPENING_MS,
    heartbeatIncoming: HEART_BEAT_MS,
    heartbeatOutgoing: HEART_BEAT_MS,
    discardWebsocketOnCommFailure: true,
    beforeConnect,
    onConnect: () => {
      openedAt = Date.now()
      opened = true
      onState({ phase: 'connected' })
      onOpen(client)
    },
    onStompError: (frame) => {
      errorCode = frame.headers.code ?? 'internal'
    },
    onHeartbeatReceived: () => clearTimeout(pulse),
    onWebSocketClose: (event) => {
      clearTimeout(pulse)
      const blame = blameOfClose(event.code, errorCode)
      if (openedAt > 0 && Date.now() - openedAt > LASTING_MS) attempt = 0
      openedAt = 0
      const verdict = verdictOfClose(event.code, errorCode)
      errorCode = undefined
      onClose(blame)
      if (client.active) obey(verdict)
    },
  })

  /** @param {import('./verdict.js').Verdict} verdict */
  function obey(verdict) {
    if (verdict.kind === 'end') return end(verdict.code)
    delay = backOff(attempt, verdict.wait)
    code = verdict.code
    attempt += 1
  }

  /** @param {string} reason */
  function end(reason) {
    stop()
    onState({ phase: 'ended', code: reason })
  }

  async function beforeConnect() {
    while (client.active) {
      await turn()
      if (!client.active) return
      onState({ phase: 'connecting', again: opened })
      try {
        const { url, token } = await prepare()
        client.brokerURL = url
        client.connectHeaders = { Authorization: `Bearer ${token}` }
        return
      } catch (error) {
        if (client.active) obey(verdictOfError(error))
      }
    }
  }

  /** Waits out the back-off; without a network, until there is one. */
  async function turn() {
    const offline = !navigator.onLine
    const wait = offline ? OFFLINE_LOOK_MS : delay
    if (wait === 0) return
    if (offline) onState({ phase: 'offline' })
    else onState({ phase: 'waiting', until: Date.now() + wait, ...(code ? { code } : {}) })
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer
    await new Promise((resolve) => {
      wake = () => resolve(undefined)
      timer = setTimeout(wake, wait)
    })
    clearTimeout(timer)
    wake = undefined
  }

  const hurry = () => wake?.()
  /** Lets go of the socket now; the connection comes back by itself. */
  const drop = () => client.forceDisconnect()

  function stop() {
    globalThis.removeEventListener('online', hurry)
    globalThis.removeEventListener('offline', drop)
    clearTimeout(pulse)
    // Because a farewell into a socket that is closing already is only a warning in the console.
    void client.deactivate({ force: client.webSocket?.readyState !== WebSocket.OPEN })
    wake?.()
  }

  return {
    start: () => {
      globalThis.addEventListener('online', hurry)
      globalThis.addEventListener('offline', drop)
      client.activate()
    },
    stop,
    drop,
    hurry,

    /** After a sleep a socket can be dead and not know: one beat must come back. */
    probe: () => {
      hurry()
      if (!client.connected) return
      clearTimeout(pulse)
      pulse = setTimeout(drop, PULSE_MS)
      client.webSocket?.send('\n')
    },
  }
}
