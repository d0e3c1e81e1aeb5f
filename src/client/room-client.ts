// A client of one room: the log without holes or duplicates, and an outbox that loses nothing, over
// any number of connections. This file wires the parts; options.ts is the contract.

import { createConnectPreparation, logStart } from './connection/connect-preparation.ts'
import { createConnection } from './connection/connection.ts'
import type { Link } from './connection/link.ts'
import { openLink } from './connection/link.ts'
import { retryAfterOf } from './connection/retry-after.ts'
import type { Close } from './connection/retry-policy.ts'
import { decisionAfterClose } from './connection/retry-policy.ts'
import { createTokenRenewal } from './connection/token-renewal.ts'
import type { ChatEvent } from './log/events.ts'
import { createLogReader } from './log/log-reader.ts'
import type { RoomClient, RoomClientOptions, State } from './options.ts'
import type { Entry } from './outbox/entry.ts'
import { sendFrameOf, sendingMethods } from './outbox/entry.ts'
import { createOutbox } from './outbox/outbox.ts'
import { createResilientStore } from './outbox/resilient-store.ts'
import { createLifetime, missingFeatures } from './platform.ts'
import { clientSettingsOf, createNotifier } from './settings.ts'
import type { StompMessage } from './stomp-client.ts'
import { createSubscriptions } from './subscriptions.ts'
import { createTyping } from './typing.ts'

/**
 * Creates a client of one room. Call `start` to connect.
 *
 * @throws TypeError without `after` and `api.head`: then nothing says where the log begins
 */
export function createRoomClient(options: RoomClientOptions): RoomClient {
  const { roomId, Client, session, userId } = options
  const { WebSocket, binary, readMarker, platform, timing, ...chosen } = clientSettingsOf(options)
  let started = false
  const life = createLifetime()
  const { tell, onProblem } = createNotifier(options, life)
  let state: State | undefined
  let link: Link | undefined

  const begin = logStart(options)
  const log = createLogReader({ roomId, begin, readMarker, onEvent, platform, timing })
  const renewal = createTokenRenewal({ session, onProblem, platform })
  const store = createResilientStore(chosen.outbox, onProblem, platform, timing.store, life)
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
    prepare: createConnectPreparation(options, log.begin),
    open: (prepared, onOpen, onClose) =>
      openLink({
        Client,
        WebSocket,
        binary,
        ...prepared,
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
    missing: () => missingFeatures(WebSocket),
    onProblem,
  })

  function onOpen(opened: Link, token: string) {
    link = opened
    renewal.opened(link, token)
    // First, because the room answers a refusal with a message here only after this SUBSCRIBE.
    // Without it a refusal is an ERROR, which ends the connection.
    link.subscribe('/user/queue/errors', onRefusal)
    log.opened(link)
    if (options.onSignal || options.onTyping) link.subscribe(`/topic/rooms/${roomId}`, onSignal)
    subscriptions.opened(link)
    typing.opened()
    outbox.opened()
  }

  function onClose(close: Close, token: string) {
    const shown = renewal.shown ?? token
    leave(close)
    const decision = decisionAfterClose(close)
    if (decision.kind === 'reconnect' && decision.refused)
      session.refused?.(decision.code ?? '', shown)
  }

  function leave(close?: Close) {
    link = undefined
    renewal.closed()
    log.closed()
    subscriptions.closed()
    typing.closed()
    outbox.closed(close)
  }

  function onEvent(event: ChatEvent) {
    tell(options.onEvent, event)
    renewal.touch()
    const { type, idempotencyKey, sender } = event
    if (type === 'message') typing.heardFrom(sender.id)
    // Q1: an own event in the log confirms its entry as a RECEIPT does. Keys of other people may
    // collide.
    if (idempotencyKey !== undefined && sender.id === userId) outbox.told(idempotencyKey, event.seq)
  }

  function onSignal({ body }: StompMessage) {
    const signal = JSON.parse(body)
    tell(options.onSignal, signal)
    typing.hear(signal)
    if (signal.type === 'room') outbox.roomChanged()
    renewal.touch()
  }

  function onRefusal({ headers }: StompMessage) {
    const [receipt = '', code = 'internal'] = [headers['receipt-id'], headers.code]
    const seconds = retryAfterOf(headers['retry-after'], platform.now())
    if (!typing.takeRefusal(receipt, code)) outbox.refused(receipt, code, seconds)
  }

  function transmit(entry: Entry, receipt: string, again: boolean) {
    const { destination, headers, body } = sendFrameOf(entry, receipt, again)
    renewal.touch()
    link?.watch(receipt, ({ seq }) => {
      outbox.told(entry.key, Number(seq))
      log.expect(Number(seq))
    })
    link?.publish(destination, headers, body)
  }

  async function publish(
    destination: string,
    body: string | Uint8Array,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<boolean> {
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

    ...sendingMethods((content) => {
      typing.said(content.kind)
      return outbox.say(content)
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
