import { describe, expect, it } from 'vitest'
import { FakeRoom, type FakeSocket, OWNER, person, SIGNALS } from '../../support/fake-room.ts'

const ann = person('ann')
const bob = person('bob')
const [ANN, BOB] = [
  { id: 'ann', name: 'ANN' },
  { id: 'bob', name: 'BOB' },
]

const told = (socket: FakeSocket) =>
  socket
    .take()
    .filter(({ command }) => command === 'MESSAGE')
    .map(({ body }) => JSON.parse(body))

describe.each([false, true])('presence, evicted between any two frames: %s', (evicted) => {
  function start() {
    const room = new FakeRoom()
    const between = () => {
      if (evicted) room.evict()
    }
    return { room, between }
  }

  it('[H1] starts with a snapshot, then tells who joined and left', () => {
    const { room, between } = start()
    const a = room.connect(ann)
    between()
    room.subscribe(a, 'who', SIGNALS)
    expect(told(a)).toEqual([{ type: 'presence', count: 1, here: [ANN] }])
    between()
    const b = room.connect(bob)
    between()
    expect(told(a)).toEqual([{ type: 'joined', user: BOB }])
    room.leave(b)
    between()
    expect(told(a)).toEqual([{ type: 'left', user: BOB }])
  })

  it('[H1] counts people and not their tabs', () => {
    const { room, between } = start()
    const a = room.connect(ann)
    room.subscribe(a, 'who', SIGNALS)
    told(a)
    const tabs = [room.connect(bob), room.connect(bob)]
    between()
    expect(told(a)).toEqual([{ type: 'joined', user: BOB }])
    for (const tab of tabs) {
      expect(told(a)).toEqual([])
      between()
      room.leave(tab)
    }
    expect(told(a)).toEqual([{ type: 'left', user: BOB }])
  })

  it('[H1] tells once of somebody who disconnects and then closes', () => {
    const { room, between } = start()
    const [a, b] = [room.connect(ann), room.connect(bob)]
    room.subscribe(a, 'who', SIGNALS)
    told(a)
    room.send(b, 'DISCONNECT')
    between()
    room.leave(b)
    expect(told(a)).toEqual([{ type: 'left', user: BOB }])
  })

  it('[H1] tells of somebody who was thrown out', () => {
    const { room, between } = start()
    const [a, b] = [room.connect(ann), room.connect(bob)]
    room.subscribe(a, 'who', SIGNALS)
    told(a)
    between()
    room.send(b, 'ABORT')
    expect(told(a)).toEqual([{ type: 'left', user: BOB }])
  })

  it('does not count who has not come through CONNECT', () => {
    const { room, between } = start()
    const a = room.connect(ann)
    room.open(bob)
    between()
    room.subscribe(a, 'who', SIGNALS)
    expect(told(a)).toEqual([{ type: 'presence', count: 1, here: [ANN] }])
  })
})

describe('presence', () => {
  it('[A4] of an expired session ends with it', () => {
    const room = new FakeRoom()
    const old = room.connect(bob)
    room.subscribe(old, 'who', SIGNALS)
    room.now += 899_000
    const a = room.connect(ann)
    room.subscribe(a, 'who', SIGNALS)
    told(a)
    room.now += 1000
    room.connect(person('cyd'))
    expect(told(a)).toEqual([
      { type: 'joined', user: { id: 'cyd', name: 'CYD' } },
      { type: 'left', user: BOB },
    ])
  })

  it('names so many at most, and counts all', () => {
    const room = new FakeRoom()
    const a = room.connect(ann)
    for (let n = 0; n < 510; n++) room.connect(person(`p${n}`))
    room.subscribe(a, 'who', SIGNALS)
    const [snapshot] = told(a)
    expect([snapshot.count, snapshot.here.length]).toEqual([511, 500])
  })

  it('of a deleted room ends for everybody', () => {
    const room = new FakeRoom()
    const sockets = [room.connect(ann), room.connect(bob)]
    room.turn((turn) => room.room.delete(turn, person(OWNER), () => {}))
    for (const socket of sockets) {
      expect(socket.take()).toMatchObject([{ headers: { code: 'room-deleted' } }])
      expect(socket.closed?.code).toBe(4504)
    }
  })
})
