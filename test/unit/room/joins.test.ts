import { describe, expect, it } from 'vitest'
import { Refusal } from '../../../src/refusals.ts'
import { ERRORS, FakeRoom, FakeSocket, LOG, person, SIGNALS } from '../../support/fake-room.ts'
import { scaled } from '../../support/scaled.ts'

const refusalOf = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
  return undefined
}

/** A room with so many people, which has told who they are. */
function roomOf(people: number, limits = {}): FakeRoom {
  const room = new FakeRoom(limits)
  for (let n = 0; n < people; n++) room.connect(person(`p${String(n).padStart(5, '0')}`))
  room.tellPresence()
  return room
}

/** What was looked at while something was done. */
function spent(room: FakeRoom, work: () => void) {
  const before = { looks: FakeSocket.looks, listings: room.listings }
  work()
  const { listings } = room
  return { looks: FakeSocket.looks - before.looks, listings: listings - before.listings }
}

/** Somebody comes in and listens to everything. */
function join(room: FakeRoom, id: string): void {
  const socket = room.connect(person(id))
  room.subscribe(socket, 'log', LOG)
  room.subscribe(socket, 'who', SIGNALS)
  room.subscribe(socket, 'errors', ERRORS)
}

describe('[R6] a join', () => {
  it.each<[what: string, work: (room: FakeRoom) => void]>([
    ['of somebody new', (room) => join(room, 'new')],
    ['of somebody who is here', (room) => join(room, 'p00007')],
    ['that is refused', (room) => refusalOf(() => room.open(person('p00007')))],
  ])('%s looks at as many connections with 300 people as with thousands', (_what, work) => {
    const [few, many] = [roomOf(300), roomOf(scaled(1200, 5000))]
    const [spentByFew, spentByMany] = [few, many].map((room) => spent(room, () => work(room)))
    expect(spentByMany).toEqual(spentByFew)
    expect(spentByMany?.listings).toBe(0)
    expect(spentByMany?.looks).toBeLessThan(60)
  })

  it('and a leave lists nobody either', () => {
    const room = roomOf(1000)
    const socket = room.connect(person('new'))
    expect(spent(room, () => room.leave(socket)).listings).toBe(0)
  })

  it('of a second connection lists nobody, however few are here', () => {
    const room = roomOf(3)
    const { listings } = spent(room, () => {
      const socket = room.connect(person('p00001'))
      room.subscribe(socket, 'log', LOG)
      room.subscribe(socket, 'who', SIGNALS)
    })
    expect(listings).toBe(0)
  })

  it('lists everybody once after an eviction, and not again', () => {
    const room = roomOf(1000)
    room.evict()
    expect(spent(room, () => join(room, 'new')).listings).toBe(1)
    expect(spent(room, () => join(room, 'another')).listings).toBe(0)
  })

  it('that resumes from the log lists nobody where its first chunk reaches the head', () => {
    const room = roomOf(1000)
    const socket = room.connect(person('p00000'))
    room.say(socket, 'hello')
    const again = room.connect(person('new'))
    expect(spent(room, () => room.subscribe(again, 'l', LOG, { after: '0' })).listings).toBe(0)
  })
})

describe.each([false, true])('who may come in, evicted between any two: %s', (evicted) => {
  const between = (room: FakeRoom) => {
    if (evicted) room.evict()
  }

  it('[H1] is limited to so many connections of one person, whatever comes and goes', () => {
    const room = new FakeRoom({ socketsPerPrincipal: 2 })
    const ann = [room.connect(person('ann'))]
    room.now++
    ann.push(room.open(person('ann')))
    const bob = room.open(person('bob'))
    for (let n = 0; n < 5; n++) {
      between(room)
      room.now++
      ann.push(n % 2 === 0 ? room.open(person('ann')) : room.connect(person('ann')))
      const closed = ann.map(({ closed }) => closed?.reason ?? 'open')
      expect(closed).toEqual([...Array(n + 1).fill('replaced'), 'open', 'open'])
    }
    expect(bob.closed).toBeUndefined()
  })

  it('[H1] loses the connection that showed a sign of life the longest ago: a frame or a beat', () => {
    const room = new FakeRoom({ socketsPerPrincipal: 4 })
    const beats = { 'heart-beat': '45000,45000' }
    const [beating, talking, dead, opened] = [
      room.connect(person('ann'), beats),
      room.connect(person('ann')),
      room.connect(person('ann')),
      room.open(person('ann')),
    ] as const
    between(room)
    room.now += 100_000
    beating.lastBeatAt = room.now
    room.say(talking, 'still here')
    room.now += 1000
    const names = new Map([
      [beating, 'beating'],
      [talking, 'talking'],
      [dead, 'dead'],
      [opened, 'opened'],
    ])
    const closed: string[] = []
    for (let n = 0; n < 4; n++) {
      between(room)
      const before = [...names].filter(([socket]) => !socket.closed)
      room.now++
      room.open(person('ann'))
      closed.push(...before.flatMap(([socket, name]) => (socket.closed ? name : [])))
    }
    expect(closed.slice(0, 2).sort()).toEqual(['dead', 'opened'])
    expect(closed.slice(2)).toEqual(['beating', 'talking'])
    expect(dead.closed).toEqual({ code: 4409, reason: 'replaced' })
    expect(dead.take()).toMatchObject([{ command: 'ERROR', headers: { code: 'replaced' } }])
  })

  it('comes into a full room in place of an own connection', () => {
    const room = new FakeRoom({ sockets: 2, socketsPerPrincipal: 1 })
    const [ann] = [room.connect(person('ann')), room.connect(person('bob'))]
    between(room)
    room.connect(person('ann'))
    expect(ann?.closed?.code).toBe(4409)
    expect(refusalOf(() => room.open(person('cyd')))).toBe('room-busy')
  })

  it('tells nobody that a person came or went of whom another connection is still here', () => {
    const room = new FakeRoom({ socketsPerPrincipal: 2 })
    for (let n = 0; n < 2; n++) room.connect(person('ann'))
    const bob = room.connect(person('bob'))
    room.subscribe(bob, 'who', SIGNALS)
    bob.takeText()
    between(room)
    room.now++
    room.connect(person('ann'))
    expect(bob.take()).toEqual([])
  })

  it('[R5] is limited to MAX_SOCKETS, and nothing of whom is refused is kept', () => {
    const room = new FakeRoom({ sockets: 3 })
    const [ann] = [room.connect(person('ann')), room.open(person('bob')), room.open(person('ann'))]
    between(room)
    expect(refusalOf(() => room.open(person('cyd')))).toBe('room-busy')
    expect(room.sockets.size).toBe(3)
    if (ann) room.leave(ann)
    between(room)
    room.open(person('cyd'))
    expect(refusalOf(() => room.open(person('dan')))).toBe('room-busy')
  })
})

describe('a full room', () => {
  it('makes room where some have vanished: for whoever comes next', () => {
    const room = new FakeRoom({ sockets: 2 })
    const gone = room.connect(person('ann'), { 'heart-beat': '45000,45000' })
    room.connect(person('bob'))
    room.now += 1_000_000
    expect(refusalOf(() => room.open(person('cyd')))).toBe('room-busy')
    expect(gone.closed?.reason).toBe('no-sign-of-life')
    room.open(person('cyd'))
  })

  it('[R4] does not look for them at each refusal', () => {
    const room = new FakeRoom({ sockets: 2 })
    const beats = { 'heart-beat': '45000,45000' }
    for (const id of ['ann', 'bob']) room.connect(person(id), beats)
    const asked = (id: string) => spent(room, () => refusalOf(() => room.open(person(id)))).listings
    expect(asked('cyd')).toBe(1)
    expect(asked('dan')).toBe(0)
  })
})
