import { describe, expect, it } from 'vitest'
import { CHANNEL, ERRORS, FakeRoom, LOG, person, QUEUE } from '../../support/fake-room.ts'

const ann = person('ann')

const OF_ONE = '{"seq":1,"content":"y","reaction":"x"}'

/** What stores something that stays: its destination and body. */
const GROWS = [
  ['/pub/send/message', 'x'],
  ['/pub/edit/message', OF_ONE],
  ['/pub/react/message', OF_ONE],
  [QUEUE, 'job'],
] as const

/** A room with a message and a queued one, which is full now. */
function full(limits: ConstructorParameters<typeof FakeRoom>[0] = {}) {
  const room = new FakeRoom({ bytes: 1000, ...limits })
  const socket = room.connect(ann)
  room.subscribe(socket, 'log', LOG)
  room.say(socket, 'one', undefined, 'k')
  room.send(socket, 'SEND', { destination: QUEUE }, 'job')
  room.storedBytes = 1000
  socket.take()
  return { room, socket }
}

describe.each([false, true])('a full room, evicted: %s', (evicted) => {
  function start() {
    const { room, socket } = full()
    room.subscribe(socket, 'errors', ERRORS)
    if (evicted) room.evict()
    return { room, socket }
  }

  it.each(GROWS)(
    '[R5] refuses a SEND to %s mildly, and the session goes on',
    (destination, body) => {
      const { room, socket } = start()
      room.send(socket, 'SEND', { destination, receipt: 'r' }, body)
      expect(socket.take()).toMatchObject([
        { headers: { subscription: 'errors', code: 'room-full', 'receipt-id': 'r' } },
      ])
      expect(socket.closed).toBeUndefined()
      expect(room.log.head()).toBe(1)
      expect(room.queues.size().messages).toBe(1)
      room.storedBytes = 999
      room.send(socket, 'SEND', { destination, receipt: 'r' }, body)
      expect(socket.take().at(-1)).toMatchObject({ command: 'RECEIPT' })
    },
  )

  it('[R5] lets be deleted, read and acknowledged, and repeats a RECEIPT', () => {
    const { room, socket } = start()
    room.say(socket, 'one', 'again', 'k')
    expect(socket.take()).toMatchObject([{ headers: { 'receipt-id': 'again', seq: '1' } }])
    room.send(socket, 'SEND', { destination: '/pub/delete/message', receipt: 'd' }, '{"seq":1}')
    expect(socket.take().at(-1)).toMatchObject({ headers: { 'receipt-id': 'd', seq: '2' } })
    room.subscribe(socket, 'work', QUEUE, { ack: 'client' })
    room.send(socket, 'ACK', { id: socket.take()[0]?.headers.ack ?? '', receipt: 'a' })
    expect(socket.take()).toMatchObject([{ headers: { 'receipt-id': 'a' } }])
    expect(room.queues.size().messages).toBe(0)
    const reader = room.connect(ann)
    room.subscribe(reader, 'log', LOG, { after: '0', ack: 'client' })
    const seen = reader.take()
    expect(seen.map(({ headers }) => headers.seq)).toEqual(['1', '2'])
    room.send(reader, 'ACK', { id: seen[1]?.headers.ack ?? '', receipt: 'a' })
    expect(reader.take()).toMatchObject([{ command: 'RECEIPT' }])
    room.send(socket, 'SEND', { destination: CHANNEL, receipt: 'c' }, 'x')
    expect(socket.take()).toMatchObject([{ headers: { 'receipt-id': 'c' } }])
  })

  it('[R5] does a transaction of what gives room back, and keeps no frame of another', () => {
    const { room, socket } = start()
    room.send(socket, 'BEGIN', { transaction: 't' })
    const headers = { destination: '/pub/delete/message', transaction: 't' }
    room.send(socket, 'SEND', headers, '{"seq":1}')
    room.send(socket, 'COMMIT', { transaction: 't', receipt: 'c' })
    expect(socket.take().at(-1)).toMatchObject({ headers: { 'receipt-id': 'c', seq: '2' } })
    for (const destination of ['/pub/send/message', QUEUE, CHANNEL]) {
      const other = room.connect(ann)
      room.send(other, 'BEGIN', { transaction: 't' })
      room.send(other, 'SEND', { destination, transaction: 't' }, 'x')
      expect(other.closed).toEqual({ code: 1008, reason: 'room-full' })
      room.leave(other)
    }
    expect(room.transactions.count).toBe(0)
  })
})

describe('a room that becomes full', () => {
  it.each(GROWS)(
    '[R5][R3] refuses to commit a SEND to %s, and nothing is done',
    (destination, body) => {
      const { room, socket } = full()
      room.storedBytes = 0
      room.send(socket, 'BEGIN', { transaction: 't' })
      room.send(socket, 'SEND', { destination, transaction: 't' }, body)
      room.storedBytes = 1000
      room.send(socket, 'COMMIT', { transaction: 't' })
      expect(socket.closed).toEqual({ code: 1008, reason: 'room-full' })
      expect(room.log.head()).toBe(1)
      expect(room.queues.size().messages).toBe(1)
      expect(room.transactions.count).toBe(0)
    },
  )

  it('[R5] tells a session that does not listen to its errors in an ERROR', () => {
    const { room, socket } = full()
    room.say(socket, 'two')
    expect(socket.closed).toEqual({ code: 1008, reason: 'room-full' })
  })
})
