import { describe, expect, it } from 'vitest'
import { bodies, change, DELETE, EDIT, failingAt, outcome, REACT } from '../../support/changes.ts'
import { FakeRoom, LOG, OWNER, person } from '../../support/fake-room.ts'

const ann = person('ann')
const bob = person('bob')

type Step = [who: 'ann' | 'bob', destination: string, body: Record<string, unknown>, seq: string]

const react = (reaction: string, on?: boolean) => ({
  seq: 1,
  reaction,
  ...(on === undefined ? {} : { on }),
})

/**
 * After Ann's message of seq 1, each step with the seq of its RECEIPT; the last changes nothing any
 * more.
 */
const SCENARIOS: [name: string, steps: Step[]][] = [
  ['an edit to what it is', [['ann', EDIT, { seq: 1, content: 'one' }, '1']]],
  [
    'an edit to what it was edited to',
    [
      ['ann', EDIT, { seq: 1, content: 'One' }, '2'],
      ['bob', REACT, react('x'), '3'],
      ['ann', EDIT, { seq: 1, content: 'One' }, '2'],
    ],
  ],
  [
    'a deletion of what was deleted',
    [
      ['ann', DELETE, { seq: 1 }, '2'],
      ['ann', DELETE, { seq: 1 }, '2'],
    ],
  ],
  [
    'a reaction that is there',
    [
      ['bob', REACT, react('x'), '2'],
      ['bob', REACT, react('x', true), '2'],
    ],
  ],
  [
    'a reaction that is there, with others after it',
    [
      ['bob', REACT, react('x'), '2'],
      ['ann', REACT, react('x'), '3'],
      ['bob', REACT, react('x'), '3'],
    ],
  ],
  ['no reaction where there is none', [['bob', REACT, react('x', false), '1']]],
  [
    'no reaction where it was taken back',
    [
      ['bob', REACT, react('x'), '2'],
      ['bob', REACT, react('x', false), '3'],
      ['bob', REACT, react('x', false), '3'],
    ],
  ],
  [
    'the same reaction written otherwise',
    [
      ['bob', REACT, react('한'), '2'],
      ['bob', REACT, react(' \u1112\u1161\u11ab '), '2'],
    ],
  ],
]

describe('what is so already', () => {
  it.each(SCENARIOS)('%s appends no event and writes nothing', (_name, steps) => {
    const room = new FakeRoom()
    const sockets = { ann: room.connect(ann), bob: room.connect(bob) }
    room.say(sockets.ann, 'one')
    for (const [who, destination, body, seq] of steps.slice(0, -1)) {
      expect(outcome(room, sockets[who], destination, body)).toBe(seq)
    }
    const before = room.log.after(0, 9)
    const witness = room.connect(bob)
    room.subscribe(witness, 'log', LOG)
    const [who, destination, body, seq] = steps.at(-1) as Step
    room.log.failure = new Error('nothing is to be written')
    room.log.failsAt = 1
    expect(outcome(room, sockets[who], destination, body)).toBe(seq)
    expect(room.log.after(0, 9)).toEqual(before)
    expect(witness.takeText()).toBe('')
  })

  it('[L5] in one transaction is done once, whether by its key or by what it asks', () => {
    const room = new FakeRoom()
    const a = room.connect(ann)
    room.say(a, 'one')
    room.send(a, 'BEGIN', { transaction: 't' })
    const within = { transaction: 't' }
    for (let twice = 0; twice < 2; twice++) {
      const keyed = { ...within, 'idempotency-key': 'k' }
      change(room, a, EDIT, { seq: 1, content: 'One' }, keyed)
      change(room, a, REACT, { seq: 1, reaction: 'x' }, within)
      change(room, a, EDIT, { seq: 1, content: 'One' }, within)
    }
    room.send(a, 'COMMIT', { ...within, receipt: 'c' })
    expect(a.take()).toMatchObject([{ command: 'RECEIPT', headers: { seq: '2' } }])
    expect(room.log.after(0, 9).map(({ type }) => type)).toEqual(['message', 'edit', 'reaction'])
    expect(room.log.find(1)).toMatchObject({ content: 'One', edited: 2, reacted: 3 })
  })
})

describe('a deletion', () => {
  it.each<[who: string, may: boolean]>([
    ['ann', true],
    ['mod', true],
    [OWNER, true],
    ['root', true],
    ['bob', false],
  ])('by %s: %s', (who, may) => {
    const room = new FakeRoom()
    room.roles.set('mod', 'moderator')
    room.say(room.connect(ann), 'one')
    const socket = room.connect(person(who, who === 'root' ? ['GENERAL', 'ADMIN'] : ['GENERAL']))
    expect(outcome(room, socket, DELETE, { seq: 1 })).toBe(may ? '2' : 'not-author')
    expect(room.log.find(2)?.sender.id).toBe(may ? who : undefined)
  })

  it('leaves nothing of the text, however often it was edited', () => {
    const room = new FakeRoom()
    const [a, b] = [room.connect(ann), room.connect(bob)]
    room.send(a, 'SEND', { destination: '/pub/send/message', 'idempotency-key': 'k' }, 'secret 0')
    room.say(a, 'another')
    for (const n of [1, 2, 3]) {
      change(room, a, EDIT, { seq: 1, content: `secret ${n}` })
      change(room, a, EDIT, { seq: 2, content: `other ${n}` })
      change(room, b, REACT, { seq: 1, reaction: `r${n}` })
    }
    expect(outcome(room, a, DELETE, { seq: 1 })).toBe('12')
    expect(JSON.stringify(room.log.after(0, 99))).not.toContain('secret')
    expect(room.log.find(1)).toEqual({
      seq: 1,
      n: 1,
      type: 'message',
      at: room.now,
      sender: { id: 'ann', name: 'ANN' },
      content: '',
      idempotencyKey: 'k',
      deleted: 12,
    })
    room.subscribe(b, 'log', LOG, { after: '2' })
    const texts = bodies(b).filter(({ type }) => type === 'edit')
    expect(texts.map(({ content }) => content)).toEqual([
      '',
      'other 1',
      '',
      'other 2',
      '',
      'other 3',
    ])
    const key = { 'idempotency-key': 'k' }
    expect(outcome(room, a, '/pub/send/message', { content: 'secret 0' }, key)).toBe('1')
  })

  it('[R3] that fails half-way leaves the text where it was', () => {
    const room = new FakeRoom()
    const a = room.connect(ann)
    room.say(a, 'one')
    for (const n of [1, 2, 3]) change(room, a, EDIT, { seq: 1, content: `one ${n}` })
    const before = room.log.after(0, 9)
    failingAt(room, 2)
    expect(outcome(room, a, DELETE, { seq: 1 })).toBe('internal')
    expect(room.log.after(0, 9)).toEqual(before)
  })
})

describe('a reaction', () => {
  it('stands with those of others, in the order they came', () => {
    const room = new FakeRoom()
    const [a, b] = [room.connect(ann), room.connect(bob)]
    room.say(a, 'one')
    for (const [socket, body] of [
      [b, react('👍')],
      [a, react('👍')],
      [a, react('❤')],
      [b, react('👍', false)],
      [b, react('__proto__')],
      [b, react('👍')],
    ] as const) {
      change(room, socket, REACT, body)
    }
    const message = room.log.find(1)
    expect(JSON.stringify(message?.type === 'message' && message.reactions)).toBe(
      '{"👍":["ann","bob"],"❤️":["ann"],"__proto__":["bob"]}',
    )
    expect(message).toMatchObject({ reacted: 7, content: 'one' })
  })

  it('is gone from the message when the last was taken back', () => {
    const room = new FakeRoom()
    const a = room.connect(ann)
    room.say(a, 'one')
    change(room, a, REACT, react('x'))
    change(room, a, REACT, react('x', false))
    expect(room.log.find(1)).not.toHaveProperty('reactions')
    expect(room.log.find(1)).toMatchObject({ reacted: 3 })
  })

  it('outlasts an edit', () => {
    const room = new FakeRoom()
    const a = room.connect(ann)
    room.say(a, 'one')
    change(room, a, REACT, react('x'))
    change(room, a, EDIT, { seq: 1, content: 'One' })
    change(room, a, REACT, react('y'))
    const reactions = { x: ['ann'], y: ['ann'] }
    expect(room.log.find(1)).toMatchObject({ content: 'One', edited: 3, reacted: 4, reactions })
  })
})
