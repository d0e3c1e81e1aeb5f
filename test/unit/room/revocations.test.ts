import { describe, expect, it } from 'vitest'
import type { Revocation } from '../../../src/auth/bearer.ts'
import type { SignIn } from '../../../src/room/connections/session.ts'
import { FakeRoom, LOG, person, SIGNALS } from '../../support/fake-room.ts'

const ann = person('ann')
const bob = person('bob')
const FIRST: SignIn = { id: 'first', version: 1 }
const SECOND: SignIn = { id: 'second', version: 2 }

/** Whether the room still has others of that person; at 900 s from now the tokens have ended. */
function revoke(room: FakeRoom, more: Partial<Revocation> = {}): boolean {
  let remain = false
  const until = room.now / 1000 + 900
  room.turn((turn, ..._rest) => {
    remain = room.room.revoke(turn, {
      personId: 'ann',
      sessionId: 'first',
      below: null,
      code: 'session-ended',
      until,
      ...more,
    })
  })
  return remain
}

describe('a revocation', () => {
  const everySession = { sessionId: null }
  it.each<[what: string, revocation: Partial<Revocation>, ended: string[], remain: boolean]>([
    ['of a session', {}, ['first'], true],
    ['of a session that is not here', { sessionId: 'third' }, [], true],
    ['of somebody who is not here', { personId: 'cid' }, [], false],
    ['of every session', everySession, ['first', 'second'], false],
    ['of the versions below the first', { ...everySession, below: 1 }, [], true],
    ['of the versions below the second', { ...everySession, below: 2 }, ['first'], true],
    ['of the versions below the third', { ...everySession, below: 3 }, ['first', 'second'], false],
  ])('[A5] %s ends the sockets that it concerns, and no other', (_, revocation, ended, remain) => {
    const room = new FakeRoom()
    const sockets = { first: room.connect(ann, {}, FIRST), second: room.connect(ann, {}, SECOND) }
    const other = room.connect(bob, {}, FIRST)
    room.evict()
    expect(revoke(room, revocation)).toBe(remain)
    for (const [name, socket] of Object.entries(sockets)) {
      expect(socket.closed !== undefined).toBe(ended.includes(name))
    }
    expect(other.closed).toBeUndefined()
  })

  it.each([
    ['session-ended', 4510],
    ['refresh-reused', 4510],
    ['account-disabled', 4510],
    ['roles-changed', 4401],
  ] as const)('[A5] says %s and closes with %i', (code, close) => {
    const room = new FakeRoom()
    const socket = room.connect(ann, {}, FIRST)
    revoke(room, { code })
    const [error] = socket.take()
    expect(error).toMatchObject({ command: 'ERROR', headers: { code } })
    expect(socket.closed).toEqual({ code: close, reason: code })
  })

  it('[A5] ends a socket that has not come to CONNECT yet', () => {
    const room = new FakeRoom()
    const socket = room.open(ann, FIRST)
    revoke(room)
    expect(socket.closed?.reason).toBe('session-ended')
  })

  it('[A5] tells the others that the person left, and nothing more reaches the person', () => {
    const room = new FakeRoom()
    const a = room.connect(ann, {}, FIRST)
    const b = room.connect(bob)
    room.subscribe(a, 'log', LOG)
    room.subscribe(b, 'signals', SIGNALS)
    b.take()
    revoke(room)
    expect(JSON.parse(b.take()[0]?.body ?? '')).toMatchObject({ type: 'left', user: { id: 'ann' } })
    a.take()
    room.say(b, 'a secret')
    expect(a.take()).toEqual([])
  })

  it('[A5] aborts what the person had begun', () => {
    const room = new FakeRoom()
    const socket = room.connect(ann, {}, FIRST)
    room.send(socket, 'BEGIN', { transaction: 't' })
    room.send(socket, 'SEND', { destination: '/pub/send/message', transaction: 't' }, 'never said')
    revoke(room)
    room.send(socket, 'COMMIT', { transaction: 't' })
    expect(room.log.head()).toBe(0)
  })

  for (const evicted of [false, true]) {
    it(`[A5] refuses who comes later with such a token${evicted ? ', after an eviction' : ''}`, () => {
      const room = new FakeRoom()
      revoke(room)
      if (evicted) room.evict()
      expect(() => room.open(ann, FIRST)).toThrow('session-ended')
      const socket = room.open(ann, SECOND)
      room.send(socket, 'CONNECT', {}, '', room.token(ann, 900, FIRST))
      expect(socket.closed).toEqual({ code: 4510, reason: 'session-ended' })
    })

    it(`[A5] refuses a renewal by such a token${evicted ? ', after an eviction' : ''}`, () => {
      const room = new FakeRoom()
      revoke(room)
      const socket = room.connect(ann, {}, SECOND)
      if (evicted) room.evict()
      room.send(socket, 'SEND', { destination: '/pub/auth' }, '', room.token(ann, 999, FIRST))
      expect(socket.closed).toEqual({ code: 4510, reason: 'session-ended' })
    })
  }

  it('[A5] is forgotten when the tokens that it concerns have ended', () => {
    const room = new FakeRoom()
    revoke(room)
    room.now += 900_000
    expect(() => room.open(ann, FIRST)).not.toThrow()
  })

  it('[A5] follows a session to the token that renewed it', () => {
    const room = new FakeRoom()
    const socket = room.connect(ann, {}, FIRST)
    room.send(socket, 'SEND', { destination: '/pub/auth' }, '', room.token(ann, 999, SECOND))
    expect(revoke(room)).toBe(true)
    expect(socket.closed).toBeUndefined()
    revoke(room, { sessionId: 'second' })
    expect(socket.closed?.reason).toBe('session-ended')
  })
})
