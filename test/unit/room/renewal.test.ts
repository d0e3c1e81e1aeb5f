import { describe, expect, it } from 'vitest'
import { FakeRoom, LOG, person, ROOM_ID } from '../../support/fake-room.ts'

const ann = person('ann')
const bob = person('bob')

describe('SEND to /app/auth', () => {
  it.each(['/app/auth', '/pub/auth'])('%s renews the session in place', (destination) => {
    const room = new FakeRoom()
    const [a, b] = [room.connect(ann), room.connect(bob)]
    room.subscribe(a, 'log', LOG)
    room.now += 800_000
    room.send(a, 'SEND', { destination, receipt: 'r' }, '', room.token(ann))
    room.evict()
    const endsAt = new Date(room.now + 900_000).toISOString()
    expect(a.take()).toEqual([
      { command: 'RECEIPT', headers: { 'receipt-id': 'r', 'expires-at': endsAt }, body: '' },
    ])
    room.now += 899_999
    room.send(b, 'SEND', { destination: '/app/auth' }, '', room.token(bob))
    expect(b.closed?.reason).toBe('token-expired')
    const c = room.connect(bob)
    room.say(c, 'later')
    expect(a.take().map(({ headers }) => headers.seq)).toEqual(['1'])
    expect(a.closed).toBeUndefined()
  })

  it('wants the token', () => {
    const room = new FakeRoom()
    const socket = room.connect(ann)
    room.send(socket, 'SEND', { destination: '/app/auth' })
    expect(socket.closed).toEqual({ code: 4401, reason: 'token-missing' })
  })

  it('says when the session ends also where the token was not newer', () => {
    const room = new FakeRoom()
    const socket = room.connect(ann)
    const before = new Date(room.now + 900_000).toISOString()
    const headers = { destination: '/app/auth', receipt: 'r' }
    room.send(socket, 'SEND', headers, '', room.token(ann, 10))
    expect(socket.take()[0]?.headers['expires-at']).toBe(before)
  })

  it('does not count against the rate of messages, and is open to readers', () => {
    const room = new FakeRoom({ sendPerSecond: 1, sendBurst: 1 })
    room.roles.set('ann', 'reader')
    const socket = room.connect(ann)
    for (let count = 0; count < 5; count++) {
      room.send(socket, 'SEND', { destination: '/app/auth' }, '', room.token(ann))
    }
    expect(socket.closed).toBeUndefined()
  })

  it('[A2] ends who has lost the authority', () => {
    const room = new FakeRoom()
    const socket = room.connect(ann)
    room.subscribe(socket, 'log', LOG)
    room.send(socket, 'SEND', { destination: '/app/auth' }, '', room.token(person('ann', ['NEWS'])))
    expect(socket.closed).toEqual({ code: 4503, reason: 'not-allowed' })
  })

  it('[A2] with no such authority at CONNECT there is no session', () => {
    const room = new FakeRoom()
    const socket = room.open(ann)
    room.send(socket, 'CONNECT', {}, '', room.token(person('ann', [])))
    expect(socket.closed).toEqual({ code: 4503, reason: 'not-allowed' })
  })

  it('belongs to no transaction', () => {
    const room = new FakeRoom()
    const socket = room.connect(ann)
    room.send(socket, 'BEGIN', { transaction: 't' })
    const headers = { destination: '/app/auth', transaction: 't', receipt: 'r' }
    room.send(socket, 'SEND', headers, '', room.token(ann))
    expect(socket.closed).toEqual({ code: 1002, reason: 'header-invalid' })
  })
})

describe('[M1] a newer token', () => {
  const claiming = (role?: string) => ({ ...ann, ...(role && { rooms: { [ROOM_ID]: role } }) })
  const auth = { destination: '/pub/auth', receipt: 'r' }

  it('gives a member another name, in one row', () => {
    const room = new FakeRoom()
    const socket = room.connect(ann)
    room.evict()
    room.now += 1000
    room.send(socket, 'SEND', auth, '', room.token({ ...ann, name: '앤' }))
    expect(room.members.get('ann')).toMatchObject({ name: '앤', role: 'writer' })
    expect(socket.take()[0]?.command).toBe('RECEIPT')
  })

  it.each([
    ['reader', 'standing-changed', 4000],
    ['banned', 'banned', 4503],
  ])('that says %s ends what that may not have', (role, reason, code) => {
    const room = new FakeRoom()
    const socket = room.connect(claiming('moderator'))
    room.subscribe(socket, 'jobs', `/queue/rooms/${ROOM_ID}/jobs`)
    room.evict()
    room.now += 1000
    room.send(socket, 'SEND', auth, '', room.token(claiming(role)))
    expect(socket.closed).toEqual({ code, reason })
  })

  it('that says less keeps what that may have', () => {
    const room = new FakeRoom()
    const socket = room.connect(claiming('moderator'))
    room.subscribe(socket, 'log', LOG)
    room.evict()
    room.now += 1000
    room.send(socket, 'SEND', auth, '', room.token(claiming('reader')))
    expect(socket.closed).toBeUndefined()
    room.say(socket, 'text')
    expect(socket.closed?.reason).toBe('not-allowed')
  })

  it('[M2] without its claim finds no private room', () => {
    const room = new FakeRoom({}, 'private')
    const socket = room.connect(claiming('writer'))
    room.now += 1000
    room.send(socket, 'SEND', auth, '', room.token(ann))
    expect(socket.closed?.reason).toBe('room-unknown')
  })
})
