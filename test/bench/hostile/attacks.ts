// The attacks over WebSockets.

import { setTimeout as pause } from 'node:timers/promises'
import { ticketUrl } from '../../support/people.ts'
import {
  type Assault,
  type Attack,
  type Conduct,
  flood,
  inSession,
  onSockets,
  rounds,
} from './attack.ts'
import { CONTENT, FRAME, FRAMES, SENDS, SUBSCRIPTIONS, TRANSACTION_FRAMES } from './limits.ts'
import { message, series, stomp } from './ws-bytes.ts'

/** Bytes of a message that workerd still lets in. */
const HUGE = 31 * 1_048_576
/** They are good for half a minute. */
const TICKETS = 150
/** Milliseconds after which everything was answered, and a new connection begins again. */
const ANSWERING = 500
/** WebSocket messages in one write. */
const MANY = 4000

const send = (headers: readonly string[], body: string): string =>
  stomp('SEND', ['destination:/pub/send/message', 'content-type:text/plain', ...headers], body)

const subscribe = (id: string, headers: readonly string[]) =>
  stomp('SUBSCRIBE', [`id:${id}`, ...headers])
const unsubscribe = (id: string) => stomp('UNSUBSCRIBE', [`id:${id}`])

/** So many pairs of SUBSCRIBE and UNSUBSCRIBE. */
const pairs = (count: number, headers: readonly string[]) =>
  series(count, (index) => subscribe(`p${index}`, headers) + unsubscribe(`p${index}`))

/** Half of a burst in pairs, in one message; then on a new connection. */
const inPairs = (headers: (log: string, signals: string) => readonly string[]): Conduct =>
  rounds(1, ({ log, signals }) => pairs(FRAMES / 2 - 2, headers(log, signals)))

const cursors: Conduct = async (line, assault) => {
  const all = series(SUBSCRIPTIONS - 2, (index) => subscribe(`c${index}`, [assault.log, 'after:0']))
  const none = series(SUBSCRIPTIONS - 2, (index) => unsubscribe(`c${index}`))
  await line.send(message(all))
  await rounds(FRAMES / (2 * SUBSCRIPTIONS) - 1, () => none + all)(line, assault)
}

/** Comes in, goes in peace, and comes again. */
const joins: Conduct = async (line, assault) => {
  await line.send(message(subscribe('s', [assault.signals]) + stomp('DISCONNECT', ['receipt:bye'])))
  await line.hear('receipt-id:bye', 1000)
}

const aborted = (): string => {
  const one = (index: number) =>
    stomp('BEGIN', [`transaction:t${index}`]) +
    series(TRANSACTION_FRAMES, () => send([`transaction:t${index}`], 'x')) +
    stomp('ABORT', [`transaction:t${index}`])
  return series(Math.floor(FRAMES / (TRANSACTION_FRAMES + 2)), one)
}

let keys = 0
const DAY = 86_400_000

/** Says ACK or NACK of each message that it is given. */
const answering =
  (command: 'ACK' | 'NACK', ask: (assault: Assault) => string): Conduct =>
  async (line, assault) => {
    line.ear = (bytes) => {
      const ids = bytes.toString('latin1').matchAll(/\nack:(\S+)\n/g)
      const answers = [...ids].map(([, id]) => stomp(command, [`id:${id}`])).join('')
      if (answers) void line.send(message(answers))
    }
    await line.send(message(ask(assault)))
    await pause(ANSWERING)
  }

const queue = ({ scene }: Assault) => `destination:/queue/rooms/${scene.roomId}/work`

/** Consumes what it said itself. */
const work = (assault: Assault): string =>
  series(SENDS - 10, () => stomp('SEND', [queue(assault)], 'x'.repeat(1000))) +
  subscribe('q', [queue(assault), 'ack:client-individual', 'prefetch-count:100'])

/**
 * Reads nothing, and is behind in the log with each of its subscriptions; says as much as it may.
 */
const slow: Conduct = async (line, assault) => {
  line.deafen()
  const all = series(SUBSCRIPTIONS - 1, (index) => subscribe(`c${index}`, [assault.log, 'after:0']))
  await line.send(message(all))
  while (!line.over) {
    await line.send(message(send([], 'x'.repeat(CONTENT - 2))))
    await pause(100)
  }
}

/** Hears each message on each of its subscriptions, and says the largest that there are. */
const echoes: Conduct = async (line, assault) => {
  const all = series(SUBSCRIPTIONS - 1, (index) => subscribe(`c${index}`, [assault.log]))
  await line.send(message(all))
  const said = message(send([], 'x'.repeat(CONTENT - 2)))
  for (let index = 0; index < SENDS; index++) await line.send(said)
  while (!line.over) {
    await line.send(said)
    await pause(100)
  }
}

const huge =
  (data: () => string | Buffer): Conduct =>
  async (line, assault) => {
    await line.send(message(assault.connect))
    await line.hear('CONNECTED', 2000)
    await line.send(message(data()))
    while (!line.over) await pause(5)
  }

const piece = (data: string | Buffer, count = MANY): Buffer =>
  Buffer.concat(Array<Buffer>(count).fill(message(data)))

export const SOCKET_ATTACKS: Readonly<Record<string, Attack>> = {
  replays: inSession(
    'SUBSCRIBE after:0 and UNSUBSCRIBE, 500 pairs in a message',
    inPairs((log) => [log, 'after:0']),
  ),
  cursors: inSession('30 subscriptions after:0, again and again', cursors),
  presence: inSession(
    'SUBSCRIBE and UNSUBSCRIBE of the signals, 500 pairs in a message',
    inPairs((_, signals) => [signals]),
  ),
  joins: {
    ...onSockets('CONNECT and DISCONNECT with tickets', async (line, assault) => {
      await line.send(message(assault.connect))
      await line.hear('CONNECTED', 2000)
      await joins(line, assault)
    }),
    prepare: prepareTickets,
  },
  transactions: inSession('BEGIN, 100 SENDs, ABORT', rounds(1, aborted)),
  'known-key': inSession(
    'the same idempotency-key in each SEND',
    rounds(1, () => series(FRAMES - 10, () => send(['idempotency-key:same'], 'x'))),
  ),
  'old-keys': inSession(
    'a new idempotency-key that is said to be old in each SEND',
    rounds(1, () => {
      const since = `idempotency-since:${Date.now() - 2 * DAY}`
      return series(FRAMES - 10, () => send([`idempotency-key:${keys++}`, since], 'x'))
    }),
  ),
  acks: inSession(
    'ACK of each of 600 messages',
    answering('ACK', ({ log }) => subscribe('log', [log, 'ack:client', 'after:0'])),
  ),
  nacks: inSession('NACK of each message of a work queue', answering('NACK', work)),
  'one-byte': inSession(
    'a frame in WebSocket messages of one byte',
    flood(() => Buffer.concat([message('SEND\ndestination:/pub/typing\n\n'), piece('x', 60_000)])),
  ),
  empty: inSession(
    'empty WebSocket messages',
    flood(() => piece('')),
  ),
  'line-ends': inSession(
    'line ends in binary messages',
    flood(() => piece(Buffer.from('\n'))),
  ),
  'huge-text': onSockets(
    'a text of 31 MiB, one after the other',
    huge(() => 'x'.repeat(HUGE)),
    1,
  ),
  'huge-binary': onSockets(
    '31 MiB of bytes, one after the other',
    huge(() => Buffer.alloc(HUGE, 'x')),
    1,
  ),
  unverified: onSockets(
    'CONNECT, and a flood before its token is verified',
    async (line, assault) => {
      const large = message(send([], 'x'.repeat(FRAME - 200)))
      const all = [message(assault.connect), piece(send([], 'x'), FRAMES), piece('x', MANY)]
      await line.send(Buffer.concat([...all, ...Array<Buffer>(100).fill(large)]))
      await flood(() => large)(line, assault)
    },
  ),
  'slow-readers': inSession('10 sockets that read nothing of 31 subscriptions each', slow),
  echoes: inSession('messages of 8 KiB to 31 subscriptions of each socket', echoes),
}

async function prepareTickets({ scene, tickets }: Assault): Promise<void> {
  for (let index = 0; index < TICKETS; index++) {
    const url = await ticketUrl(scene.url, scene.person, scene.roomId)
    if (url) tickets.push(url)
  }
}
