import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { MAX_SESSION_BYTES } from '../../../src/room/limits/limits.ts'
import {
  CHANNEL,
  ERRORS,
  FakeRoom,
  type FakeSocket,
  LIMITS,
  LOG,
  person,
  QUEUE,
  SIGNALS,
} from '../../support/fake-room.ts'

const ann = person('ann')
const bob = person('bob')

/** A room in which `count` messages were sent. */
function roomWith(count: number) {
  const room = new FakeRoom({ sendBurst: 1e6 })
  const sender = room.connect(bob)
  for (let n = 1; n <= count; n++) room.say(sender, `m${n}`)
  return { room, sender }
}

const seqs = (socket: FakeSocket) =>
  socket.take().map(({ headers }) => [Number(headers.prev), Number(headers.seq)])

/** `[n-1, n]` for each n: what an unbroken stretch of the log looks like. */
const stretch = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => [from + index - 1, from + index])

describe('SUBSCRIBE to the log', () => {
  it('[STOMP I11] gives its RECEIPT before the first MESSAGE', () => {
    const { room } = roomWith(2)
    const socket = room.connect(ann)
    room.subscribe(socket, 'log', LOG, { after: '0', receipt: 'r' })
    expect(socket.take().map(({ command }) => command)).toEqual(['RECEIPT', 'MESSAGE', 'MESSAGE'])
  })

  it('without `after` is live only', () => {
    const { room, sender } = roomWith(3)
    const socket = room.connect(ann)
    room.subscribe(socket, 'log', LOG)
    room.say(sender, 'live')
    expect(seqs(socket)).toEqual([[3, 4]])
  })

  it.each([0, 1, 249, 250, 251, 449, 850, 1449])(
    '[L6] after %i replays all since, and goes on live',
    (after) => {
      const { room, sender } = roomWith(1450)
      const socket = room.connect(ann)
      room.subscribe(socket, 'log', LOG, { after: String(after) })
      room.say(sender, 'live')
      while (room.backlog) room.catchUp()
      room.say(sender, 'more')
      expect(seqs(socket)).toEqual(stretch(after + 1, 1452))
    },
  )

  it('[L6] [H1] after an eviction in the middle of a replay goes on where it was', () => {
    const { room, sender } = roomWith(1450)
    const socket = room.connect(ann)
    room.subscribe(socket, 'log', LOG, { after: '0' })
    room.say(sender, 'live')
    for (;;) {
      room.evict()
      room.turn(() => {})
      if (!room.backlog) break
      room.catchUp()
    }
    expect(seqs(socket)).toEqual(stretch(1, 1451))
  })

  it('at the head replays nothing', () => {
    const { room, sender } = roomWith(3)
    const socket = room.connect(ann)
    room.subscribe(socket, 'log', LOG, { after: '3' })
    expect(socket.takeText()).toBe('')
    room.say(sender, 'live')
    expect(seqs(socket)).toEqual([[3, 4]])
  })

  it.each<[after: string, code: string, close: number]>([
    ['-1', 'header-invalid', 1002],
    ['', 'header-invalid', 1002],
    ['x', 'header-invalid', 1002],
    ['1.5', 'header-invalid', 1002],
    ['1e3', 'header-invalid', 1002],
    ['0x1', 'header-invalid', 1002],
    [' 1', 'header-invalid', 1002],
    ['9007199254740993', 'header-invalid', 1002],
    ['9'.repeat(400), 'header-invalid', 1002],
    ['4', 'after-unknown', 4516],
    ['999999999999999', 'after-unknown', 4516],
  ])('after %j is refused: %s, %i', (after, code, close) => {
    const { room } = roomWith(3)
    const socket = room.connect(ann)
    room.subscribe(socket, 'log', LOG, { after })
    expect(socket.take()).toMatchObject([{ command: 'ERROR', headers: { code } }])
    expect(socket.closed).toEqual({ code: close, reason: code })
  })

  it('[L2] gives the same order live, from the start, and in the log', () => {
    const room = new FakeRoom()
    const [a, b] = [room.connect(ann), room.connect(bob)]
    room.subscribe(a, 'log', LOG)
    for (const n of [1, 2, 3]) {
      room.say(a, `a${n}`)
      room.say(b, `b${n}`)
    }
    const again = room.connect(ann)
    room.subscribe(again, 'log', LOG, { after: '0' })
    const content = (socket: FakeSocket) =>
      socket.take().map(({ body }) => JSON.parse(body).content)
    const live = content(a)
    expect(live).toEqual(room.log.messages().map((event) => event.content))
    expect(content(again)).toEqual(live)
  })

  it('[STOMP I7] [STOMP I8] twice gives a copy each, with ids of their own', () => {
    const { room, sender } = roomWith(0)
    const socket = room.connect(ann)
    room.subscribe(socket, 'one', LOG)
    room.subscribe(socket, 'two', LOG)
    room.say(sender, 'x')
    const heard = socket.take()
    expect(heard.map(({ headers }) => headers.subscription)).toEqual(['one', 'two'])
    expect(new Set(heard.map(({ headers }) => headers['message-id'])).size).toBe(2)
  })

  it('[R2] a slow reader is not buffered: it falls behind and catches up', () => {
    const { room, sender } = roomWith(0)
    const [slow, quick] = [room.connect(ann), room.connect(ann)]
    for (const socket of [slow, quick]) room.subscribe(socket, 'log', LOG)
    room.say(sender, '1')
    slow.congested = true
    for (let n = 2; n <= 250; n++) room.say(sender, String(n))
    expect(seqs(quick)).toEqual(stretch(1, 250))
    expect(seqs(slow)).toEqual([[0, 1]])
    expect(room.backlog).toBe('stalled')
    room.catchUp()
    expect(slow.takeText()).toBe('')
    slow.congested = false
    do room.catchUp()
    while (room.backlog)
    room.say(sender, 'last')
    expect(seqs(slow)).toEqual(stretch(2, 251))
  })
})

describe('a chunk of a replay that cannot be read', () => {
  it('[L6] ends its connection, which comes back, and keeps nobody else behind', () => {
    const { room, sender } = roomWith(1450)
    const [one, two] = [room.connect(ann), room.connect(ann)]
    for (const socket of [one, two]) room.subscribe(socket, 'log', LOG, { after: '0' })
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
    onTestFinished(() => logged.mockRestore())
    const after = room.log.after.bind(room.log)
    let reads = 0
    room.log.after = (seq, limit) => {
      if (++reads === 1) throw new Error('the disk is broken')
      return after(seq, limit)
    }
    do room.catchUp()
    while (room.backlog)
    expect(one.closed).toEqual({ code: 1013, reason: 'unavailable' })
    expect(seqs(two)).toEqual(stretch(1, 1450))
    room.say(sender, 'live')
    expect(seqs(two)).toEqual(stretch(1451, 1451))
  })

  it('[L6] is given when the next event comes, if nothing else gave it', () => {
    const { room, sender } = roomWith(1450)
    const socket = room.connect(ann)
    room.subscribe(socket, 'log', LOG, { after: '0' })
    // The turn that was due is lost.
    room.backlog = undefined
    room.say(sender, 'live')
    expect(room.backlog).toBe('moving')
    do room.catchUp()
    while (room.backlog)
    expect(seqs(socket)).toEqual(stretch(1, 1451))
  })
})

describe('a reader that takes nothing', () => {
  function stalled() {
    const { room, sender } = roomWith(0)
    const [slow, quick] = [room.connect(ann), room.connect(ann)]
    for (const socket of [slow, quick]) room.subscribe(socket, 'log', LOG)
    slow.congested = true
    room.say(sender, 'x')
    room.catchUp()
    return { room, sender, slow, quick }
  }

  it('[R2] is told to come back after the limit, and not before', () => {
    const { room, slow, quick } = stalled()
    room.now += LIMITS.stall - 1
    room.catchUp()
    expect(slow.closed).toBeUndefined()
    expect(room.backlog).toBe('stalled')
    room.now += 1
    room.catchUp()
    expect(slow.closed).toEqual({ code: 4000, reason: 'too-slow' })
    expect(quick.closed).toBeUndefined()
    expect(room.backlog).toBeUndefined()
  })

  it('[R2] has all of the time again once it has taken something', () => {
    const { room, sender, slow } = stalled()
    room.now += LIMITS.stall - 1
    slow.congested = false
    room.catchUp()
    slow.congested = true
    room.say(sender, 'y')
    room.catchUp()
    room.now += LIMITS.stall - 1
    room.catchUp()
    expect(slow.closed).toBeUndefined()
  })

  it.each([
    ['signals', SIGNALS],
    ['a channel', CHANNEL],
  ])('[R2] is found also where it only listens to %s', (_, destination) => {
    const room = new FakeRoom()
    const [slow, other] = [room.connect(ann), room.connect(person('bob'))]
    room.subscribe(slow, 'x', destination)
    slow.congested = true
    room.send(other, 'SEND', { destination: CHANNEL }, 'x')
    room.leave(other)
    expect(room.backlog).toBe('stalled')
    room.catchUp()
    room.now += LIMITS.stall
    room.catchUp()
    expect(slow.closed?.reason).toBe('too-slow')
  })
})

describe('SUBSCRIBE', () => {
  it.each(['__proto__', 'constructor', 'a:b\\c', '구독'])('[R1] takes the id %j', (id) => {
    const { room, sender } = roomWith(0)
    const socket = room.connect(ann)
    room.subscribe(socket, id, LOG)
    room.say(sender, 'x')
    expect(socket.take()[0]?.headers.subscription).toBe(id)
  })

  type Refused = [name: string, headers: Record<string, string>, code: string]
  const REFUSED: Refused[] = [
    ['[STOMP I1] no id', { destination: LOG }, 'header-missing'],
    ['an empty id', { destination: LOG, id: '' }, 'header-invalid'],
    ['an id too long', { destination: LOG, id: 'x'.repeat(129) }, 'header-invalid'],
    ['[STOMP I3] no destination', { id: 'x' }, 'header-missing'],
    ['[STOMP I4] an id in use', { destination: LOG, id: 'taken' }, 'subscription-exists'],
    [
      '[STOMP I5] an unknown ack mode',
      { destination: LOG, id: 'x', ack: 'maybe' },
      'header-invalid',
    ],
    [
      'ack:client-individual on the log',
      { destination: LOG, id: 'x', ack: 'client-individual' },
      'header-invalid',
    ],
    ['ack:client on signals', { destination: SIGNALS, id: 'x', ack: 'client' }, 'header-invalid'],
    [
      'ack:client on a channel',
      { destination: `${SIGNALS}/c`, id: 'x', ack: 'client' },
      'header-invalid',
    ],
    ['no prefetch', { destination: QUEUE, id: 'x', 'prefetch-count': '0' }, 'header-invalid'],
    [
      'a prefetch too high',
      { destination: QUEUE, id: 'x', 'prefetch-count': '101' },
      'header-invalid',
    ],
  ]

  it.each(REFUSED)('is refused with %s', (_name, headers, code) => {
    const { room } = roomWith(0)
    const socket = room.connect(ann)
    room.subscribe(socket, 'taken', ERRORS)
    room.send(socket, 'SUBSCRIBE', headers)
    expect(socket.take()).toMatchObject([{ command: 'ERROR', headers: { code } }])
  })

  it('[STOMP P6] is refused beyond the limit', () => {
    const { room } = roomWith(0)
    const socket = room.connect(ann)
    for (const id of ['1', '2', '3', '4', '5']) room.subscribe(socket, id, LOG)
    expect(socket.take()).toMatchObject([
      { command: 'ERROR', headers: { code: 'too-many-subscriptions', subscription: '5' } },
    ])
  })

  it('[H3] is refused when the session would not fit its attachment any more', () => {
    const room = new FakeRoom({ maxSubscriptions: 1e6 })
    const socket = room.connect({ ...ann, name: '긴이름'.repeat(20) })
    for (let n = 0; !socket.closed; n++) {
      expect(socket.attachmentSize).toBeLessThan(16_384)
      room.subscribe(socket, `${'구'.repeat(120)}${n}`, LOG)
      if (n > 1000) throw new Error('no limit was found')
    }
    expect(socket.take()).toMatchObject([{ headers: { code: 'too-many-subscriptions' } }])
    expect(MAX_SESSION_BYTES).toBeLessThan(16_384)
  })

  it('[STOMP I2] [STOMP L3] in 1.0 needs no id, and its MESSAGEs carry none', () => {
    const { room, sender } = roomWith(0)
    const socket = room.connect(ann, { 'accept-version': '1.0' })
    room.send(socket, 'SUBSCRIBE', { destination: LOG })
    room.say(sender, 'x')
    const [message] = socket.take('1.0')
    expect(message?.headers).not.toHaveProperty('subscription')
    expect(message?.headers.destination).toBe(LOG)
    room.send(socket, 'UNSUBSCRIBE', { destination: LOG, receipt: 'r' })
    room.say(sender, 'y')
    expect(socket.take('1.0').map(({ command }) => command)).toEqual(['RECEIPT'])
  })
})

describe('UNSUBSCRIBE', () => {
  it('[STOMP L1] no MESSAGE comes after its RECEIPT', () => {
    const { room, sender } = roomWith(0)
    const socket = room.connect(ann)
    room.subscribe(socket, 'log', LOG)
    room.send(socket, 'UNSUBSCRIBE', { id: 'log', receipt: 'r' })
    room.say(sender, 'x')
    expect(socket.take().map(({ command }) => command)).toEqual(['RECEIPT'])
  })

  it('frees the id, and not the numbers that make message-ids unique', () => {
    const { room, sender } = roomWith(1)
    const socket = room.connect(ann)
    room.subscribe(socket, 'log', LOG, { after: '0' })
    room.send(socket, 'UNSUBSCRIBE', { id: 'log' })
    room.subscribe(socket, 'log', LOG, { after: '0' })
    room.say(sender, 'x')
    const ids = socket.take().map(({ headers }) => headers['message-id'])
    expect(ids).toHaveLength(3)
    expect(new Set(ids).size).toBe(3)
  })

  it.each([
    ['[STOMP L2] no id', {}, 'header-missing'],
    ['[STOMP L4] an unknown id', { id: 'nobody' }, 'subscription-unknown'],
  ])('is refused with %s', (_name, headers, code) => {
    const { room } = roomWith(0)
    const socket = room.connect(ann)
    room.send(socket, 'UNSUBSCRIBE', headers)
    expect(socket.take()).toMatchObject([{ command: 'ERROR', headers: { code } }])
  })
})

describe('a heart-beat', () => {
  it('[STOMP G4b] comes after a frame that has no other answer, where beats are expected', () => {
    const room = new FakeRoom()
    const socket = room.connect(ann, { 'heart-beat': '1000,1000' })
    room.say(socket, 'no receipt')
    expect(socket.takeText()).toBe('\n')
    room.say(socket, 'a receipt', 'r')
    expect(socket.takeText()).toMatch(/^RECEIPT/)
  })

  it.each(['0,0', '1000,0', '0,1000'])('comes to nobody who offered %s', (offer) => {
    const room = new FakeRoom()
    const socket = room.connect(ann, { 'heart-beat': offer })
    room.say(socket, 'x')
    expect(socket.takeText()).toBe('')
  })

  it('that is missing for too long ends the connection when the room runs anyway', () => {
    const room = new FakeRoom()
    const silent = room.connect(ann, { 'heart-beat': '45000,45000' })
    const beating = room.connect(ann, { 'heart-beat': '45000,45000' })
    const unpromised = room.connect(ann)
    room.subscribe(unpromised, 'signals', SIGNALS)
    room.now += 200_000
    beating.lastBeatAt = room.now - 1000
    room.say(unpromised, 'x')
    expect(silent.take()).toMatchObject([{ headers: { code: 'no-sign-of-life' } }])
    expect(silent.closed?.code).toBe(4408)
    expect([beating.closed, unpromised.closed]).toEqual([undefined, undefined])
  })

  it('that was missing does not end a client that speaks again', () => {
    const room = new FakeRoom()
    const late = room.connect(ann, { 'heart-beat': '45000,45000' })
    room.subscribe(late, 'log', LOG)
    room.now += 200_000
    room.say(late, 'still here')
    expect(late.take()).toMatchObject([{ command: 'MESSAGE' }])
    expect(late.closed).toBeUndefined()
  })

  it('that is missing does not keep the same person out', () => {
    const room = new FakeRoom({ socketsPerPrincipal: 1 })
    const silent = room.connect(ann, { 'heart-beat': '45000,45000' })
    room.now += 200_000
    room.connect(ann)
    expect(silent.closed?.code).toBe(4408)
  })

  it('is not missed from a client that sends frames instead', () => {
    const room = new FakeRoom()
    const busy = room.connect(ann, { 'heart-beat': '45000,45000' })
    for (let minute = 0; minute < 10; minute++) {
      room.now += 60_000
      room.evict()
      room.say(busy, 'x')
    }
    expect(busy.closed).toBeUndefined()
  })
})
