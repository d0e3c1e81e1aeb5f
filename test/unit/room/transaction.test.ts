import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { CHANNEL, FakeRoom, type FakeSocket, LOG, person, QUEUE } from '../../support/fake-room.ts'

const ann = person('ann')
const bob = person('bob')

const TO = { message: '/pub/send/message', channel: CHANNEL, queue: QUEUE }

describe.each([false, true])('a transaction, evicted between any two frames: %s', (evicted) => {
  function start(limits: ConstructorParameters<typeof FakeRoom>[0] = {}) {
    const room = new FakeRoom(limits)
    if (evicted) {
      const turn = room.turn.bind(room)
      room.turn = (work) => {
        room.evict()
        turn(work)
      }
    }
    const [a, b] = [room.connect(ann), room.connect(bob)]
    room.subscribe(b, 'log', LOG)
    room.subscribe(b, 'channel', CHANNEL)
    room.subscribe(b, 'queue', QUEUE, { ack: 'client-individual' })
    return { room, a, b }
  }

  const begin = (room: FakeRoom, socket: FakeSocket, transaction = 't') =>
    room.send(socket, 'BEGIN', { transaction })
  const within = (
    room: FakeRoom,
    socket: FakeSocket,
    destination: string,
    body: string,
    headers: Record<string, string> = {},
  ) => room.send(socket, 'SEND', { destination, transaction: 't', ...headers }, body)
  const heard = (socket: FakeSocket) =>
    socket.take().map(({ body, headers }) => [headers.subscription, headers.seq ?? body])

  it('[STOMP K1] does all at COMMIT, at once and in order, and nothing before', () => {
    const { room, a, b } = start()
    begin(room, a)
    within(room, a, TO.message, 'one')
    within(room, a, TO.channel, 'two')
    within(room, a, TO.queue, 'three')
    within(room, a, TO.message, 'four')
    expect([b.takeText(), room.log.head(), room.queues.size().messages]).toEqual(['', 0, 0])
    room.say(b, 'between')
    expect(heard(b)).toEqual([['log', '1']])
    const before = b.messages
    room.send(a, 'COMMIT', { transaction: 't', receipt: 'c' })
    expect(heard(b)).toEqual([
      ['log', '2'],
      ['channel', 'two'],
      ['log', '3'],
      ['queue', 'three'],
    ])
    expect(b.messages - before).toBe(4)
    expect(a.take()).toEqual([
      { command: 'RECEIPT', headers: { 'receipt-id': 'c', seq: '3' }, body: '' },
    ])
    expect(room.transactions.count).toBe(0)
  })

  it('[STOMP K8] a receipt inside says queued, that of COMMIT says durable', () => {
    const { room, a } = start()
    begin(room, a)
    within(room, a, TO.message, 'x', { receipt: 'r' })
    expect(a.take()).toEqual([
      { command: 'RECEIPT', headers: { 'receipt-id': 'r', transaction: 't' }, body: '' },
    ])
    expect(room.log.head()).toBe(0)
  })

  it('[STOMP K2] ABORT drops it', () => {
    const { room, a, b } = start()
    begin(room, a)
    within(room, a, TO.message, 'x')
    room.send(a, 'ABORT', { transaction: 't', receipt: 'r' })
    expect(a.take()).toMatchObject([{ command: 'RECEIPT' }])
    expect([b.takeText(), room.log.head(), room.transactions.count]).toEqual(['', 0, 0])
  })

  it('[STOMP K7] its id is free again afterwards', () => {
    const { room, a } = start()
    for (const how of ['COMMIT', 'ABORT', 'COMMIT'] as const) {
      begin(room, a)
      within(room, a, TO.message, 'x')
      room.send(a, how, { transaction: 't' })
    }
    expect(a.closed).toBeUndefined()
    expect(room.log.head()).toBe(2)
  })

  it.each(['DISCONNECT', 'leave', 'ERROR', 'expiry'])('[STOMP K6] is aborted by %s', (way) => {
    const { room, a } = start()
    begin(room, a)
    within(room, a, TO.message, 'x')
    if (way === 'DISCONNECT') room.send(a, 'DISCONNECT')
    else if (way === 'leave') room.leave(a)
    else if (way === 'ERROR') room.send(a, 'UNSUBSCRIBE', { id: 'none' })
    else {
      room.now += 900_000
      room.send(a, 'COMMIT', { transaction: 't' })
    }
    expect([room.log.head(), room.transactions.count]).toEqual([0, 0])
  })

  it('[STOMP K6] that was lost with its connection in a crash is forgotten', () => {
    const { room, a } = start()
    begin(room, a)
    within(room, a, TO.message, 'x')
    room.sockets.clear()
    room.evict()
    room.connect(ann)
    expect(room.transactions.count).toBe(0)
  })

  it('two at a time do not mix', () => {
    const { room, a } = start()
    begin(room, a, 't')
    begin(room, a, 'u')
    within(room, a, TO.message, 'in t')
    within(room, a, TO.message, 'in u', { transaction: 'u' })
    room.send(a, 'COMMIT', { transaction: 'u' })
    room.send(a, 'COMMIT', { transaction: 't' })
    expect(room.log.messages().map(({ content }) => content)).toEqual(['in u', 'in t'])
  })

  it('[L5] the same idempotency-key in it, and over a retry of it, is one event', () => {
    const { room, a } = start()
    for (let round = 0; round < 2; round++) {
      begin(room, a)
      within(room, a, TO.message, 'x', { 'idempotency-key': 'k' })
      within(room, a, TO.message, 'x', { 'idempotency-key': 'k' })
      room.send(a, 'COMMIT', { transaction: 't', receipt: 'r' })
    }
    expect(a.take().map(({ headers }) => headers.seq)).toEqual(['1', '1'])
    expect(room.log.head()).toBe(1)
  })

  it('[STOMP J11] ACK and NACK take effect at COMMIT, and after ABORT can be sent again', () => {
    const { room, a, b } = start()
    room.send(a, 'SEND', { destination: QUEUE }, 'job')
    const id = b.take()[0]?.headers.ack ?? ''
    begin(room, b)
    room.send(b, 'ACK', { id, transaction: 't' })
    expect(room.queues.size().messages).toBe(1)
    room.send(b, 'ABORT', { transaction: 't' })
    begin(room, b)
    room.send(b, 'ACK', { id, transaction: 't' })
    room.send(b, 'COMMIT', { transaction: 't' })
    expect(room.queues.size().messages).toBe(0)
    expect(b.closed).toBeUndefined()
  })

  it('[R3] of which one part fails does nothing at all', () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
    onTestFinished(() => logged.mockRestore())
    const { room, a, b } = start()
    begin(room, a)
    within(room, a, TO.queue, 'job')
    within(room, a, TO.channel, 'told')
    within(room, a, TO.message, 'event', { 'idempotency-key': 'k' })
    within(room, a, TO.message, 'another')
    room.log.failsAt = 2
    room.send(a, 'COMMIT', { transaction: 't', receipt: 'r' })
    expect(a.take()).toMatchObject([
      { command: 'ERROR', headers: { code: 'internal', 'receipt-id': 'r' } },
    ])
    expect([b.takeText(), room.log.head(), room.queues.size().messages]).toEqual(['', 0, 0])
    room.log.failsAt = undefined
    const again = room.connect(ann)
    room.say(again, 'event', 'r', 'k')
    expect(again.take()).toMatchObject([{ command: 'RECEIPT', headers: { seq: '1' } }])
  })

  it('[R3] a frame that is refused ends it, so that the rest is not committed without it', () => {
    const { room, a } = start({ maxContentBytes: 3 })
    room.subscribe(a, 'errors', '/user/queue/errors')
    begin(room, a)
    within(room, a, TO.message, 'ok')
    within(room, a, TO.message, 'too long')
    room.send(a, 'COMMIT', { transaction: 't' })
    expect(a.take()).toMatchObject([{ command: 'ERROR', headers: { code: 'content-too-large' } }])
    expect([room.log.head(), room.transactions.count]).toEqual([0, 0])
  })

  type Wrong = [
    name: string,
    frames: [Parameters<FakeRoom['send']>[1], Record<string, string>][],
    string,
  ]
  const WRONG: Wrong[] = [
    [
      '[STOMP K3] BEGIN twice',
      [
        ['BEGIN', { transaction: 't' }],
        ['BEGIN', { transaction: 't' }],
      ],
      'transaction-exists',
    ],
    ['[STOMP K4] COMMIT of none', [['COMMIT', { transaction: 't' }]], 'transaction-unknown'],
    ['[STOMP K4] ABORT of none', [['ABORT', { transaction: '__proto__' }]], 'transaction-unknown'],
    [
      '[STOMP K4] SEND in none',
      [['SEND', { transaction: 't', destination: TO.message }]],
      'transaction-unknown',
    ],
    ['[STOMP K4] ACK in none', [['ACK', { transaction: 't', id: '0-1' }]], 'transaction-unknown'],
    ['[STOMP K5] BEGIN without an id', [['BEGIN', {}]], 'header-missing'],
    ['[STOMP K5] COMMIT without an id', [['COMMIT', {}]], 'header-missing'],
    ['[STOMP K5] ABORT without an id', [['ABORT', {}]], 'header-missing'],
    ['an empty id', [['BEGIN', { transaction: '' }]], 'header-invalid'],
    [
      '[STOMP K9] too many',
      ['a', 'b', 'c'].map((transaction) => ['BEGIN', { transaction }]),
      'too-many-transactions',
    ],
  ]

  it.each(WRONG)('%s is refused', (_name, frames, code) => {
    const { room, a } = start()
    for (const [command, headers] of frames)
      room.send(a, command, headers, command === 'SEND' ? 'x' : '')
    expect(a.take()).toMatchObject([{ command: 'ERROR', headers: { code } }])
    expect(room.log.head()).toBe(0)
  })

  it('[STOMP K9] too much in one is refused', () => {
    for (const [count, size] of [
      [11, 1],
      [2, 600],
    ] as const) {
      const { room, a } = start()
      begin(room, a)
      for (let n = 0; n < count; n++) within(room, a, TO.message, 'x'.repeat(size))
      expect(a.take()).toMatchObject([{ headers: { code: 'too-many-transactions' } }])
      expect(room.transactions.count).toBe(0)
    }
  })
})
