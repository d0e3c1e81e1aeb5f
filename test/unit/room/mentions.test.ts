// Whom a message mentions.

import { describe, expect, it } from 'vitest'
import type { ChatEvent } from '../../../src/client/log/events.ts'
import { foldEvent, NO_MESSAGES } from '../../../src/client/log/messages.ts'
import type { MessageEntry } from '../../../src/room/log/event.ts'
import { mentionedKeys, mentionsAt } from '../../../src/room/log/mentions.ts'
import { eventsPage } from '../../../src/room/log/pages.ts'
import { bodies, change, DELETE, EDIT, outcome, REACT } from '../../support/changes.ts'
import { FakeRoom, LOG, OWNER, person } from '../../support/fake-room.ts'

const joined = { at: 1, seq: 0 }

/** A room with members of these names, by id; two of them have one name. */
function scene() {
  const room = new FakeRoom()
  const names = {
    ...{ lee: 'Ann Lee', minsu: '민수', min: '민', dot: 'J. R.', street: 'Straße' },
    ...{
      one: 'Twin',
      two: 'TWIN',
      bad: 'Eve',
      was: 'Was',
      long: 'a b c d e',
      longer: 'A B C D E F',
    },
    ...{ eun: '수은', tanaka: '田中', guide: 'Room Guide', digit: 'r2', e: 'é' },
  }
  for (const [id, name] of Object.entries(names)) {
    room.members.put({ id, name, guest: false, role: 'writer', joined })
  }
  room.members.put({ id: 'bad', name: 'Eve', guest: false, role: 'banned', joined })
  room.members.put({ id: 'no', name: 'Stranger', guest: false, role: 'writer' })
  const ban = { role: 'banned', joined, bannedUntil: room.now - 1 } as const
  room.members.put({ id: 'was', name: 'Was', guest: false, ...ban })
  const [mod, ann] = [room.connect(person(OWNER)), room.connect(person('ann'))] as const
  for (const socket of [mod, ann]) room.subscribe(socket, 'log', LOG)
  return { room, mod, ann }
}

describe('[R4] a message mentions', () => {
  it.each<[text: string, ids: string[]]>([
    ['hello @ann', ['ann']],
    ['@ANN, @Ann! (@ann)', ['ann']],
    ['@Ann Lee and @ann', ['lee', 'ann']],
    ['@ann Leeds', ['ann']],
    ['@annie', []],
    ["@ann's", ['ann']],
    ['@ann\nLee', ['ann']],
    ['@민수님 안녕', ['minsu']],
    ['@민수는', ['minsu']],
    ['@민수은 어때', ['minsu']],
    ['@민들레', ['min']],
    ['@ann님, @Ann Lee은', ['ann', 'lee']],
    ['@민수'.normalize('NFD'), ['minsu']],
    ['@田中さん', ['tanaka']],
    ['@E\u0301', ['e']],
    ['@e', []],
    ['@STRASSE', ['street']],
    ['@strasse', ['street']],
    ['@straße', ['street']],
    ['@J. R. @r2, @r', ['dot', 'digit']],
    ['ann@ann.org, 1@ann, 안@ann, _@ann', []],
    ['ann@ann', []],
    ['\u{10437}@ann, e\u0301@ann', []],
    ['😀@ann', ['ann']],
    [`${'@ '.repeat(30)}@ann`, ['ann']],
    ['@ann@', ['ann']],
    ['@\u00a0ann', []],
    ['@@ann', ['ann']],
    ['@ ann @', []],
    ['@twin', ['one', 'two']],
    ['@eve @stranger @nobody', []],
    ['@was', ['was']],
    ['@a b c d e', ['long']],
    ['@a b c d e f', ['long']],
    ['@\0ann @', []],
    ['@ann'.repeat(2), ['ann']],
    ['no at sign: ann', []],
    [`${'@x '.repeat(19)}@ann @min`, ['ann']],
  ])('%j: %j', (content, ids) => {
    const { room, mod, ann } = scene()
    room.say(mod, content)
    const [told] = bodies(ann)
    expect(told.mentions ?? []).toEqual(ids)
    expect('mentions' in told).toBe(ids.length > 0)
    expect(told).not.toHaveProperty('mentionsRoom')
    expect(eventsPage(room.log, {}).events).toEqual([told])
  })

  it.each<[by: 'mod' | 'ann', text: string, expected: object]>([
    ['mod', 'hey @ROOM!', { mentionsRoom: true }],
    ['mod', '@room님', { mentionsRoom: true }],
    ['mod', '@room guide', { mentions: ['guide'] }],
    ['mod', '@rooms', {}],
    ['mod', '@room @ann', { mentions: ['ann'], mentionsRoom: true }],
    ['ann', '@room', {}],
    ['ann', '@room @ann', { mentions: ['ann'] }],
  ])('[M1] everybody, if %s may: %j', (by, content, expected) => {
    const { room, [by]: socket, ann } = scene()
    room.say(socket, content)
    const {
      seq: _,
      n: _n,
      type: _type,
      at: _at,
      sender: _sender,
      content: _content,
      ...rest
    } = bodies(ann)[0]
    expect(rest).toEqual(expected)
  })

  it('at most 50 people, and asks nothing of the store without an @', () => {
    const { room, ann } = scene()
    for (let n = 0; n < 60; n++) {
      room.members.put({ id: `many${n}`, name: 'Many', guest: false, role: 'reader', joined })
    }
    let asked = 0
    const { named } = room.members
    room.members.named = (...query) => {
      asked++
      expect(query[0].length).toBeLessThanOrEqual(20 * 80)
      return named.apply(room.members, query)
    }
    room.say(ann, 'nobody, ann@ann.org')
    expect(asked).toBe(0)
    room.say(ann, '@ann @many')
    const [, told] = bodies(ann)
    expect([asked, told.mentions.length, told.mentions[0]]).toEqual([1, 50, 'ann'])
    room.say(ann, '@한 '.repeat(100))
    room.say(ann, `@${'한'.repeat(100)} `.repeat(3))
    expect(asked).toBe(3)
  })

  it('also whoever bears the name of everybody, where its sender may not mention them', () => {
    const found = mentionsAt(mentionedKeys('@room'), new Map([['room', ['r']]]), false)
    expect(found).toEqual({ mentions: ['r'] })
  })
})

describe.each([false, true])('[H1] with evictions: %s, mentions', (evicts) => {
  const pause = (room: FakeRoom) => evicts && room.evict()

  it('follow edits and the deletion, live, in a replay, in pages and in a client', () => {
    const { room, mod, ann } = scene()
    const heard: ChatEvent[] = []
    const now = (): MessageEntry => room.log.messages()[0] as MessageEntry
    const follow = (expected: object) => {
      heard.push(...bodies(mod))
      const page = eventsPage(room.log, {}).events as never as ChatEvent[]
      for (const events of [heard, page, [...page, ...heard], page.toReversed()]) {
        const { mentions, mentionsRoom } =
          events.reduce(foldEvent, NO_MESSAGES).messages.get(1) ?? {}
        expect({ mentions, mentionsRoom }).toEqual({
          mentions: undefined,
          mentionsRoom: undefined,
          ...expected,
        })
      }
      pause(room)
    }
    room.say(ann, '@ann')
    pause(room)
    follow({ mentions: ['ann'] })
    change(room, ann, EDIT, { seq: 1, content: '@민수님, @room' })
    follow({ mentions: ['minsu'] })
    expect(heard.at(-1)).toMatchObject({ type: 'edit', mentions: ['minsu'] })
    change(room, mod, REACT, { seq: 1, reaction: 'x' })
    follow({ mentions: ['minsu'] })
    change(room, ann, EDIT, { seq: 1, content: 'nobody' })
    follow({})
    change(room, ann, EDIT, { seq: 1, content: '@twin' })
    follow({ mentions: ['one', 'two'] })
    change(room, ann, DELETE, { seq: 1 })
    follow({})
    expect(now()).not.toHaveProperty('mentions')
    expect(JSON.stringify(eventsPage(room.log, {}))).not.toContain('mentions')
  })

  it('[P1] are not told where the text is not', () => {
    const { room, ann } = scene()
    room.say(ann, 'before')
    const late = room.connect(person('late'))
    room.set({ history: 'joined' })
    room.members.put({ ...person('late'), guest: false, role: 'writer', joined: { at: 1, seq: 1 } })
    room.subscribe(late, 'log', LOG)
    pause(room)
    change(room, ann, EDIT, { seq: 1, content: '@minsu @민수' })
    const [told] = bodies(late)
    expect(told).toMatchObject({ type: 'edit', target: 1, content: '' })
    expect(told).not.toHaveProperty('mentions')
  })

  it('[L5] of a repeated request are those of the first', () => {
    const { room, ann } = scene()
    room.say(ann, '@Ann Lee', 'r', 'k')
    room.members.remove('lee')
    pause(room)
    ann.take()
    const asked = [room, ann, '/pub/send/message', { content: '@Ann Lee' }] as const
    expect(outcome(...asked, { 'idempotency-key': 'k' })).toBe('1')
    expect(eventsPage(room.log, {}).events).toMatchObject([{ mentions: ['lee'] }])
  })
})
