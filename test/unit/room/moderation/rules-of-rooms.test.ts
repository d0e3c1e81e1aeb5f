// The rules of words and links of a room, over STOMP, in transactions and over HTTP.

import { describe, expect, it } from 'vitest'
import type { Principal } from '../../../../src/auth/principal.ts'
import { Refusal } from '../../../../src/refusals.ts'
import type { RoomRequest } from '../../../../src/room/request.ts'
import type { SettingsChange } from '../../../../src/room-settings.ts'
import { change, EDIT, failingAt, outcome } from '../../../support/changes.ts'
import { ERRORS, FakeRoom, OWNER, person } from '../../../support/fake-room.ts'

const [ann, bob, mod, owner] = [person('ann'), person('bob'), person('mod'), person(OWNER)]
const SAY = '/pub/send/message'

const RULES: SettingsChange = {
  words: [
    { pattern: 'darn', action: 'mask' },
    { pattern: 'damn', action: 'refuse' },
    { pattern: 'hm', action: 'report' },
  ],
  links: { action: 'refuse', allow: ['example.com'] },
}

function set(room: FakeRoom, by: Principal, settings: SettingsChange): string {
  try {
    room.turn((turn) => room.room.changeRoom(turn, by, { settings }))
    return ''
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
}

function scene(evicted = false) {
  const room = new FakeRoom()
  room.roles.set('mod', 'moderator')
  set(room, owner, RULES)
  if (evicted) {
    const turn = room.turn.bind(room)
    room.turn = (work) => {
      room.evict()
      turn(work)
    }
  }
  const a = room.connect(ann)
  room.subscribe(a, 'errors', ERRORS)
  const say = (content: string, more = {}, key?: string) =>
    outcome(room, a, SAY, { content, ...more }, key === undefined ? {} : { 'idempotency-key': key })
  const reports = () => room.reports.page({ limit: 99 })
  return { room, a, say, reports }
}

/** The seq that a request over HTTP is answered with, or the code of its refusal. */
function ask(room: FakeRoom, by: Principal, request: RoomRequest): number | string | undefined {
  let seq: number | undefined
  try {
    room.turn((turn) => {
      seq = room.room.execute(turn, by, request).seq
    })
    return seq
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
}

const texts = (room: FakeRoom) => room.log.messages().map(({ content }) => content)

describe.each([false, true])('[M1] rules of words, evicted between frames: %s', (evicted) => {
  it('refuse a message mildly, and do not say why', () => {
    const { room, a } = scene(evicted)
    room.send(a, 'SEND', { destination: SAY, receipt: 'r' }, '{"content":"so DAMN bad"}')
    const [error] = a.take()
    expect(error?.headers.code).toBe('content-refused')
    expect(error?.body).not.toMatch(/damn/i)
    expect(ask(room, ann, { type: 'message', content: 'ＤＡＭＮ' })).toBe('content-refused')
    expect(ask(room, ann, { type: 'message', content: 'see evil.com' })).toBe('content-refused')
    expect([room.log.head(), a.closed]).toEqual([0, undefined])
  })

  it('mask words in what is stored; the request stays as it was [L5]', () => {
    const { room, say } = scene(evicted)
    expect(say('oh darn', {}, 'k')).toBe('1')
    expect(say('oh darn', {}, 'k')).toBe('1')
    expect(say('oh ****', {}, 'k')).toBe('key-reused')
    const request = { type: 'message', content: 'Darn it', idempotencyKey: 'k2' } as const
    expect([ask(room, ann, request), ask(room, ann, request)]).toEqual([2, 2])
    expect(say('darn', { replyTo: 1 })).toBe('3')
    expect(texts(room)).toEqual(['oh ****', '**** it', '****'])
  })

  it('hold for edits: a masked text that is asked for again changes nothing', () => {
    const { room, a, say, reports } = scene(evicted)
    say('fine')
    const edit = (content: string) => outcome(room, a, EDIT, { seq: 1, content })
    expect(edit('damn')).toBe('content-refused')
    expect([edit('darn'), edit('darn')]).toEqual(['2', '2'])
    expect(edit('hm, darn')).toBe('3')
    expect(texts(room)).toEqual(['hm, ****'])
    expect(reports()).toMatchObject([{ seq: 1, by: null }])
    expect(edit('hm, darn')).toBe('3')
    expect(reports()).toHaveLength(1)
    expect(ask(room, ann, { type: 'edit', seq: 1, content: 'evil.com' })).toBe('content-refused')
  })

  it('report a message that is stored, once for each key', () => {
    const { room, say, reports } = scene(evicted)
    expect([say('hm', {}, 'k'), say('hm', {}, 'k'), say('ok')]).toEqual(['1', '1', '2'])
    const report = { id: 1, seq: 1, at: room.now, by: null, reason: '', state: 'open' }
    expect(reports()).toEqual([report])
  })

  it('hold in transactions: when a frame comes, and at COMMIT', () => {
    const { room, a, reports } = scene(evicted)
    const within = (content: string) =>
      room.send(a, 'SEND', { destination: SAY, transaction: 't' }, JSON.stringify({ content }))
    room.send(a, 'BEGIN', { transaction: 't' })
    for (const content of ['darn', 'hm', 'free.org']) {
      if (content === 'free.org') set(room, mod, { links: null })
      within(content)
    }
    set(room, mod, { links: { action: 'refuse', allow: [] } })
    room.send(a, 'COMMIT', { transaction: 't' })
    expect(a.take().at(-1)?.headers.code).toBe('content-refused')
    expect([room.log.head(), reports()]).toEqual([0, []])
  })

  it('mask and report what a transaction commits', () => {
    const { room, a, reports } = scene(evicted)
    room.send(a, 'BEGIN', { transaction: 't' })
    for (const content of ['darn', 'hm']) {
      room.send(a, 'SEND', { destination: SAY, transaction: 't' }, JSON.stringify({ content }))
    }
    room.send(a, 'COMMIT', { transaction: 't' })
    expect([texts(room), reports().map(({ seq }) => seq)]).toEqual([['****', 'hm'], [2]])
  })

  it('do not hold for moderators', () => {
    const { room, reports } = scene(evicted)
    for (const who of [mod, owner, person('root', ['GENERAL', 'ADMIN'])]) {
      ask(room, who, { type: 'message', content: 'hm, damn, darn, evil.com' })
    }
    expect([new Set(texts(room)), reports()]).toEqual([new Set(['hm, damn, darn, evil.com']), []])
  })

  it('end when they are taken away', () => {
    const { room, say } = scene(evicted)
    expect(set(room, mod, { words: [], links: null })).toBe('')
    say('hm, damn, darn, evil.com')
    expect(texts(room)).toEqual(['hm, damn, darn, evil.com'])
  })
})

it('[L1] a message that cannot be stored is not reported', () => {
  const { room, a, reports } = scene()
  failingAt(room, 1)
  change(room, a, SAY, { content: 'hm' })
  expect([room.log.head(), reports()]).toEqual([0, []])
})

it('[R5] a message is stored also where there are too many reports', () => {
  const { room, say } = scene()
  for (let n = 0; n < 1000; n++) room.reports.add({ seq: 1, at: 1, by: null, reason: '' }, 1000)
  expect(say('hm')).toBe('1')
  expect(room.reports.openCount).toBe(1000)
})

it('[M1] rules are set by moderators, and by nobody below', () => {
  const { room } = scene()
  const before = room.profile.get()
  expect(set(room, bob, { words: [] })).toBe('not-allowed')
  expect(set(room, bob, { links: null })).toBe('not-allowed')
  expect(room.profile.get()).toBe(before)
  expect(set(room, mod, { words: [] })).toBe('')
})
