import { describe, expect, it } from 'vitest'
import { change, DELETE, EDIT, outcome, REACT } from '../../support/changes.ts'
import { ERRORS, FakeRoom, OWNER, person } from '../../support/fake-room.ts'

const ann = person('ann')
const bob = person('bob')

/** 1: Ann said "one". 2: she edited it. 3: she said "gone". 4: she deleted that. */
function scene(errors = true) {
  const room = new FakeRoom()
  const a = room.connect(ann)
  room.say(a, 'one')
  change(room, a, EDIT, { seq: 1, content: 'One' })
  room.say(a, 'gone')
  change(room, a, DELETE, { seq: 3 })
  const as = (principal = ann) => {
    const socket = principal === ann ? a : room.connect(principal)
    if (errors) room.subscribe(socket, 'errors', ERRORS)
    return socket
  }
  return { room, as }
}

const REFUSED: [who: typeof ann, destination: string, body: object, code: string][] = [
  [ann, EDIT, { seq: 5, content: 'x' }, 'event-unknown'],
  [ann, DELETE, { seq: 5 }, 'event-unknown'],
  [ann, REACT, { seq: 5, reaction: 'x' }, 'event-unknown'],
  [ann, EDIT, { seq: 9007199254740991, content: 'x' }, 'event-unknown'],
  [ann, EDIT, { seq: 2, content: 'x' }, 'event-unknown'],
  [ann, DELETE, { seq: 2 }, 'event-unknown'],
  [ann, REACT, { seq: 4, reaction: 'x' }, 'event-unknown'],
  [bob, EDIT, { seq: 1, content: 'x' }, 'not-author'],
  [bob, EDIT, { seq: 1, content: 'One' }, 'not-author'],
  [bob, EDIT, { seq: 3, content: 'x' }, 'not-author'],
  [bob, DELETE, { seq: 1 }, 'not-author'],
  [bob, DELETE, { seq: 3 }, 'not-author'],
  [person(OWNER), EDIT, { seq: 1, content: 'x' }, 'not-author'],
  [ann, EDIT, { seq: 3, content: 'x' }, 'event-deleted'],
  [ann, EDIT, { seq: 3, content: '' }, 'body-invalid'],
  [bob, REACT, { seq: 3, reaction: 'x' }, 'event-deleted'],
  [bob, REACT, { seq: 3, reaction: 'x', on: false }, 'event-deleted'],
  [ann, EDIT, { seq: 1, content: 'x'.repeat(1001) }, 'content-too-large'],
  [ann, EDIT, { seq: 1 }, 'body-invalid'],
  [ann, EDIT, { content: 'x' }, 'body-invalid'],
  [ann, EDIT, { seq: '1', content: 'x' }, 'body-invalid'],
  [ann, EDIT, { seq: 0, content: 'x' }, 'body-invalid'],
  [ann, EDIT, { seq: 1.5, content: 'x' }, 'body-invalid'],
  [ann, EDIT, { seq: 1, content: ['x'] }, 'body-invalid'],
  [ann, DELETE, {}, 'body-invalid'],
  [ann, DELETE, { seq: null }, 'body-invalid'],
  [ann, DELETE, { seq: -1 }, 'body-invalid'],
  [ann, DELETE, JSON.parse('{"__proto__":{"seq":1}}'), 'body-invalid'],
  [ann, REACT, { seq: 1 }, 'body-invalid'],
  [ann, REACT, { seq: 1, reaction: '' }, 'body-invalid'],
  [ann, REACT, { seq: 1, reaction: 'x'.repeat(33) }, 'body-invalid'],
  [ann, REACT, { seq: 1, reaction: '\u200b' }, 'body-invalid'],
  [ann, REACT, { seq: 1, reaction: 'x', on: 'true' }, 'body-invalid'],
]

describe('a change that is refused', () => {
  it.each(REFUSED)('%o %s %j: %s, and the connection goes on', (who, to, body, code) => {
    const { room, as } = scene()
    const [socket, before] = [as(who), room.log.after(0, 9)]
    expect(change(room, socket, to, body as Record<string, unknown>)).toEqual([['MESSAGE', code]])
    expect(socket.closed).toBeUndefined()
    expect(room.log.after(0, 9)).toEqual(before)
  })

  it.each([
    ['event-unknown', ann, EDIT, { seq: 9, content: 'x' }],
    ['event-deleted', ann, EDIT, { seq: 3, content: 'x' }],
    ['not-author', bob, EDIT, { seq: 1, content: 'x' }],
  ] as const)('%s is an ERROR and the end where nobody listens', (code, who, to, body) => {
    const { room, as } = scene(false)
    const socket = as(who)
    expect(change(room, socket, to, body)).toEqual([['ERROR', code]])
    expect(socket.closed).toEqual({ code: 1008, reason: code })
  })

  it.each([
    ['a bare text', 'x', {}],
    ['a list', '[1]', {}],
    ['a number', '1', { 'content-type': 'application/json' }],
    ['JSON that says it is text', '{"seq":1}', { 'content-type': 'text/plain' }],
    ['broken UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d), {}],
    ['nothing', '', {}],
  ])('%s names no message', (_name, body, headers) => {
    for (const destination of [EDIT, DELETE, REACT]) {
      const { room, as } = scene()
      const socket = as()
      room.send(socket, 'SEND', { destination, ...headers }, body)
      expect(socket.take()).toMatchObject([{ headers: { code: 'body-invalid' } }])
      expect(room.log.head()).toBe(4)
    }
  })

  it('is one reaction too many', () => {
    const { room, as } = scene()
    const [a, b] = [as(), as(bob)]
    for (let n = 0; n < 64; n++) {
      room.now += 1000
      expect(outcome(room, a, REACT, { seq: 1, reaction: `r${n}` })).toBe(String(n + 5))
    }
    expect(change(room, b, REACT, { seq: 1, reaction: 'r64' })).toEqual([
      ['MESSAGE', 'too-many-reactions'],
    ])
    expect(outcome(room, b, REACT, { seq: 1, reaction: 'r63' })).toBe('69')
    expect(b.closed).toBeUndefined()
  })

  it('is one too fast, whatever it is', () => {
    const room = new FakeRoom({ sendBurst: 2, sendPerSecond: 1 })
    const a = room.connect(ann)
    room.subscribe(a, 'errors', ERRORS)
    room.say(a, 'one')
    expect(outcome(room, a, REACT, { seq: 1, reaction: 'x' })).toBe('2')
    for (const [destination, body] of [
      [EDIT, { seq: 1, content: 'y' }],
      [DELETE, { seq: 1 }],
      [REACT, { seq: 1, reaction: 'x' }],
    ] as const) {
      expect(outcome(room, a, destination, body)).toBe('too-fast')
    }
  })
})
