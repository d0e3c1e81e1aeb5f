import { describe, expect, it } from 'vitest'
import { ERRORS, FakeRoom, type FakeSocket, LOG, person, SIGNALS } from '../../support/fake-room.ts'

const ann = person('ann')
const bob = person('bob')

/** How far Ann has read, as somebody heard it. */
const told = (socket: FakeSocket) =>
  socket
    .take()
    .map(({ body }) => JSON.parse(body || '{}'))
    .flatMap(({ type, user, seq }) => (type === 'read' && user.id === 'ann' ? [seq] : []))

describe.each([false, true])('[H1] SEND /pub/read, evicted between any two: %s', (evicted) => {
  function scene(limits = {}) {
    const room = new FakeRoom(limits)
    const [a, b] = [room.connect(ann), room.connect(bob)]
    room.subscribe(a, 'errors', ERRORS)
    room.subscribe(b, 'who', SIGNALS)
    for (const content of ['1', '2', '3']) room.say(b, content)
    told(b)
    const read = (socket: FakeSocket, body: string, headers = {}) => {
      if (evicted) room.evict()
      room.send(socket, 'SEND', { destination: '/pub/read', ...headers }, body)
      if (evicted) room.evict()
      return socket.take()
    }
    return { room, a, b, read }
  }

  it('tells how far somebody has read, onwards alone', () => {
    const { a, b, read } = scene()
    expect(read(a, '{"seq":2}', { receipt: 'r' })).toMatchObject([{ command: 'RECEIPT' }])
    for (const seq of [1, 2, 3, 3]) read(a, JSON.stringify({ seq }))
    expect(told(b)).toEqual([2, 3])
    expect(read(a, '{"seq":3}', { destination: '/app/read' })).toEqual([])
  })

  it('is for readers', () => {
    const { room, a, b, read } = scene()
    room.roles.set('ann', 'reader')
    read(a, '{"seq":1}')
    expect(told(b)).toEqual([1])
  })

  it('is one marker with that of ACK, and of all connections of a person', () => {
    const { room, a, b, read } = scene()
    const other = room.connect(ann)
    room.subscribe(other, 'log', LOG, { ack: 'client', after: '0' })
    const acks = other.take().map(({ headers }) => headers.ack ?? '')
    told(b)
    read(a, '{"seq":2}')
    room.send(other, 'ACK', { id: acks[1] ?? '' })
    room.send(other, 'ACK', { id: acks[2] ?? '' })
    read(a, '{"seq":3}')
    expect(told(b)).toEqual([2, 3])
  })

  it.each([
    ['{"seq":4}', 'event-unknown'],
    ['{"seq":0}', 'body-invalid'],
    ['{"seq":1.5}', 'body-invalid'],
    ['{"seq":"1"}', 'body-invalid'],
    ['{}', 'body-invalid'],
    ['', 'body-invalid'],
    ['1', 'body-invalid'],
  ])('%s is refused, and told to nobody: %s', (body, code) => {
    const { a, b, read } = scene()
    expect(read(a, body)).toMatchObject([{ command: 'MESSAGE', headers: { code } }])
    expect(a.closed).toBeUndefined()
    expect(told(b)).toEqual([])
  })

  it('comes after what was said to the log before', () => {
    const { room, a, b, read } = scene()
    room.subscribe(b, 'log', LOG)
    room.send(a, 'BEGIN', { transaction: 't' })
    room.send(a, 'SEND', { destination: '/pub/send/message', transaction: 't' }, 'before')
    read(a, '{"seq":1}', { transaction: 't' })
    room.send(a, 'COMMIT', { transaction: 't' })
    expect(b.take().map(({ body }) => JSON.parse(body).type)).toEqual(['message', 'read'])
  })

  it('[STOMP K1] in a transaction is told at COMMIT', () => {
    const { room, a, b, read } = scene()
    room.send(a, 'BEGIN', { transaction: 't' })
    for (const seq of [2, 1, 3]) read(a, JSON.stringify({ seq }), { transaction: 't' })
    expect(told(b)).toEqual([])
    room.send(a, 'COMMIT', { transaction: 't' })
    expect(told(b)).toEqual([2, 3])
  })
})

it('counts against the rate of messages where it tells something', () => {
  const room = new FakeRoom({ sendPerSecond: 1, sendBurst: 3 })
  const a = room.connect(ann)
  for (const content of ['1', '2']) room.say(a, content)
  for (const seq of [1, 1, 1, 2]) {
    expect(a.closed).toBeUndefined()
    room.send(a, 'SEND', { destination: '/pub/read' }, JSON.stringify({ seq }))
  }
  expect(a.closed?.reason).toBe('too-fast')
})
