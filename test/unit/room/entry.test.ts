import { describe, expect, it } from 'vitest'
import type { Principal } from '../../../src/auth/principal.ts'
import { Refusal } from '../../../src/refusals.ts'
import { roomSettingsOf, type SettingsChange } from '../../../src/room-settings.ts'
import { FakeRoom, LOG, OWNER, person, SIGNALS } from '../../support/fake-room.ts'

const guest = (id: string): Principal => ({ ...person(id), guest: true })

/** What was changed is set then; or the code of the refusal. */
function change(room: FakeRoom, by: Principal, settings: SettingsChange) {
  let answer: SettingsChange | string = ''
  room.turn((turn) => {
    try {
      const changed = room.room.changeRoom(turn, by, { settings }).settings
      expect(changed).toEqual(roomSettingsOf('public', settings))
      answer = settings
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      answer = error.code
    }
  })
  return answer
}

const ACCOUNTS = { entry: 'accounts' } as const

function closedRoom() {
  const room = new FakeRoom()
  expect(change(room, person(OWNER), ACCOUNTS)).toEqual(ACCOUNTS)
  room.evict()
  return room
}

describe('a room that asks for accounts', () => {
  it('[A2] refuses guests at every door, also after an eviction (H1)', () => {
    const room = closedRoom()
    expect(() => room.open(guest('gil'))).toThrow('accounts-only')
    for (const ask of [
      () => room.room.demand(guest('gil'), 'read'),
      () => room.room.members(guest('gil'), {}),
    ]) {
      expect(ask).toThrow('accounts-only')
    }
    room.connect(person('ann'))
  })

  it('[A2] tells a banned guest of the ban alone', () => {
    const room = closedRoom()
    room.roles.set('gil', 'banned')
    expect(() => room.open(guest('gil'))).toThrow('banned')
  })

  it('[A2] refuses a guest whose socket was open before CONNECT, and at a renewal', () => {
    const room = new FakeRoom()
    const ann = room.connect(person('ann'))
    change(room, person(OWNER), ACCOUNTS)
    const renewed = room.token(guest('ann'), 900, { id: 's2', version: 2 })
    room.send(ann, 'SEND', { destination: '/pub/auth', receipt: 'r' }, '', renewed)
    expect(ann.closed).toEqual({ code: 4503, reason: 'accounts-only' })
    const bob = room.open(person('bob'))
    room.send(bob, 'CONNECT', { 'accept-version': '1.2' }, '', room.token(guest('bob')))
    expect(bob.closed).toEqual({ code: 4503, reason: 'accounts-only' })
  })

  it('[A5] ends the guests that are in, and nobody else', () => {
    const room = new FakeRoom()
    const ann = room.connect(person('ann'))
    room.subscribe(ann, 's', SIGNALS)
    const gil = room.connect(guest('gil'))
    room.subscribe(gil, 'l', LOG)
    const waiting = room.open(guest('jun'))
    gil.takeText()
    ann.takeText()
    room.evict()
    change(room, person(OWNER), ACCOUNTS)
    for (const socket of [gil, waiting]) {
      expect(socket.take().map(({ headers }) => headers.code)).toEqual(['accounts-only'])
      expect(socket.closed).toEqual({ code: 4503, reason: 'accounts-only' })
    }
    expect(ann.closed).toBeUndefined()
    expect(ann.take().map(({ body }) => JSON.parse(body).type)).toEqual(['left', 'room'])
    room.say(gil, 'too late')
    expect(room.log.head()).toBe(0)
  })

  it('keeps its owner, who may be a guest', () => {
    const room = new FakeRoom()
    const owner = room.connect(guest(OWNER))
    expect(change(room, guest(OWNER), ACCOUNTS)).toEqual(ACCOUNTS)
    expect(owner.closed).toBeUndefined()
    room.evict()
    room.connect(guest(OWNER))
    expect(change(room, guest(OWNER), { entry: 'anyone' })).toEqual({ entry: 'anyone' })
    room.connect(guest('gil'))
  })

  it('[A2] is made one by its owner or an administrator alone', () => {
    const room = new FakeRoom()
    room.roles.set('mod', 'moderator')
    expect(change(room, person('mod'), ACCOUNTS)).toBe('not-allowed')
    expect(change(room, person('ann'), ACCOUNTS)).toBe('not-allowed')
    room.roles.set('eve', 'banned')
    expect(change(room, person('eve'), ACCOUNTS)).toBe('banned')
    room.connect(guest('gil'))
    expect(change(room, person('root', ['GENERAL', 'ADMIN']), ACCOUNTS)).toEqual(ACCOUNTS)
  })
})
