import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { StompCommand } from '../../../src/stomp/frame.ts'
import { FakeRoom, LOG, person, QUEUE } from '../../support/fake-room.ts'
import { frameOf } from '../../support/frame-of.ts'

const ann = person('ann')

/** A session in which every command can succeed: something is subscribed, given and begun. */
function ready() {
  const room = new FakeRoom()
  const socket = room.connect(ann)
  room.subscribe(socket, 'work', QUEUE, { ack: 'client-individual' })
  for (const body of ['a', 'b']) room.send(socket, 'SEND', { destination: QUEUE }, body)
  room.send(socket, 'BEGIN', { transaction: 'begun' })
  const acks = socket.take().map(({ headers }) => headers.ack ?? '')
  return { room, socket, acks }
}

type Case = [StompCommand, (acks: string[]) => Record<string, string>]

const EACH: Case[] = [
  ['SEND', () => ({ destination: '/pub/send/message' })],
  ['SUBSCRIBE', () => ({ id: 'log', destination: LOG })],
  ['UNSUBSCRIBE', () => ({ id: 'work' })],
  ['ACK', (acks) => ({ id: acks[0] ?? '' })],
  ['NACK', (acks) => ({ id: acks[1] ?? '' })],
  ['BEGIN', () => ({ transaction: 't' })],
  ['COMMIT', () => ({ transaction: 'begun' })],
  ['ABORT', () => ({ transaction: 'begun' })],
  ['DISCONNECT', () => ({})],
]

describe('a receipt', () => {
  it.each(EACH)(
    '[STOMP N1] [STOMP N2] [STOMP H4] of %s gives one RECEIPT, its id intact',
    (command, headers) => {
      const { room, socket, acks } = ready()
      const receipt = 'a:b\\c\n 영수증'
      room.send(socket, command, { ...headers(acks), receipt }, command === 'SEND' ? 'x' : '')
      const receipts = socket.take().filter((frame) => frame.command === 'RECEIPT')
      expect(receipts.map((frame) => frame.headers['receipt-id'])).toEqual([receipt])
    },
  )

  it.each(EACH.filter(([command]) => command !== 'DISCONNECT'))(
    '[STOMP N2] [STOMP O2] of a %s that fails gives an ERROR with its id, and no RECEIPT',
    (command) => {
      const { room, socket } = ready()
      const wrong = { id: 'none', transaction: 'none', destination: '/none', receipt: 'r' }
      room.send(socket, command, command === 'BEGIN' ? { receipt: 'r' } : wrong)
      const frames = socket.take()
      expect(frames.map((frame) => [frame.command, frame.headers['receipt-id']])).toEqual([
        ['ERROR', 'r'],
      ])
    },
  )

  it('[STOMP N3] comes in the order of arrival', () => {
    const { room, socket, acks } = ready()
    for (const [index, [command, headers]] of EACH.entries()) {
      if (command === 'ABORT' || command === 'UNSUBSCRIBE') continue
      const receipt = String(index)
      room.send(socket, command, { ...headers(acks), receipt }, command === 'SEND' ? 'x' : '')
    }
    const ids = socket.take().flatMap(({ headers }) => headers['receipt-id'] ?? [])
    expect(ids).toEqual(['0', '1', '3', '4', '5', '6', '8'])
  })

  it('[L4] of frames of one moment come in their order, also where one is kept in a transaction', () => {
    const { room, socket } = ready()
    const destination = '/pub/send/message'
    room.turn(() => {
      room.receive(socket, frameOf('SEND', { destination, receipt: '1' }, 'x'))
      room.receive(
        socket,
        frameOf('SEND', { destination, receipt: '2', transaction: 'begun' }, 'y'),
      )
      room.receive(socket, frameOf('SEND', { destination, receipt: '3' }, 'z'))
    })
    const ids = socket.take().flatMap(({ headers }) => headers['receipt-id'] ?? [])
    expect(ids).toEqual(['1', '2', '3'])
  })
})

describe('an ERROR', () => {
  it('[STOMP O1] [STOMP O2] [STOMP I10] has message, content-type, content-length, and a body that explains', () => {
    const { room, socket } = ready()
    room.send(socket, 'SUBSCRIBE', { id: 's', destination: '/none', receipt: 'r' })
    expect(socket.takeText()).toBe(
      [
        'ERROR',
        'message:You are not allowed to do this.',
        'code:not-allowed',
        'content-type:text/plain',
        'receipt-id:r',
        'subscription:s',
        'destination:/none',
        'content-length:63',
        '',
        'You are not allowed to do this. (SUBSCRIBE to this destination)\0',
      ].join('\n'),
    )
  })

  it('[STOMP O3] is followed by the close, and nothing is done after it', () => {
    const { room, socket } = ready()
    room.turn(() => {
      const frame = { command: 'ABORT', headers: new Map(), body: new Uint8Array(0) } as const
      room.receive(socket, frame)
      room.receive(socket, { ...frame, command: 'DISCONNECT' })
    })
    room.say(socket, 'x', 'r')
    expect(socket.take().map(({ command }) => command)).toEqual(['ERROR'])
    expect(socket.closed?.code).toBe(1002)
    expect(room.log.head()).toBe(0)
  })

  it('says nothing of a bug', () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
    onTestFinished(() => logged.mockRestore())
    const { room, socket } = ready()
    room.log.failure = new Error('secret')
    room.say(socket, 'x')
    expect(socket.takeText()).not.toContain('secret')
  })
})

describe('frames', () => {
  it('[STOMP P8] beyond so many a second end the connection, and say to wait', () => {
    const room = new FakeRoom({ framesPerSecond: 5, framesBurst: 10 })
    const socket = room.connect(ann)
    const frame = () => room.send(socket, 'BEGIN', { transaction: 't' })
    const undo = () => room.send(socket, 'ABORT', { transaction: 't' })
    for (let n = 0; n < 5; n++) {
      frame()
      undo()
    }
    expect(socket.closed).toBeUndefined()
    room.now += 400
    frame()
    undo()
    expect(socket.closed).toBeUndefined()
    frame()
    expect(socket.take()).toMatchObject([
      { command: 'ERROR', headers: { code: 'too-many-frames' } },
    ])
    expect(socket.closed?.code).toBe(4429)
  })
})
