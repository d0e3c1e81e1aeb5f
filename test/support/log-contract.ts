// What every log must do: run against the one in memory and against the one in SQLite.

import { expect, it } from 'vitest'
import type { Draft, Event, MessageEntry } from '../../src/room/log/event.ts'
import type { KeyedRows, Log } from '../../src/room/ports.ts'

type MessageDraft = Omit<MessageEntry, 'seq' | 'n'>

const draft = (content: string, extra: Partial<MessageDraft> = {}): MessageDraft => ({
  type: 'message',
  at: 1_795_000_000_000,
  sender: { id: 'ann', name: '앤' },
  content,
  ...extra,
})

const origin = { at: 1_795_000_000_001, sender: { id: 'bob', name: 'Bob' } }

/** One of each kind of change, to the message of seq 1, and what the room notes. */
const CHANGES: Draft[] = [
  { type: 'edit', ...origin, target: 1, content: '안녕 😀\0' },
  { type: 'edit', ...origin, target: 1, content: 'b', idempotencyKey: 'k', earlier: 2 },
  { type: 'edit', ...origin, target: 1, content: '@b', mentions: ['b', '"'], earlier: 2 },
  { type: 'delete', ...origin, target: 1 },
  { type: 'delete', ...origin, target: 1, idempotencyKey: '__proto__' },
  { type: 'reaction', ...origin, target: 1, reaction: '👍', on: true },
  { type: 'reaction', ...origin, target: 1, reaction: '__proto__', on: false, idempotencyKey: 'l' },
  { type: 'joined', ...origin, silent: true, user: { id: 'gil', name: '길' }, role: 'reader' },
  { type: 'renamed', ...origin, name: '"', description: '\0'.repeat(1001), archived: false },
  { type: 'pinned', ...origin, silent: true, target: 1 },
]

/** What a message may tell of itself, one after the other. */
const STATES: [name: string, state: Partial<MessageEntry>][] = [
  ['edited', { content: 'b', edited: 2 }],
  ['reacted', { reacted: 3, reactions: { '👍': ['ann', 'bob'], '10': ['x'], '2': ['y', 'x'] } }],
  ['reacted with a word of JavaScript', { reacted: 3, reactions: proto() }],
  ['no reaction any more', { reacted: 4 }],
  ['mentions', { content: '@b', mentions: ['\0', '한'] }],
  ['mentions of many, edited', { edited: 5, mentions: Array(50).fill('x'.repeat(200)) }],
  ['a mention of everybody', { mentionsRoom: true }],
  ['all', { content: '\0', edited: 5, reacted: 6, reactions: { a: ['b'] } }],
  ['deleted', { content: '', deleted: 7 }],
]

/** Long and short ones, those that are longer as JSON among them. */
const TEXTS: [name: string, content: string][] = [
  ['a line', '"\\ 안녕 😀\0\u2028\u007f\ufffd\n'],
  ['as long as a short one is', '\x01'.repeat(1000)],
  ['a byte longer', '\x01'.repeat(1001)],
  ['long', '한'.repeat(2500)],
]

function proto(): Record<string, string[]> {
  return Object.fromEntries([
    ['__proto__', ['ann']],
    ['constructor', ['bob']],
  ])
}

/** An event as it was appended: what a reply quotes is read with it. */
function withoutQuote(event: Event): Event {
  if (event.type !== 'message') return event
  const { quote: _, ...appended } = event
  return appended
}

/** The reactions in their order, which a comparison of objects does not see. */
function textOf(event: Event | undefined): string {
  return JSON.stringify(event?.type === 'message' ? event.reactions : undefined)
}

/** @param withLog runs its argument with a fresh log. */
export function logContract(
  withLog: (work: (log: Log & KeyedRows) => void) => Promise<void>,
): void {
  it('[L1] counts from 1 without a hole', () =>
    withLog((log) => {
      expect(log.head()).toBe(0)
      expect([1, 2, 3].map((n) => log.append(draft(String(n))).seq)).toEqual([1, 2, 3])
      expect(log.head()).toBe(3)
    }))

  it('[L2] gives back what was appended, in order', () =>
    withLog((log) => {
      const drafts = [
        draft('안녕 😀\0\n'),
        draft('b', { idempotencyKey: '__proto__' }),
        draft('c', { replyTo: 1 }),
        draft('d', { idempotencyKey: 'k', replyTo: 2 }),
        draft('e', { sender: { id: 'gil', name: 'Gil', guest: true } }),
        draft('@b', { mentions: ['b'], mentionsRoom: true }),
        draft('f', { sender: { id: 'gil', name: 'Gil', lookalike: true } }),
        draft('g', { sender: { id: 'gil', name: 'Gil', guest: true, lookalike: true } }),
      ]
      const events = drafts.map((each) => log.append(each))
      expect(Array.from(log.after(0, 10), withoutQuote)).toEqual(events)
      expect(events).toEqual(
        drafts.map((each, index) => ({ seq: index + 1, n: index + 1, ...each })),
      )
    }))

  it('[L2] gives back changes as they were appended', () =>
    withLog((log) => {
      const events = [draft('a'), ...CHANGES].map((each) => log.append(each))
      expect([...log.after(0, 99)]).toEqual(events)
      expect([...log.before(99, 99)]).toEqual(events)
      const told = CHANGES.map((each, index) => ({ seq: index + 2, n: 1, ...each }))
      expect(events.slice(1)).toEqual(told)
      expect([...log.keys(0, 9)].map(({ seq, key }) => [seq, key])).toEqual([
        [3, 'k'],
        [6, '__proto__'],
        [8, 'l'],
      ])
    }))

  it.each(TEXTS)('[L2] gives back many events whose text is %s, among changes', (_name, content) =>
    withLog((log) => {
      const drafts = Array.from({ length: 300 }, (_, index) => [
        draft(content, index % 2 === 0 ? { idempotencyKey: `\0"${index}` } : {}),
        CHANGES[index % CHANGES.length] ?? draft(content),
      ]).flat()
      const events = drafts.map((each) => log.append(each))
      expect([...log.after(0, 1000)]).toEqual(events)
      expect([...log.before(600, 260)]).toEqual(events.slice(339, 599))
    }),
  )

  it('finds the event of a seq', () =>
    withLog((log) => {
      const events = [draft('a'), ...CHANGES].map((each) => log.append(each))
      expect(events.map(({ seq }) => log.find(seq))).toEqual(events)
      expect([0, -1, 12, 1e15].map((seq) => log.find(seq))).toEqual(Array(4).fill(undefined))
    }))

  it.each(STATES)('tells what a message has become: %s', (_name, state) =>
    withLog((log) => {
      const keyed = draft('a', { idempotencyKey: 'k', replyTo: 1 })
      const [before, message, after] = [draft('x'), keyed, draft('y')].map((each) => {
        const event = log.append(each)
        if (event.type !== 'message') throw new Error('not a message')
        return event
      })
      if (!before || !message || !after) throw new Error('nothing was appended')
      log.amend({ ...message, content: 'old', edited: 99, reactions: { old: ['z'] } })
      log.amend({ ...message, ...state })
      const quote = { seq: 1, sender: before.sender, content: 'x' }
      const now = { ...message, ...state, quote }
      expect(log.find(2)).toEqual(now)
      expect(textOf(log.find(2))).toBe(textOf(now))
      expect([...log.after(0, 9)]).toEqual([before, now, after])
      expect([...log.keys(0, 9)]).toEqual([{ seq: 2, senderId: 'ann', key: 'k' }])
    }),
  )

  it('quotes in a reply the message as it is now, at most 200 characters of it', () =>
    withLog((log) => {
      const said = log.append(
        draft('한😀'.repeat(150), { sender: { id: 'g', name: 'G', guest: true } }),
      )
      const reply = log.append(draft('b', { replyTo: 1 }))
      log.append({ type: 'delete', ...origin, target: 2 })
      log.append(draft('to no message', { replyTo: 3 }))
      log.append(draft('b'.repeat(5000), { replyTo: 1, idempotencyKey: 'k' }))
      if (said.type !== 'message') throw new Error('not a message')
      const quotes = () =>
        Array.from(log.after(0, 9), (event) => (event.type === 'message' ? event.quote : null))
      const quote = { seq: 1, sender: said.sender, content: '한😀'.repeat(100) }
      expect(quotes()).toEqual([undefined, quote, null, undefined, quote])
      expect(log.find(2)).toEqual({ ...reply, quote })
      log.amend({ ...said, content: 'short', edited: 9, reacted: 10, reactions: { a: ['b'] } })
      const edited = { ...quote, content: 'short', edited: 9 }
      expect(quotes()).toEqual([undefined, edited, null, undefined, edited])
      log.amend({ ...said, content: '', deleted: 11 })
      expect(log.find(5)).toMatchObject({ quote: { ...quote, content: '', deleted: 11 } })
    }))

  it('[R4] takes the texts out of edits a few at a time, and tells none of them from the first on', () =>
    withLog((log) => {
      const [message, other] = [draft('a'), draft('b')].map((each) => log.append(each))
      if (message?.type !== 'message' || other?.type !== 'message') throw new Error('no messages')
      let [edited, another] = [0, 0]
      for (let n = 0; n < 5; n++) {
        const change = { type: 'edit', ...origin, content: `text ${n}`, mentions: ['a'] } as const
        edited = log.append({ ...change, target: 1, ...(edited && { earlier: edited }) }).seq
        another = log.append({ ...change, target: 2, ...(another && { earlier: another }) }).seq
      }
      const texts = () =>
        Array.from(log.after(0, 99), (event) => (event.type === 'edit' ? event.content : ''))
      const ofOther = texts().map((text, index) => (index % 2 === 1 ? text : ''))
      expect(log.isEmptying).toBe(false)
      log.emptyEdits({ ...message, edited }, 2)
      for (const left of [true, true, false]) {
        expect(texts()).toEqual(ofOther)
        expect([...log.before(99, 99)]).toEqual([...log.after(0, 99)])
        expect(log.find(3)).toMatchObject({ target: 1, content: '' })
        expect(log.isEmptying).toBe(true)
        log.emptyMore(1)
        log.forget()
        expect(log.isEmptying).toBe(left)
      }
      expect(texts()).toEqual(ofOther)
      expect(log.find(11)).toEqual({
        seq: 11,
        n: 2,
        type: 'edit',
        ...origin,
        target: 1,
        content: '',
        earlier: 9,
      })
      log.emptyEdits({ ...other, edited: another }, 5)
      expect(log.isEmptying).toBe(false)
      expect(texts().join('')).toBe('')
    }))

  it('[U1] counts the messages up to each event, and no others', () =>
    withLog((log) => {
      expect([log.countedFrom, log.messagesUpTo(0)]).toEqual([0, 0])
      const events = [draft('a'), ...CHANGES, draft('b'), draft('c')].map((each) =>
        log.append(each),
      )
      const counts = [...Array(1 + CHANGES.length).fill(1), 2, 3]
      expect(events.map(({ n }) => n)).toEqual(counts)
      log.forget()
      expect(events.map(({ seq }) => log.messagesUpTo(seq))).toEqual(counts)
      expect(log.append(draft('d')).n).toBe(4)
    }))

  it('[U1] finds the messages that mention somebody now, by the newest events that did', () =>
    withLog((log) => {
      const mentioning = (after: number, most = 99) => {
        log.forget()
        const { messages, isWhole } = log.mentioning(after, most)
        return [messages.map(({ mentions, mentionsRoom }) => mentions ?? mentionsRoom), isWhole]
      }
      expect(mentioning(0)).toEqual([[], true])
      const [plain, ann, , bob] = [
        draft('plain'),
        draft('@ann', { mentions: ['ann'] }),
        draft('@room', { mentionsRoom: true }),
        draft('@bob', { mentions: ['bob'] }),
      ].map((each) => log.append(each))
      if (plain?.type !== 'message' || ann?.type !== 'message' || bob?.type !== 'message')
        throw new Error('no messages')
      expect(mentioning(0)).toEqual([expect.arrayContaining([['ann'], true, ['bob']]), true])
      expect(mentioning(2)).toEqual([expect.arrayContaining([true, ['bob']]), true])
      expect(mentioning(4)).toEqual([[], true])
      expect(mentioning(0, 2)).toEqual([expect.arrayContaining([true, ['bob']]), false])
      expect(mentioning(2, 2)[1]).toBe(true)
      const edit = (target: number, mentions?: string[]) =>
        log.append({ type: 'edit', ...origin, target, content: 'x', ...(mentions && { mentions }) })
      edit(1, ['eve'])
      log.amend({ ...plain, content: 'x', mentions: ['eve'], edited: 5 })
      edit(2)
      const { mentions: _, ...nobody } = ann
      log.amend({ ...nobody, content: 'x', edited: 6 })
      log.append({ type: 'delete', ...origin, target: 4 })
      const { mentions: _mentions, ...gone } = bob
      log.amend({ ...gone, content: '', deleted: 7 })
      log.append(draft('plain'))
      expect(mentioning(0)).toEqual([expect.arrayContaining([true, ['eve']]), true])
      expect(mentioning(0)[0]).toHaveLength(2)
      expect(mentioning(1)).toEqual([[true], true])
      edit(1, ['eve', 'ann'])
      log.amend({ ...plain, content: 'x', mentions: ['eve', 'ann'], edited: 9 })
      expect(mentioning(0)[0]).toHaveLength(2)
    }))

  it('[U1] finds the last message of somebody after a seq and before a time', () =>
    withLog((log) => {
      for (const [id, at] of [
        ['ann', 1],
        ['bob', 2],
        ['ann', 3],
        ['bob', 4],
        ['ann', 5],
      ] as const)
        log.append(draft('x', { at, sender: { id, name: id } }))
      const { sender } = draft('x', { sender: { id: 'bob', name: 'bob' } })
      log.append({ type: 'reaction', at: 6, sender, target: 1, reaction: 'x', on: true })
      expect(log.lastMessageOf('ann', 0, 99)).toBe(5)
      expect(log.lastMessageOf('ann', 0, 5)).toBe(5)
      expect(log.lastMessageOf('ann', 0, 4)).toBe(3)
      expect(log.lastMessageOf('ann', 3, 1)).toBeUndefined()
      expect(log.lastMessageOf('bob', 2, 99)).toBe(4)
      expect(log.lastMessageOf('eve', 0, 99)).toBeUndefined()
      const after = (seq: number) => Object.fromEntries(log.lastMessagesAfter(seq))
      expect([after(0), after(4), after(5)]).toEqual([{ ann: 5, bob: 4 }, { ann: 5 }, {}])
    }))

  it('[U1] finds the newest message that is not deleted', () =>
    withLog((log) => {
      expect(log.lastMessage(99)).toBeUndefined()
      log.append(draft('1'))
      const second = log.append(draft('2'))
      if (second.type !== 'message') throw new Error('no message')
      log.append({ type: 'edit', at: 1, sender: second.sender, target: 2, content: 'two' })
      log.amend({ ...second, content: 'two', edited: 3 })
      expect(log.lastMessage(99)).toEqual({ ...second, content: 'two', edited: 3 })
      expect(log.lastMessage(2)?.seq).toBe(2)
      expect(log.lastMessage(1)).toBeUndefined()
      log.append({ type: 'delete', at: 1, sender: second.sender, target: 2 })
      log.amend({ ...second, content: '', deleted: 4 })
      expect(log.lastMessage(4)?.seq).toBe(1)
      expect(log.lastMessage(3)).toBeUndefined()
    }))

  it('pages forwards and backwards, ascending', () =>
    withLog((log) => {
      for (let n = 1; n <= 10; n++) log.append(draft(String(n)))
      const seqs = (events: Iterable<Event>) => Array.from(events, ({ seq }) => seq)
      expect(seqs(log.after(3, 4))).toEqual([4, 5, 6, 7])
      expect(seqs(log.after(8, 4))).toEqual([9, 10])
      expect(seqs(log.after(10, 4))).toEqual([])
      expect(seqs(log.before(4, 2))).toEqual([2, 3])
      expect(seqs(log.before(3, 9))).toEqual([1, 2])
      expect(seqs(log.before(1, 9))).toEqual([])
      expect(seqs(log.before(99, 3))).toEqual([8, 9, 10])
      expect(seqs(log.before(0, 3))).toEqual([])
    }))

  it('[L5] tells the keys of a stretch', () =>
    withLog((log) => {
      for (let n = 1; n <= 6; n++) {
        log.append(draft('x', n % 2 === 0 ? { idempotencyKey: `k${n}` } : {}))
      }
      expect([...log.keys(2, 5)]).toEqual([{ seq: 4, senderId: 'ann', key: 'k4' }])
      expect([...log.keys(0, 100)].map(({ seq }) => seq)).toEqual([2, 4, 6])
    }))

  it('keeps a block of fingerprints with an event', () =>
    withLog((log) => {
      const numbers = Uint32Array.of(0, 1, 0xffff_ffff, 7)
      log.append(draft('a'))
      log.append(draft('b'), numbers.subarray(1))
      log.append(draft('c'), numbers)
      expect([...log.blocks([3, 1, 4, 2])]).toEqual([
        { seq: 3, fingerprints: numbers },
        { seq: 1, fingerprints: undefined },
        { seq: 2, fingerprints: Uint32Array.of(1, 0xffff_ffff, 7) },
      ])
      expect([...log.blocks([])]).toEqual([])
    }))

  it('[L5] keeps a fingerprint of what was asked with an event', () =>
    withLog((log) => {
      log.append(draft('a', { idempotencyKey: 'k' }), undefined, 0xffff_ffff)
      log.append(draft('b', { idempotencyKey: 'l' }), Uint32Array.of(1), 0)
      log.append(draft('c'))
      const kept = [1, 2, 3, 4].map((seq) => log.requestFingerprint(seq))
      expect(kept).toEqual([0xffff_ffff, 0, undefined, undefined])
    }))

  it('tells the messages of somebody between two seqs, the newest first', () =>
    withLog((log) => {
      const by = (id: string) => log.append(draft('x', { sender: { id, name: 'same' } }))
      // 1 to 6: ann and bob in turn; then what is no message, and one more of each.
      const said = ['ann', 'bob', 'ann', 'bob', 'ann', 'bob'].map(by)
      for (const change of CHANGES) log.append({ ...change, sender: { id: 'ann', name: 'ann' } })
      const last = [by('ann'), by('__proto__')].map(({ seq }) => seq)
      const messages = (id: string, after = 0, before = 999) => log.messagesOf(id, after, before)
      expect(messages('ann')).toEqual([last[0], 5, 3, 1])
      expect(messages('__proto__')).toEqual([last[1]])
      expect([messages('nobody'), messages('ann', 6, 7)]).toEqual([[], []])
      // Neither of the two seqs is among them.
      expect(messages('ann', 1, 5)).toEqual([3])
      expect(messages('bob', 0, 2)).toEqual([])
      const third = said[2] as MessageEntry
      log.amend({ ...third, content: '', deleted: 99 })
      log.amend({ ...(said[4] as MessageEntry), content: 'edited', edited: 98 })
      expect(messages('ann', 0, 7)).toEqual([5, 1])
      log.forget()
      expect(messages('ann', 0, 7)).toEqual([5, 1])
    }))

  it('tells who sent messages after a time, among the newest events', () =>
    withLog((log) => {
      const by = (id: string, at: number) =>
        log.append(draft('x', { at, sender: { id, name: id } }))
      for (const [id, at] of [
        ['ann', 1],
        ['bob', 2],
        ['ann', 5],
        ['eve', 9],
      ] as const)
        by(id, at)
      log.append({ type: 'reaction', ...origin, target: 1, reaction: 'x', on: true })
      const last = (since: number, events: number) =>
        Object.fromEntries(log.lastMessages(since, events))
      expect(last(0, 99)).toEqual({ ann: 5, bob: 2, eve: 9 })
      expect(last(2, 99)).toEqual({ ann: 5, eve: 9 })
      expect(last(0, 2)).toEqual({ eve: 9 })
      expect(last(9, 99)).toEqual({})
    }))
}
