import { describe, expect, it } from 'vitest'
import type { Principal } from '../../../src/auth/principal.ts'
import { Refusal } from '../../../src/refusals.ts'
import { type ProfileChange, shownSettings } from '../../../src/room/membership/profile.ts'
import { ERRORS, FakeRoom, LOG, OWNER, person, SIGNALS } from '../../support/fake-room.ts'

const owner = person(OWNER)
const ann = person('ann')
const mod = person('mod')

/** Changes the room, and evicts it; gives the code of the refusal. */
function change(room: FakeRoom, by: Principal, asked: ProfileChange): string {
  let answer = ''
  room.turn((turn) => {
    try {
      room.room.changeRoom(turn, by, asked)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      answer = error.code
    }
  })
  room.evict()
  return answer
}

/** What somebody is told who sends a message: '' where it was taken. */
function answerTo(room: FakeRoom, who: Principal): string {
  const socket = room.connect(who)
  room.subscribe(socket, 'errors', ERRORS)
  const before = room.log.head()
  room.say(socket, 'text')
  const code = socket.take().find(({ headers }) => headers.subscription === 'errors')?.headers.code
  expect(room.log.head()).toBe(before + (code === undefined ? 1 : 0))
  room.leave(socket)
  return code ?? ''
}

function roomWithModerator(kind?: ConstructorParameters<typeof FakeRoom>[1]) {
  const room = new FakeRoom({}, kind)
  room.roles.set('mod', 'moderator')
  return room
}

describe('[M1] [H1] who may write', () => {
  it.each<[asked: ProfileChange, ann: string, mod: string, owner: string]>([
    [{}, '', '', ''],
    [{ settings: { write: 'moderator' } }, 'not-allowed', '', ''],
    [{ settings: { write: 'owner' } }, 'not-allowed', 'not-allowed', ''],
    [{ settings: { frozen: true } }, 'room-frozen', '', ''],
    [{ archived: true }, 'room-archived', 'room-archived', 'room-archived'],
    [{ archived: true, settings: { frozen: true } }, ...three('room-archived')],
    [{ archived: true, settings: { write: 'moderator' } }, 'not-allowed', ...two('room-archived')],
  ])('after %j', (asked, ...codes) => {
    const room = roomWithModerator()
    expect(change(room, owner, asked)).toBe('')
    expect([ann, mod, owner].map((who) => answerTo(room, who))).toEqual(codes)
  })

  it('is everybody again when the room is opened again', () => {
    const room = roomWithModerator()
    change(room, owner, { archived: true, settings: { frozen: true } })
    change(room, owner, { archived: false, settings: { frozen: false } })
    expect(answerTo(room, ann)).toBe('')
  })

  it('is the moderators in a broadcast room, where everybody reads', () => {
    const room = roomWithModerator('broadcast')
    expect([ann, mod].map((who) => answerTo(room, who))).toEqual(['not-allowed', ''])
    const reader = room.connect(ann)
    room.subscribe(reader, 'log', LOG, { after: '0' })
    expect(reader.take().map(({ headers }) => headers.seq)).toEqual(['1'])
  })
})

const two = <Code>(code: Code): [Code, Code] => [code, code]
const three = <Code>(code: Code): [Code, Code, Code] => [code, code, code]

describe('[M1] who may change the room', () => {
  it.each<[asked: ProfileChange, by: Principal, code: string]>([
    [{ name: 'x' }, mod, 'not-allowed'],
    [{ description: 'x' }, mod, 'not-allowed'],
    [{ archived: true }, mod, 'not-allowed'],
    [{ settings: { write: 'owner' } }, mod, 'not-allowed'],
    [{ settings: { frozen: true, entry: 'accounts' } }, mod, 'not-allowed'],
    [{ settings: { frozen: true } }, mod, ''],
    [{ settings: { frozen: true } }, ann, 'not-allowed'],
    [{ name: 'x', archived: true, settings: { history: 'joined' } }, owner, ''],
    [{ name: 'x' }, person('root', ['GENERAL', 'ADMIN']), ''],
  ])('to %j: $1.id', (asked, by, code) => {
    const room = roomWithModerator()
    const before = room.profile.get()
    expect(change(room, by, asked)).toBe(code)
    if (code) expect(room.profile.get()).toBe(before)
    else expect(room.profile.get()).not.toEqual(before)
  })

  it('tells those who listen, once, and writes nothing where nothing is new', () => {
    const room = roomWithModerator()
    const socket = room.connect(ann)
    room.subscribe(socket, 's', SIGNALS)
    socket.take()
    for (let time = 0; time < 2; time++) change(room, owner, { name: '방', archived: true })
    const after = room.profile.get()
    const settings = shownSettings(after.settings, 'reader')
    change(room, owner, { archived: true })
    expect(room.profile.get()).toBe(after)
    expect(socket.take().map(({ body }) => JSON.parse(body))).toEqual([
      { type: 'room', name: '방', description: '', archived: true, settings },
    ])
  })

  it.each(['private'] as const)('lets a %s room be for its members alone', (kind) => {
    const room = new FakeRoom({}, kind)
    expect(change(room, owner, { settings: { entry: 'anyone' } })).toBe('body-invalid')
    expect(change(room, owner, { settings: { entry: 'members' } })).toBe('')
    expect(room.profile.get().settings.entry).toBe('members')
  })
})

it('in a broadcast room presence is a count, and nobody is told who reads', () => {
  const room = new FakeRoom({}, 'broadcast')
  const first = room.connect(ann)
  room.subscribe(first, 's', SIGNALS)
  expect(JSON.parse(first.take()[0]?.body ?? '')).toEqual({ type: 'presence', count: 1, here: [] })
  const second = room.connect(person('bob'))
  room.say(room.connect(owner), 'text')
  room.send(second, 'SEND', { destination: '/pub/read' }, '{"seq":1}')
  room.tellPresence()
  room.leave(second)
  room.tellPresence()
  expect(first.take().map(({ body }) => JSON.parse(body))).toEqual([
    { type: 'presence', count: 3, joined: [], left: [] },
    { type: 'presence', count: 2, joined: [], left: [] },
  ])
})
