import { describe, expect, it } from 'vitest'
import type { Principal } from '../../../src/auth/principal.ts'
import { ERRORS, FakeRoom, type FakeSocket, LOG, person, SIGNALS } from '../../support/fake-room.ts'

const ann = person('ann')
const bob = person('bob')
const ANN = { id: 'ann', name: 'ANN' }

/** What a socket heard of who types: '+' and '-', and of messages their content. */
const told = (socket: FakeSocket) =>
  socket
    .take()
    .filter(({ command }) => command === 'MESSAGE')
    .map(({ body }) => JSON.parse(body))
    .filter(({ type }) => type === 'typing' || type === 'message')
    .map(({ typing, content }) => content ?? (typing ? '+' : '-'))
    .join(' ')

/** Ann writes, and Bob hears the signals; between any two frames the room is evicted, or is not. */
function scene(evicted = false, limits = {}) {
  const room = new FakeRoom(limits)
  const [a, b] = [room.connect(ann), room.connect(bob)]
  room.subscribe(b, 'who', SIGNALS)
  told(b)
  const types = (socket: FakeSocket, body: string | undefined = '', headers = {}) => {
    if (evicted) room.evict()
    room.send(socket, 'SEND', { destination: '/pub/typing', ...headers }, body)
    if (evicted) room.evict()
  }
  const on = (socket = a, headers = {}) => types(socket, '{"typing":true}', headers)
  const off = (socket = a, headers = {}) => types(socket, '{"typing":false}', headers)
  const join = (principal: Principal) => {
    const socket = room.connect(principal)
    room.subscribe(socket, 'who', SIGNALS)
    socket.take()
    told(b)
    return socket
  }
  return { room, a, b, types, on, off, join }
}

describe.each([false, true])('[H1] who types, evicted between any two frames: %s', (evicted) => {
  it('is told to those who listen to the signals, with a name that is the principal’s', () => {
    const { room, a, b, types } = scene(evicted)
    const [log, nobody] = [room.connect(bob), room.open(bob)]
    room.subscribe(log, 'log', LOG)
    log.take()
    types(a)
    expect(b.take().map(({ body }) => JSON.parse(body))).toEqual([
      { type: 'typing', user: ANN, typing: true },
    ])
    expect(log.take()).toEqual([])
    expect(nobody.takeText()).toBe('')
    expect(room.log.head()).toBe(0)
  })

  it('is not told to the connection that says so, but to the others of that person', () => {
    const { room, a, on, join } = scene(evicted)
    room.subscribe(a, 'who', SIGNALS)
    const other = join(ann)
    a.take()
    on()
    expect([told(a), told(other)]).toEqual(['', '+'])
  })

  it('is told once in two seconds, however many frames say so', () => {
    const { room, b, on } = scene(evicted)
    for (let n = 0; n < 40; n++) {
      on()
      room.now += 100
    }
    expect(told(b)).toBe('+ +')
  })

  it('is told at once when it changes, and only then', () => {
    const { b, on, off } = scene(evicted)
    off()
    on()
    off()
    off()
    on()
    expect(told(b)).toBe('+ - +')
  })

  it('is forgotten after six seconds: no end of it is told', () => {
    const { room, b, on, off } = scene(evicted)
    on()
    room.now += 5999
    off()
    on()
    room.now += 6000
    off()
    expect(told(b)).toBe('+ - +')
  })

  it('ends with a message, and begins anew after it', () => {
    const { room, a, b, on, off } = scene(evicted)
    room.subscribe(b, 'log', LOG)
    on()
    room.say(a, 'hello')
    off()
    on()
    expect(told(b)).toBe('+ hello +')
  })

  it('is said of people and not of their tabs', () => {
    const { room, a, b, on, off, join } = scene(evicted)
    const other = join(ann)
    on(a)
    on(other)
    off(a)
    expect(told(b)).toBe('+')
    off(other)
    expect(told(b)).toBe('-')
    on(other)
    for (let n = 0; n < 20; n++) {
      room.now += 100
      on(n % 2 ? a : other)
    }
    expect(told(b)).toBe('+ +')
  })

  it('is told of each person', () => {
    const { b, on, off, join } = scene(evicted)
    const cyd = join(person('cyd'))
    on()
    on(cyd)
    off()
    expect(told(b)).toBe('+ + -')
  })

  it('comes after what was said to the log before', () => {
    const { room, a, b, on } = scene(evicted)
    room.subscribe(b, 'log', LOG)
    room.say(a, 'before')
    on()
    expect(told(b)).toBe('before +')
  })

  it('[STOMP K1] in a transaction is told at COMMIT, as it is then', () => {
    const { room, a, b, on, off } = scene(evicted)
    room.subscribe(b, 'log', LOG)
    const transaction = { transaction: 't' }
    room.send(a, 'BEGIN', transaction)
    on(a, transaction)
    on(a, transaction)
    room.send(a, 'SEND', { destination: '/pub/send/message', ...transaction }, 'said')
    off(a, transaction)
    on(a, transaction)
    expect(told(b)).toBe('')
    room.send(a, 'COMMIT', transaction)
    expect(told(b)).toBe('+ said +')
  })

  it('[STOMP K2] in a transaction that is aborted was never said', () => {
    const { room, a, b, on } = scene(evicted)
    room.send(a, 'BEGIN', { transaction: 't' })
    on(a, { transaction: 't' })
    room.send(a, 'ABORT', { transaction: 't' })
    expect(told(b)).toBe('')
    on()
    expect(told(b)).toBe('+')
  })
})

describe('a SEND of it', () => {
  it.each(['/pub/typing', '/app/typing'])('%s has a RECEIPT, told or not', (destination) => {
    const { a, types } = scene()
    for (const receipt of ['1', '2']) types(a, '', { destination, receipt })
    expect(a.take().map(({ headers }) => headers['receipt-id'])).toEqual(['1', '2'])
  })

  it.each([
    ['', '+'],
    ['{}', '+'],
    ['{"typing":true}', '+'],
    ['{"typing":true,"user":{"id":"bob"}}', '+'],
    ['{"typing":"yes"}', 'body-invalid'],
    ['{"typing":null}', 'body-invalid'],
    ['true', 'body-invalid'],
    ['typing', 'body-invalid'],
    ['[]', 'body-invalid'],
  ])('with the body %s: %s', (body, outcome) => {
    const { room, a, b, types } = scene()
    room.subscribe(a, 'errors', ERRORS)
    types(a, body, { receipt: 'r' })
    const [answer] = a.take()
    expect(told(b) || answer?.headers.code).toBe(outcome)
    expect(answer?.headers['receipt-id']).toBe('r')
    expect(a.closed).toBeUndefined()
  })

  it('[A2] by a reader is refused, and told to nobody', () => {
    const { room, a, b, types } = scene()
    room.roles.set('ann', 'reader')
    types(a)
    expect(a.closed).toEqual({ code: 4503, reason: 'not-allowed' })
    expect(told(b)).toBe('')
  })

  it('[A4] by an expired session is not told, nor is it told to one', () => {
    const { room, a, b, on } = scene()
    room.now += 899_000
    const c = room.connect(person('cyd'))
    b.take()
    room.now += 1000
    on(c)
    expect(b.take()).toMatchObject([{ command: 'ERROR', headers: { code: 'token-expired' } }])
    on(a)
    expect(a.closed?.reason).toBe('token-expired')
  })

  it('counts against the rate of messages where it is told, and not where it is not', () => {
    const { room, a, b, on, off } = scene(false, { sendPerSecond: 1, sendBurst: 2 })
    room.subscribe(a, 'errors', ERRORS)
    for (let n = 0; n < 50; n++) on()
    expect(a.take()).toEqual([])
    off()
    on()
    expect(a.take()).toMatchObject([{ headers: { code: 'too-fast' } }])
    expect(told(b)).toBe('+ -')
  })

  it('counts as a frame', () => {
    const { a, on } = scene(false, { framesPerSecond: 1, framesBurst: 3 })
    for (let n = 0; n < 4; n++) on()
    expect(a.closed?.reason).toBe('too-many-frames')
  })

  it('[C1] writes nothing, and reads nothing', () => {
    const { room, on, off } = scene()
    room.log.failsAt = 1
    const log = Object.getOwnPropertyNames(Object.getPrototypeOf(room.log))
    const touched: string[] = []
    for (const name of log) {
      const method: unknown = Reflect.get(room.log, name)
      if (typeof method !== 'function' || name === 'constructor') continue
      Object.defineProperty(room.log, name, {
        value: (...args: unknown[]) => {
          touched.push(name)
          return Reflect.apply(method, room.log, args)
        },
      })
    }
    on()
    off()
    // To undo a transaction of storage, the fake takes a picture of it first.
    expect(touched.filter((name) => name !== 'snapshot')).toEqual([])
  })
})
