import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { FakeRoom, type FakeSocket, person, QUEUE } from '../../support/fake-room.ts'

const ann = person('ann')
const bob = person('bob')

function put(room: FakeRoom, socket: FakeSocket, ...bodies: string[]) {
  for (const body of bodies) room.send(socket, 'SEND', { destination: QUEUE }, body)
}

function consume(room: FakeRoom, principal = ann, headers: Record<string, string> = {}) {
  const socket = room.connect(principal)
  room.subscribe(socket, 'work', QUEUE, { ack: 'client-individual', ...headers })
  return socket
}

const bodies = (socket: FakeSocket) => socket.take().map(({ body }) => body)

/** What was given, as [body, the id to acknowledge it with]. */
const given = (socket: FakeSocket) =>
  socket.take().map(({ body, headers }) => [body, headers.ack ?? ''] as const)

const settle = (room: FakeRoom, socket: FakeSocket, how: 'ACK' | 'NACK', id = '') =>
  room.send(socket, how, { id })

describe.each([false, true])('a work queue, evicted between any two frames: %s', (evicted) => {
  function start(limits: ConstructorParameters<typeof FakeRoom>[0] = {}) {
    const room = new FakeRoom({ sendBurst: 1e6, ...limits })
    if (evicted) {
      const turn = room.turn.bind(room)
      room.turn = (work) => {
        room.evict()
        turn(work)
      }
    }
    return { room, sender: room.connect(bob) }
  }

  it('keeps a message until there is a consumer, and until it acknowledges', () => {
    const { room, sender } = start()
    put(room, sender, 'a', 'b')
    expect(room.queues.size().messages).toBe(2)
    const worker = consume(room)
    const [[first, id]] = given(worker) as [[string, string]]
    expect(first).toBe('a')
    expect(room.queues.size().messages).toBe(2)
    settle(room, worker, 'ACK', id)
    expect(room.queues.size().messages).toBe(1)
    expect(worker.closed).toBeUndefined()
  })

  it('passes on headers and body as they were sent, and who sent them', () => {
    const { room, sender } = start()
    room.send(
      sender,
      'SEND',
      { destination: QUEUE, 'x-job': '7', 'content-type': 'text/x' },
      '일\0',
    )
    expect(consume(room).take()[0]).toMatchObject({
      command: 'MESSAGE',
      headers: { 'x-job': '7', 'content-type': 'text/x', 'sender-id': 'bob', destination: QUEUE },
      body: '일\0',
    })
  })

  it('gives each message to one consumer, and each a fair share', () => {
    const { room, sender } = start()
    const workers = [consume(room), consume(room), consume(room)]
    put(room, sender, ...Array.from({ length: 9 }, (_, n) => String(n)))
    const shares = workers.map(bodies)
    expect(shares.map((share) => share.length)).toEqual([3, 3, 3])
    expect(shares.flat().sort()).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8'])
  })

  it('gives consumers that are always free their turns', () => {
    const { room, sender } = start()
    const workers = [consume(room, ann, { ack: 'auto' }), consume(room), consume(room)]
    const shares = workers.map(() => 0)
    for (let n = 0; n < 9; n++) {
      put(room, sender, String(n))
      workers.forEach((worker, index) => {
        for (const [, id] of given(worker)) {
          shares[index] = (shares[index] ?? 0) + 1
          if (id !== '') settle(room, worker, 'ACK', id)
        }
      })
    }
    expect(shares).toEqual([3, 3, 3])
  })

  it('gives a consumer no more than its prefetch-count at a time, in order', () => {
    const { room, sender } = start()
    const worker = consume(room, ann, { 'prefetch-count': '2' })
    put(room, sender, 'a', 'b', 'c', 'd')
    const first = given(worker)
    expect(first.map(([body]) => body)).toEqual(['a', 'b'])
    settle(room, worker, 'ACK', first[1]?.[1])
    expect(bodies(worker)).toEqual(['c'])
    settle(room, worker, 'ACK', first[0]?.[1])
    expect(bodies(worker)).toEqual(['d'])
  })

  it('[STOMP J5] client-individual settles one message', () => {
    const { room, sender } = start()
    const worker = consume(room)
    put(room, sender, 'a', 'b', 'c')
    settle(room, worker, 'ACK', given(worker)[1]?.[1])
    expect(room.queues.size().messages).toBe(2)
  })

  it('[STOMP J4] client settles all that came before on its subscription', () => {
    const { room, sender } = start()
    const worker = consume(room, ann, { ack: 'client' })
    put(room, sender, 'a', 'b', 'c')
    settle(room, worker, 'ACK', given(worker)[1]?.[1])
    expect(room.queues.size().messages).toBe(1)
  })

  it('auto settles what it gives', () => {
    const { room, sender } = start()
    put(room, sender, 'a', 'b')
    const worker = consume(room, ann, { ack: 'auto' })
    const heard = worker.take()
    expect(heard.map(({ body }) => body)).toEqual(['a', 'b'])
    expect(heard[0]?.headers).not.toHaveProperty('ack')
    expect(room.queues.size()).toEqual({ messages: 0, bytes: 0 })
  })

  it.each(['leave', 'DISCONNECT', 'UNSUBSCRIBE', 'ERROR'])(
    '[STOMP J8] gives what a consumer did not settle to another, in order and redelivered: %s',
    (way) => {
      const { room, sender } = start()
      const worker = consume(room)
      put(room, sender, 'a', 'b', 'c')
      settle(room, worker, 'ACK', given(worker)[1]?.[1])
      if (way === 'leave') room.leave(worker)
      else if (way === 'DISCONNECT') room.send(worker, 'DISCONNECT')
      else if (way === 'UNSUBSCRIBE') room.send(worker, 'UNSUBSCRIBE', { id: 'work' })
      else room.send(worker, 'ABORT', { transaction: 'none' })
      put(room, sender, 'd')
      const other = consume(room)
      expect(other.take().map(({ body, headers }) => [body, headers.redelivered])).toEqual([
        ['a', 'true'],
        ['c', 'true'],
        ['d', undefined],
      ])
    },
  )

  it.each(['leave', 'UNSUBSCRIBE', 'ERROR'])('[STOMP J8] does so at once: %s', (way) => {
    const { room, sender } = start()
    const [worker, other] = [consume(room, ann, { 'prefetch-count': '1' }), consume(room)]
    put(room, sender, 'a')
    expect([bodies(worker), bodies(other)]).toEqual([['a'], []])
    if (way === 'leave') room.leave(worker)
    else if (way === 'UNSUBSCRIBE') room.send(worker, 'UNSUBSCRIBE', { id: 'work' })
    else room.send(worker, 'ABORT', { transaction: 'none' })
    expect(bodies(other)).toEqual(['a'])
  })

  it('[STOMP J9] NACK redelivers, and at last drops and counts', () => {
    const logged = vi.spyOn(console, 'log').mockImplementation(() => {})
    onTestFinished(() => logged.mockRestore())
    const { room, sender } = start({ queueDeliveries: 3 })
    const worker = consume(room)
    put(room, sender, 'poison', 'good')
    const redelivered: unknown[] = []
    for (let round = 0; round < 3; round++) {
      const heard = worker.take()
      const poison = heard.find(({ body }) => body === 'poison')
      redelivered.push(poison?.headers.redelivered)
      settle(room, worker, 'NACK', poison?.headers.ack)
    }
    expect(redelivered).toEqual([undefined, 'true', 'true'])
    expect(bodies(worker)).toEqual([])
    expect(room.queues.size().messages).toBe(1)
    expect(room.queues.dropped('jobs')).toBe(2)
    expect(logged.mock.calls.flat().join()).toContain('"event":"queue-dropped"')
  })

  it('[STOMP J6] what is settled or was never given cannot be settled', () => {
    for (const how of ['ACK', 'NACK'] as const) {
      for (const wrong of ['again', '0-999', '7-1', 'x', '__proto__', '']) {
        const { room, sender } = start()
        const worker = consume(room)
        put(room, sender, 'a')
        const id = given(worker)[0]?.[1]
        if (wrong === 'again') settle(room, worker, 'ACK', id)
        settle(room, worker, how, wrong === 'again' ? id : wrong)
        expect(worker.take()).toMatchObject([
          { command: 'ERROR', headers: { code: 'message-unknown' } },
        ])
        expect(room.queues.size().messages).toBe(wrong === 'again' ? 0 : 1)
      }
    }
  })

  it('[STOMP J7] an auto subscription has nothing to settle', () => {
    const { room, sender } = start()
    const worker = consume(room, ann, { ack: 'auto' })
    put(room, sender, 'a')
    const [message] = worker.take()
    settle(room, worker, 'ACK', message?.headers['message-id'])
    expect(worker.take()).toMatchObject([{ headers: { code: 'message-unknown' } }])
  })

  it('is refused to nobody but readers, and to other rooms', () => {
    const { room } = start()
    room.roles.set('ann', 'reader')
    expect(consume(room).take()).toMatchObject([{ headers: { code: 'not-allowed' } }])
  })

  it('refuses what is over its limits, and takes more when there is room again', () => {
    const { room, sender } = start({ queueMessages: 2, queueBytes: 78 })
    room.subscribe(sender, 'errors', '/user/queue/errors')
    put(room, sender, '12345', '12345678', '123', '1')
    expect(sender.take().map(({ headers }) => headers.code)).toEqual(['queue-full', 'queue-full'])
    const worker = consume(room)
    settle(room, worker, 'ACK', given(worker)[0]?.[1])
    put(room, sender, '1')
    expect(bodies(worker)).toEqual(['1'])
  })

  it('[L4] whose deliveries fail keeps what it said it keeps, and tells its consumers to come back', () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
    onTestFinished(() => logged.mockRestore())
    const { room, sender } = start()
    const worker = consume(room)
    const failure = new Error('the disk is full')
    room.queues.failure = failure
    room.send(sender, 'SEND', { destination: QUEUE, receipt: 'r' }, 'a')
    expect(sender.take()).toMatchObject([{ command: 'RECEIPT' }])
    expect(worker.take()).toMatchObject([{ command: 'ERROR', headers: { code: 'internal' } }])
    expect(worker.closed).toEqual({ code: 1011, reason: 'internal' })
    expect(logged).toHaveBeenCalledWith(failure)
    room.queues.failure = undefined
    put(room, sender, 'b')
    expect(bodies(consume(room))).toEqual(['a', 'b'])
  })

  it('counts headers as well as bodies: neither is a way around the limit', () => {
    const { room, sender } = start({ queueBytes: 200 })
    room.subscribe(sender, 'errors', '/user/queue/errors')
    const headers = { destination: QUEUE, 'x-long': 'x'.repeat(150) }
    room.send(sender, 'SEND', headers, '1')
    room.send(sender, 'SEND', headers, '2')
    expect(room.queues.size().messages).toBe(1)
    expect(sender.take()).toMatchObject([{ headers: { code: 'queue-full' } }])
  })

  it('[A4] gives nothing to an expired session', () => {
    const { room, sender } = start()
    const worker = consume(room)
    room.now += 900_000
    room.send(sender, 'SEND', { destination: QUEUE }, 'a')
    const fresh = room.connect(bob)
    put(room, fresh, 'b')
    expect(worker.take().map(({ command }) => command)).toEqual(['ERROR'])
    expect(bodies(consume(room))).toEqual(['b'])
  })
})

describe('acknowledging by version', () => {
  it.each([
    ['1.2', { id: 'ACK' }, undefined],
    ['1.1', { 'message-id': 'ACK', subscription: 'work' }, undefined],
    ['1.1', { 'message-id': 'ACK', subscription: 'other' }, 'message-unknown'],
    ['1.1', { 'message-id': 'ACK' }, 'header-missing'],
    ['1.1', { id: 'ACK', subscription: 'work' }, 'header-missing'],
    ['1.0', { 'message-id': 'ACK' }, undefined],
    ['1.0', { id: 'ACK' }, 'header-missing'],
    ['1.2', { 'message-id': 'ACK' }, 'header-missing'],
  ] as const)(
    '[STOMP J1] [STOMP J2] [STOMP J3] [STOMP J10] %s with %j: %s',
    (version, headers, code) => {
      const room = new FakeRoom()
      const worker = room.connect(ann, { 'accept-version': version })
      room.subscribe(worker, 'work', QUEUE, { ack: 'client' })
      put(room, room.connect(bob), 'a')
      const id = worker.take(version)[0]?.headers['message-id'] ?? ''
      const filled = Object.entries(headers).map(([name, value]) => [
        name,
        value === 'ACK' ? id : value,
      ])
      room.send(worker, 'ACK', { ...Object.fromEntries(filled), receipt: 'r' })
      expect(worker.take(version)).toMatchObject([
        code ? { command: 'ERROR', headers: { code, 'receipt-id': 'r' } } : { command: 'RECEIPT' },
      ])
      expect(room.queues.size().messages).toBe(code ? 1 : 0)
    },
  )

  it('[STOMP J3] 1.0 has no NACK', () => {
    const room = new FakeRoom()
    const worker = room.connect(ann, { 'accept-version': '1.0' })
    room.subscribe(worker, 'work', QUEUE, { ack: 'client' })
    put(room, room.connect(bob), 'a')
    const id = worker.take('1.0')[0]?.headers['message-id'] ?? ''
    room.send(worker, 'NACK', { 'message-id': id })
    expect(worker.take('1.0')).toMatchObject([{ headers: { code: 'command-unsupported' } }])
  })

  it('[STOMP I9] only the client modes have an ack header', () => {
    for (const [ack, expected] of [
      ['auto', false],
      ['client', true],
      ['client-individual', true],
    ] as const) {
      const room = new FakeRoom()
      put(room, room.connect(bob), 'a')
      const [message] = consume(room, ann, { ack }).take()
      expect([ack, 'ack' in (message?.headers ?? {})]).toEqual([ack, expected])
    }
  })
})
