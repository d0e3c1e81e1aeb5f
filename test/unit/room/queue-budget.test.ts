import { describe, expect, it } from 'vitest'
import { CONNECTION_TURN_BYTES, QUEUE_TURN_BYTES } from '../../../src/room/limits/limits.ts'
import { FakeRoom, type FakeSocket, person, QUEUE } from '../../support/fake-room.ts'

const ann = person('ann')
const bob = person('bob')
const BODY = 60_000
const text = (n: number) => `${n} ${'x'.repeat(BODY)}`

/** A room in whose queues wait so many large messages. */
function roomWith(count: number, ...queues: string[]) {
  const limits = {
    sendBurst: 1e6,
    queueBytes: 1e9,
    queueBytesPerSender: 1e9,
    socketsPerPrincipal: 1e3,
  }
  const room = new FakeRoom(limits)
  const sender = room.connect(bob)
  for (const destination of queues) {
    for (let n = 0; n < count; n++) room.send(sender, 'SEND', { destination }, text(n))
  }
  return { room, sender }
}

/** The first word of each body that came. */
const numbers = (socket: FakeSocket) => socket.take().map(({ body }) => Number(body.split(' ')[0]))

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n)

describe('a work queue', () => {
  it('[R4] reads no body for which nobody has room', () => {
    const { room, sender } = roomWith(30, QUEUE)
    expect(room.queues.read).toBe(0)
    const worker = room.connect(ann)
    room.subscribe(worker, 'work', QUEUE, { ack: 'client', 'prefetch-count': '2' })
    expect(numbers(worker)).toEqual([0, 1])
    const { read } = room.queues
    expect(read).toBeLessThan(2.1 * BODY)
    room.send(sender, 'SEND', { destination: QUEUE }, 'more')
    room.catchUp()
    worker.congested = true
    room.send(sender, 'SEND', { destination: QUEUE }, 'more')
    room.catchUp()
    expect(room.queues.read).toBe(read)
    expect(room.backlog).toBe('stalled')
  })

  it('[R4] gives a consumer in one turn no more than a turn may say, and the rest in the next', () => {
    const { room } = roomWith(50, QUEUE)
    const worker = room.connect(ann)
    room.subscribe(worker, 'work', QUEUE)
    const heard = numbers(worker)
    expect(room.backlog).toBe('moving')
    for (let turns = 0; heard.length < 50 && turns < 50; turns++) {
      const { read } = room.queues
      room.evict()
      room.catchUp()
      const some = numbers(worker)
      heard.push(...some)
      for (const bytes of [some.length * BODY, room.queues.read - read]) {
        expect(bytes).toBeLessThan(CONNECTION_TURN_BYTES + 2 * BODY)
      }
    }
    expect(heard).toEqual(upTo(50))
  })

  it('[R4] shares one budget of a turn with all other queues', () => {
    const queues = upTo(4).map((n) => `${QUEUE}${n}`)
    const { room } = roomWith(20, ...queues)
    const workers = upTo(20).map(() => room.connect(ann))
    room.turn((turn) => {
      for (const [n, worker] of workers.entries()) {
        const { session } = worker
        if (session.phase !== 'connected') throw new Error('not connected')
        const name = `jobs${n % 4}`
        const base = { id: 'w', number: 1, destination: QUEUE, prefetch: 10, served: 0 }
        const work = { ...base, to: 'queue', name, ack: 'auto', unacked: [] } as const
        worker.session = { ...session, subscriptions: [work] }
        turn.deferred.queues.add(name)
      }
    })
    expect(room.queues.read).toBeLessThan(QUEUE_TURN_BYTES + 2 * BODY)
    const heard: number[] = []
    for (let turns = 0; turns < 50; turns++) {
      heard.push(...workers.flatMap(numbers))
      if (room.backlog === undefined) break
      const { read } = room.queues
      room.catchUp()
      expect(room.queues.read - read).toBeLessThan(QUEUE_TURN_BYTES + 2 * BODY)
    }
    expect(heard).toHaveLength(80)
    expect(room.queues.size().messages).toBe(0)
  })

  it('[R4] drops what was delivered too often without reading it', () => {
    const { room } = roomWith(3, QUEUE)
    for (const { id } of room.queues.next('jobs', new Set(), 2)) {
      for (let n = 0; n < 3; n++) room.queues.delivered('jobs', id)
    }
    const worker = room.connect(ann)
    room.subscribe(worker, 'work', QUEUE)
    expect(numbers(worker)).toEqual([2])
    expect(room.queues.read).toBeLessThan(1.1 * BODY)
  })
})
