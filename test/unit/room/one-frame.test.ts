// A client that reads one frame of a WebSocket message, as those of Android, Swift, Kotlin, .NET
// and Python do.

import { describe, expect, it } from 'vitest'
import { noteMessageRead } from '../../../src/room/connections/liveness.ts'
import type { StompCommand } from '../../../src/stomp/frame.ts'
import { CHANNEL, ERRORS, FakeRoom, LOG, person, QUEUE, SIGNALS } from '../../support/fake-room.ts'
import { frameOf } from '../../support/frame-of.ts'
import { type Read, readOneFrame } from '../../support/one-frame-reader.ts'

const ann = person('ann')
const bob = person('bob')

type Line = [command: StompCommand, headers: Record<string, string>, body?: string]

const SEND = (content: string, receipt: string): Line => [
  'SEND',
  { destination: '/pub/send/message', receipt },
  content,
]

/**
 * A room with events, and a connection whose frames come in one turn; gives what each message held.
 */
function setUp(evicted: boolean, version = '1.2') {
  const room = new FakeRoom({ sendBurst: 1e6, maxSubscriptions: 32 })
  const other = room.connect(bob)
  for (let n = 1; n <= 10; n++) room.say(other, `event ${n}`)
  const socket = room.connect(ann, { 'accept-version': version })
  socket.takeMessages()
  const read = (lines: readonly Line[]): Read[] => {
    if (evicted) room.evict()
    room.turn((turn) => {
      for (const [command, headers, body = ''] of lines) {
        room.receive(socket, frameOf(command, headers, body))
      }
      noteMessageRead(turn, socket, false)
    })
    while (room.backlog) room.catchUp()
    return socket.takeMessages().map((message) => readOneFrame(Buffer.from(message).toString()))
  }
  return { room, other, socket, read }
}

const commands = (frames: readonly Read[]) => frames.map(({ command }) => command)
const seqs = (frames: readonly Read[]) => frames.map(({ headers }) => Number(headers.seq))
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1)

describe.each([false, true])(
  '[STOMP B4] a reader of one frame a message (evicted: %s)',
  (evicted) => {
    it.each(['1.0', '1.1', '1.2'])(
      'sees 10 events of a SUBSCRIBE with after:0 in %s',
      (version) => {
        const { read } = setUp(evicted, version)
        const frames = read([['SUBSCRIBE', { id: 'log', destination: LOG, after: '0' }]])
        expect(seqs(frames)).toEqual(upTo(10))
      },
    )

    it('sees the MESSAGE and the RECEIPT of a SEND while it is subscribed', () => {
      const { read } = setUp(evicted)
      read([['SUBSCRIBE', { id: 'log', destination: LOG }]])
      const frames = read([SEND('one', 'a'), SEND('two', 'b')])
      expect(commands(frames)).toEqual(['MESSAGE', 'MESSAGE', 'RECEIPT', 'RECEIPT'])
    })

    it('sees signals, channels, queues, mild refusals, the ERROR and what came before', () => {
      const { read } = setUp(evicted)
      const frames = read([
        ['SUBSCRIBE', { id: 'signals', destination: SIGNALS, receipt: '1' }],
        ['SUBSCRIBE', { id: 'channel', destination: CHANNEL, receipt: '2' }],
        ['SUBSCRIBE', { id: 'queue', destination: QUEUE, receipt: '3' }],
        ['SUBSCRIBE', { id: 'errors', destination: ERRORS, receipt: '4' }],
        ['SEND', { destination: CHANNEL }, 'a'],
        ['SEND', { destination: CHANNEL }, 'b'],
        ['SEND', { destination: QUEUE }, 'c'],
        ['SEND', { destination: '/pub/send/message' }, ''],
        ['SEND', { destination: '/no/such' }, 'd'],
      ])
      expect(frames.map(({ command, headers }) => headers.subscription ?? command)).toEqual([
        ...['RECEIPT', 'signals', 'RECEIPT', 'RECEIPT', 'RECEIPT', 'channel', 'channel', 'errors'],
        ...['ERROR'],
      ])
    })

    it('sees each event of a COMMIT', () => {
      const { read } = setUp(evicted)
      read([['SUBSCRIBE', { id: 'log', destination: LOG }]])
      const frames = read([
        ['BEGIN', { transaction: 't', receipt: 'begun' }],
        ['SEND', { destination: '/pub/send/message', transaction: 't' }, 'one'],
        ['SEND', { destination: '/pub/send/message', transaction: 't' }, 'two'],
        ['COMMIT', { transaction: 't', receipt: 'done' }],
      ])
      expect(commands(frames)).toEqual(['RECEIPT', 'MESSAGE', 'MESSAGE', 'RECEIPT'])
    })

    it('[L6] is given 1,000 events, none twice, however many turns they take', () => {
      const { room, other, read } = setUp(evicted)
      for (let n = 11; n <= 1000; n++) room.say(other, `event ${n}`)
      const frames = read([['SUBSCRIBE', { id: 'log', destination: LOG, after: '0' }]])
      expect(seqs(frames)).toEqual(upTo(1000))
    })

    it('beats alone, and never beside a frame', () => {
      const { room, socket, read } = setUp(evicted)
      const beating = room.connect(ann, { 'heart-beat': '1000,1000' })
      room.turn((turn) => noteMessageRead(turn, beating, true))
      expect(beating.takeMessages()).toEqual(['\n'])
      read([['SUBSCRIBE', { id: 'log', destination: LOG }]])
      expect(socket.takeMessages()).toEqual([])
    })
  },
)
