import { describe, expect, it } from 'vitest'
import {
  CROWD_PEOPLE,
  PRESENCE_BATCH_PEOPLE,
  SNAPSHOT_PEOPLE,
} from '../../../src/room/limits/limits.ts'
import { FakeRoom, type FakeSocket, person, SIGNALS } from '../../support/fake-room.ts'

const named = (n: number) => person(`p${String(n).padStart(5, '0')}`)
const user = (n: number) => ({ id: named(n).id, name: named(n).name })

const told = (socket: FakeSocket) =>
  socket
    .take()
    .filter(({ command }) => command === 'MESSAGE')
    .map(({ body }) => JSON.parse(body))

/** Who listens, and a room with so many people beside. */
function crowd(people: number) {
  const room = new FakeRoom()
  const sockets = Array.from({ length: people }, (_, n) => room.connect(named(n)))
  const listener = room.connect(person('zoe'))
  room.tellPresence()
  room.subscribe(listener, 'who', SIGNALS)
  told(listener)
  return { room, sockets, listener }
}

describe(`[R6] with more than ${CROWD_PEOPLE} people`, () => {
  it('who comes and goes is told together, with a count', () => {
    const { room, sockets, listener } = crowd(CROWD_PEOPLE)
    room.connect(named(900))
    room.connect(named(901))
    if (sockets[0]) room.leave(sockets[0])
    expect(told(listener)).toEqual([])
    expect(room.tellPresence()).toBe(true)
    expect(told(listener)).toEqual([
      {
        ...{ type: 'presence', count: CROWD_PEOPLE + 2 },
        ...{ joined: [user(900), user(901)], left: [user(0)] },
      },
    ])
    // H2: nothing is pending, so no timer is.
    expect(room.hasPresenceToTell).toBe(false)
  })

  it('it is told by what is so in the end, though somebody comes and goes at once', () => {
    const { room, sockets, listener } = crowd(CROWD_PEOPLE)
    room.leave(room.connect(named(900)))
    if (sockets[0]) room.leave(sockets[0])
    room.connect(named(0))
    room.tellPresence()
    expect(told(listener)).toMatchObject([
      { count: CROWD_PEOPLE + 1, joined: [user(0)], left: [user(900)] },
    ])
  })

  it('a second connection of somebody is no news', () => {
    const { room } = crowd(CROWD_PEOPLE)
    room.leave(room.connect(named(7)))
    expect(room.hasPresenceToTell).toBe(false)
  })

  it('each of many who leave is named, so many at a time; who comes is counted beyond that', () => {
    const { room, sockets, listener } = crowd(500)
    for (const socket of sockets.slice(0, 150)) room.leave(socket)
    for (let n = 0; n < 150; n++) room.connect(named(1000 + n))
    const rounds = []
    while (room.tellPresence()) rounds.push(...told(listener))
    const sizes = rounds.map(({ count, joined, left }) => [count, joined.length, left.length])
    expect(sizes).toEqual([
      [501, PRESENCE_BATCH_PEOPLE, PRESENCE_BATCH_PEOPLE],
      [501, 0, 50],
    ])
    const gone = new Set(rounds.flatMap(({ left }) => left.map(({ id }: { id: string }) => id)))
    expect(gone.size).toBe(150)
  })

  it('what is told when fewer are left comes in order', () => {
    const { room, sockets, listener } = crowd(CROWD_PEOPLE + 1)
    for (const socket of sockets.slice(0, 3)) room.leave(socket)
    expect(told(listener)).toEqual([])
    room.tellPresence()
    room.connect(named(0))
    expect(told(listener)).toMatchObject([
      { type: 'presence', count: CROWD_PEOPLE - 1, left: [user(0), user(1), user(2)] },
      { type: 'joined', user: user(0) },
    ])
  })

  it('a snapshot is as bounded as ever, and names the same after an eviction (H1)', () => {
    const { room, listener } = crowd(SNAPSHOT_PEOPLE + 100)
    const look = () => {
      const late = room.connect(person('zoe'))
      room.subscribe(late, 'who', SIGNALS)
      const [snapshot] = told(late)
      room.leave(late)
      return snapshot
    }
    const before = look()
    expect([before.count, before.here.length]).toEqual([SNAPSHOT_PEOPLE + 101, SNAPSHOT_PEOPLE])
    room.evict()
    expect(look()).toEqual(before)
    expect(told(listener)).toEqual([])
  })

  it('what an eviction took is made good by the next count, even with fewer people', () => {
    const { room, sockets, listener } = crowd(CROWD_PEOPLE + 1)
    if (sockets[0]) room.leave(sockets[0])
    room.evict()
    expect(room.tellPresence()).toBe(false)
    if (sockets[1]) room.leave(sockets[1])
    room.tellPresence()
    expect(told(listener)).toMatchObject([{ type: 'presence', count: CROWD_PEOPLE }])
    if (sockets[2]) room.leave(sockets[2])
    expect(told(listener)).toMatchObject([{ type: 'left', user: user(2) }])
  })
})
