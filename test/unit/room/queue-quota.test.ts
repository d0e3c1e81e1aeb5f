import { describe, expect, it } from 'vitest'
import { ERRORS, FakeRoom, type FakeSocket, OWNER, person, QUEUE } from '../../support/fake-room.ts'

const ann = person('ann')
const bob = person('bob')

function put(room: FakeRoom, socket: FakeSocket, destination = QUEUE, body = 'x') {
  room.send(socket, 'SEND', { destination, receipt: 'r' }, body)
}

/** The codes that a session was told at its errors. */
const codes = (socket: FakeSocket) =>
  socket.take().flatMap(({ headers }) => (headers.code ? [headers.code] : []))

function listening(room: FakeRoom, principal = ann) {
  const socket = room.connect(principal)
  room.subscribe(socket, 'errors', ERRORS)
  return socket
}

describe('the work queues', () => {
  it.each([
    ['messages', { queueMessagesPerSender: 3 }],
    ['bytes', { queueBytesPerSender: 3 * ('sender-idannsender-display-nameANN'.length + 1) }],
  ])(
    '[R5][H1] take so many %s of one sender, in all queues together, and still those of others',
    (_what, limits) => {
      const room = new FakeRoom(limits)
      const [a, b] = [listening(room), listening(room, bob)]
      for (const name of ['', '2', '3']) {
        put(room, a, `${QUEUE}${name}`)
        room.evict()
      }
      expect(codes(a)).toEqual([])
      for (const name of ['', '4']) put(room, a, `${QUEUE}${name}`)
      expect(codes(a)).toEqual(['queue-full', 'queue-full'])
      // A guest with another socket is the same person.
      const again = listening(room)
      put(room, again)
      expect(codes(again)).toEqual(['queue-full'])
      put(room, b)
      expect(codes(b)).toEqual([])
      expect(room.queues.size().messages).toBe(4)
    },
  )

  it('[R5] take more of a sender once something was acknowledged', () => {
    const room = new FakeRoom({ queueMessagesPerSender: 2 })
    const socket = listening(room)
    for (let n = 0; n < 3; n++) put(room, socket)
    expect(codes(socket)).toEqual(['queue-full'])
    const worker = room.connect(person(OWNER))
    room.subscribe(worker, 'work', QUEUE, { ack: 'client', 'prefetch-count': '1' })
    room.evict()
    room.send(worker, 'ACK', { id: worker.take()[0]?.headers.ack ?? '' })
    put(room, socket)
    expect(codes(socket)).toEqual([])
    put(room, socket)
    expect(codes(socket)).toEqual(['queue-full'])
  })

  it('[R5][H1] are so many, until one of them is empty', () => {
    const room = new FakeRoom({ queues: 2 })
    const socket = listening(room)
    for (const name of ['1', '2', '1', '3']) {
      put(room, socket, `${QUEUE}${name}`)
      room.evict()
    }
    expect(codes(socket)).toEqual(['queue-full'])
    expect([...room.queues.names()]).toEqual(['jobs1', 'jobs2'])
    room.subscribe(room.connect(person(OWNER)), 'work', `${QUEUE}2`)
    put(room, socket, `${QUEUE}3`)
    expect(codes(socket)).toEqual([])
  })

  it.each([
    ['messages of one sender', { queueMessagesPerSender: 2 }, [QUEUE, QUEUE, QUEUE]],
    ['queues', { queues: 2 }, [QUEUE, `${QUEUE}2`, `${QUEUE}3`]],
  ])('[R5][R3] count %s within a transaction, and nothing of it is done', (_what, limits, all) => {
    const room = new FakeRoom(limits)
    const socket = room.connect(ann)
    room.send(socket, 'BEGIN', { transaction: 't' })
    for (const destination of all) {
      room.send(socket, 'SEND', { destination, transaction: 't' }, 'x')
    }
    expect(socket.closed).toBeUndefined()
    room.send(socket, 'COMMIT', { transaction: 't' })
    expect(socket.closed?.reason).toBe('queue-full')
    expect(room.queues.size().messages).toBe(0)
  })
})
