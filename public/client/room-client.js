// @ts-check
// One reader in one room: the log without hole or double, and an outbox that forgets nothing, over as many
// connections as it takes. Here they are wired; what an application sees is in room-client.d.ts.
import { createTelling, settingsOf } from './application.js'
import { createConnection } from './connection.js'
import { beginning, createEntrance } from './entrance.js'
import { sayings, sendOf } from './entry.js'
import { openLink } from './link.js'
import { createLogReader } from './log-reader.js'
import { createOutbox } from './outbox.js'
import { patientStore } from './patient-store.js'
import { createLife, lackOf } from './platform.js'
import { createRenewal } from './renewal.js'
import { createSubscriptions } from './subscriptions.js'
import { createTyping } from './typing.js'
import { verdictOfClose } from './verdict.js'

/** @type {typeof import('./room-client.js').createRoomClient} */
export const createRoomClient = (options) => {
  const { roomId, Client, session, userId } = options
  const { WebSocket, binary, readMarker, platform, timing, ...chosen } = settingsOf(options)
  let started = false
  const life = createLife()
  const { tell, onProblem } = createTelling(options, life)
  /** @type {import('./room-client.js').State | undefined} */
  let state
  /** @type {import('./link.js').Link | undefined} */
  let link

  const begin = beginning(options)
  const log = createLogReader({ roomId, begin, readMarker, onEvent, platform, timing })
  const renewal = createRenewal({ session, onProblem, platform })
  const store = patientStore(chosen.outbox, onProblem, platform, timing.store, life)
  const outbox = createOutbox({
    store,
    ready: renewal.renewed,
    transmit,
    onChange: (entry) => tell(options.onOutgoing, entry),
    onOverdue: () => link?.drop(),
    platform,
    timing,
  })
  const typing = createTyping({
    publish,
    onTyping: (people) => tell(options.onTyping, people),
    userId,
    platform,
    timing,
  })
  const subscriptions = createSubscriptions()
  const connection = createConnection({
    prepare: createEntrance(options, log.begin),
    open: (pass, onOpen, onClose) =>
      openLink({
        Client,
        WebSocket,
        binary,
        ...pass,
        platform,
        timing,
        onOpen,
        onClose,
        onProblem,
      }),
    onState: (next) => {
      state = next
      tell(options.onState, next)
    },
    onOpen,
    onClose,
    platform,
    timing,
    life,
    lack: () => lackOf(WebSocket),
    onProblem,
  })

  /**
   * @param {import('./link.js').Link} opened
   * @param {string} token
   */
  function onOpen(opened, token) {
    link = opened
    renewal.opened(link, token)
    // Before anything is said, because only who listens there is refused mildly.
    link.subscribe('/user/queue/errors', onRefusal)
    log.opened(link)
    if (options.onSignal || options.onTyping) link.subscribe(`/topic/rooms/${roomId}`, onSignal)
    subscriptions.opened(link)
    typing.opened()
    outbox.opened()
  }

  /**
   * @param {import('./verdict.js').Close} close
   * @param {string} token
   */
  function onClose(close, token) {
    const shown = renewal.shown ?? token
    leave(close)
    const verdict = verdictOfClose(close)
    if (verdict.kind === 'reconnect' && verdict.refused)
      session.refused?.(verdict.code ?? '', shown)
  }

  /** @param {import('./verdict.js').Close} [close] */
  function leave(close) {
    link = undefined
    renewal.closed()
    log.closed()
    subscriptions.closed()
    typing.closed()
    outbox.closed(close)
  }

  /** @param {import('./room-client.js').ChatEvent} event */
  function onEvent(event) {
    tell(options.onEvent, event)
    renewal.touch()
    const { type, idempotencyKey, sender } = event
    if (type === 'message') typing.heardFrom(sender.id)
    // Q1: its event in the log is as good as its RECEIPT; but a key is one's own.
    if (idempotencyKey !== undefined && sender.id === userId) outbox.told(idempotencyKey, event.seq)
  }

  /** @param {import('./room-client.js').StompMessage} message */
  function onSignal({ body }) {
    const signal = JSON.parse(body)
    tell(options.onSignal, signal)
    typing.hear(signal)
    renewal.touch()
  }

  /** @param {import('./room-client.js').StompMessage} message */
  function onRefusal({ headers }) {
    const [receipt = '', code = 'internal'] = [headers['receipt-id'], headers.code]
    if (!typing.refused(receipt, code)) outbox.refused(receipt, code)
  }

  /**
   * @param {import('./room-client.js').Entry} entry
   * @param {string} receipt
   * @param {boolean} again
   */
  function transmit(entry, receipt, again) {
    const { destination, headers, body } = sendOf(entry, receipt, again)
    renewal.touch()
    link?.watch(receipt, ({ seq }) => {
      outbox.told(entry.key, Number(seq))
      log.expect(Number(seq))
    })
    link?.publish(destination, headers, body)
  }

  /** @type {import('./room-client.js').RoomClient['publish']} */
  async function publish(destination, body, headers = {}) {
    await renewal.renewed()
    renewal.touch()
    return link?.publish(destination, { ...headers }, body) ?? false
  }

  return {
    start: () => {
      if (started || life.over) return
      started = true
      void outbox.restore()
      connection.start()
    },

    stop: async () => {
      life.end()
      leave()
      await connection.stop()
      await store.settled()
    },

    ...sayings((saying) => {
      typing.said(saying.kind)
      return outbox.say(saying)
    }),
    retry: outbox.retry,
    withdraw: outbox.withdraw,
    ack: log.acknowledge,

    typing: typing.typing,
    publish,
    subscribe: subscriptions.add,

    renew: renewal.renewed,
    probe: connection.probe,
    hurry: connection.hurry,
    drop: connection.drop,

    get lastSeq() {
      return log.last
    },
    get state() {
      return state
    },
    get outgoing() {
      return outbox.entries
    },
  }
}
