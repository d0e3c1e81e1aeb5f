// What every store of a room must do: run against those in memory and those in SQLite.

import { expect, it } from 'vitest'
import type { Revocation } from '../../src/auth/bearer.ts'
import { nameKey } from '../../src/name-key.ts'
import type { Invitation } from '../../src/room/membership/invitation.ts'
import type { MemberPlace, MemberRow } from '../../src/room/membership/member.ts'
import type { NewModerationEntry } from '../../src/room/moderation/act.ts'
import type { Role } from '../../src/room/permissions.ts'
import type {
  InvitationStore,
  LookStore,
  MemberStore,
  ModerationStore,
  OwnListStore,
  PinStore,
  QueueStore,
  ReportStore,
  RevocationStore,
  TransactionStore,
} from '../../src/room/ports.ts'
import type { QueuedMessage } from '../../src/room/queues/queued-message.ts'
import { frameOf } from './frame-of.ts'

const NOW = 1_795_000_000_000
const NOBODY: ReadonlySet<number> = new Set()

const bodiesOf = (store: QueueStore, messages: readonly QueuedMessage[]) =>
  messages.map(({ id }) => store.payload('jobs', id)?.body)

const load = (body: string | Uint8Array) => ({ headers: [['x-한글', 'a:b\n']] as const, body })

/** @param withStore runs its argument with a fresh store. */
export function queueContract(
  withStore: (work: (store: QueueStore, again: () => QueueStore) => void) => Promise<void>,
): void {
  it('gives the oldest messages of a queue, in order, but for those excepted', () =>
    withStore((store) => {
      for (const body of ['a', 'b', 'c', 'd']) store.put('jobs', 'ann', load(body), NOW)
      store.put('other', 'ann', load('x'), NOW)
      const all = store.next('jobs', NOBODY, 9)
      expect(bodiesOf(store, all)).toEqual(['a', 'b', 'c', 'd'])
      const ids = all.map(({ id }) => id)
      expect([...ids].sort((a, b) => a - b)).toEqual(ids)
      const except = new Set([ids[0] ?? 0, ids[2] ?? 0])
      expect(bodiesOf(store, store.next('jobs', except, 1))).toEqual(['b'])
      expect(bodiesOf(store, store.next('jobs', except, 9))).toEqual(['b', 'd'])
      expect(store.payload('other', ids[0] ?? 0)).toBeUndefined()
    }))

  it('gives back headers and body as they were put, text or bytes', () =>
    withStore((store) => {
      const bytes = Uint8Array.of(0, 255, 10, 0)
      store.put('jobs', 'ann', load('안녕\0😀'), NOW)
      store.put('jobs', 'ann', load(bytes.subarray(1, 3)), NOW)
      const [text, binary] = store.next('jobs', NOBODY, 2)
      expect(text).toMatchObject({ deliveries: 0, bytes: 23 })
      expect(store.payload('jobs', text?.id ?? 0)).toEqual({
        headers: [['x-한글', 'a:b\n']],
        body: '안녕\0😀',
      })
      expect(store.payload('jobs', binary?.id ?? 0)?.body).toEqual(Uint8Array.of(255, 10))
    }))

  it.each([false, true])(
    '[H1] never uses an id again, not even when all was removed or the clock went back; made anew: %s',
    (anew) =>
      withStore((first, again) => {
        const ids: number[] = []
        for (const now of [NOW, NOW, NOW - 5000, NOW, NOW - 9000]) {
          const store = anew ? again() : first
          if (anew) expect(store.size()).toEqual({ messages: 0, bytes: 0 })
          store.put('jobs', 'ann', load('x'), now)
          const id = store.next('jobs', NOBODY, 1)[0]?.id ?? 0
          ids.push(id)
          store.remove('jobs', id)
        }
        expect([...new Set(ids)].sort((a, b) => a - b)).toEqual(ids)
        expect(ids).toHaveLength(5)
      }),
  )

  it('counts deliveries, what was given up, and what it holds', () =>
    withStore((store) => {
      store.put('jobs', 'ann', load('안녕'), NOW)
      store.put('jobs', 'ann', load(Uint8Array.of(1, 2)), NOW)
      // 6 and 2 bytes of body, 8 and 4 of a header each.
      expect(store.size()).toEqual({ messages: 2, bytes: 32 })
      const [first] = store.next('jobs', NOBODY, 1)
      store.delivered('jobs', first?.id ?? 0)
      store.delivered('jobs', first?.id ?? 0)
      expect(store.next('jobs', NOBODY, 1)[0]?.deliveries).toBe(2)
      store.forget()
      expect(store.size()).toEqual({ messages: 2, bytes: 32 })
      store.remove('jobs', first?.id ?? 0)
      store.remove('jobs', first?.id ?? 0)
      expect(store.size()).toEqual({ messages: 1, bytes: 14 })
      store.put('other', 'bob', load('x'), NOW)
      expect(store.sizeOf('ann')).toEqual({ messages: 1, bytes: 14 })
      expect(store.sizeOf('bob')).toEqual({ messages: 1, bytes: 13 })
      expect(store.sizeOf('__proto__')).toEqual({ messages: 0, bytes: 0 })
      expect(store.names().size).toBe(2)
      store.forget()
      expect(store.sizeOf('bob')).toEqual({ messages: 1, bytes: 13 })
      store.remove('other', store.next('other', NOBODY, 1)[0]?.id ?? 0)
      expect(store.sizeOf('bob')).toEqual({ messages: 0, bytes: 0 })
      expect(store.names().size).toBe(1)
      expect(store.names().has('jobs')).toBe(true)
      expect([store.dropped('jobs'), store.dropped('jobs'), store.dropped('__proto__')]).toEqual([
        1, 2, 1,
      ])
    }))
}

/** @param withStore runs its argument with a fresh store. */
export function transactionContract(
  withStore: (work: (store: TransactionStore) => void) => Promise<void>,
): void {
  const frame = (body: string) => frameOf('SEND', { destination: '/x', 'x-한글': 'a\n' }, body)
  const bodies = (store: TransactionStore, session: string, transaction: number) =>
    store.frames(session, transaction).map(({ body }) => new TextDecoder().decode(body))

  it('gives back the frames of a transaction, in order and as they were', () =>
    withStore((store) => {
      store.add('s', 1, frame('a'))
      store.add('s', 2, frame('x'))
      store.add('s', 1, frame(''))
      store.add('t', 1, frame('y'))
      store.add('s', 1, { ...frame('c'), body: new TextEncoder().encode('(c)').subarray(1, 2) })
      expect(bodies(store, 's', 1)).toEqual(['a', '', 'c'])
      expect(store.frames('s', 1)[0]).toMatchObject({ command: 'SEND' })
      expect([...(store.frames('s', 1)[0]?.headers ?? [])]).toEqual([...frame('').headers])
    }))

  it('forgets a transaction, a session, or all sessions but some', () =>
    withStore((store) => {
      for (const session of ['s', 't', 'u']) {
        store.add(session, 1, frame('a'))
        store.add(session, 2, frame('b'))
      }
      store.remove('s', 1)
      expect([bodies(store, 's', 1), bodies(store, 's', 2)]).toEqual([[], ['b']])
      store.remove('t')
      expect([bodies(store, 't', 1), bodies(store, 't', 2)]).toEqual([[], []])
      store.keep(new Set(['s']))
      expect([bodies(store, 's', 2), bodies(store, 'u', 1)]).toEqual([['b'], []])
    }))
}

const revocation = (more: Partial<Revocation> = {}): Revocation => ({
  personId: 'ann',
  sessionId: 's1',
  below: null,
  code: 'session-ended',
  until: 1000,
  ...more,
})

/** @param withStore runs its argument with a fresh store. */
export function revocationContract(
  withStore: (work: (store: RevocationStore) => void) => Promise<void>,
): void {
  it('gives the revocations of a person as they were kept', () =>
    withStore((store) => {
      const kept = [
        revocation(),
        revocation({ sessionId: 's2', code: 'refresh-reused' }),
        revocation({ sessionId: null, below: 0, code: 'roles-changed' }),
        revocation({ sessionId: null, below: 3, code: 'account-disabled' }),
      ]
      for (const each of kept) store.add(each, 0)
      store.add(revocation({ personId: 'bob' }), 0)
      const found = store.of('ann')
      expect(found).toHaveLength(kept.length)
      expect(found).toEqual(expect.arrayContaining(kept))
      expect(store.of('nobody')).toEqual([])
    }))

  it('keeps one that comes again once, for the longer time', () =>
    withStore((store) => {
      store.add(revocation({ until: 2000 }), 0)
      store.add(revocation({ until: 1000 }), 0)
      expect(store.of('ann')).toEqual([revocation({ until: 2000 })])
    }))

  it('drops those that have ended when another comes', () =>
    withStore((store) => {
      store.add(revocation({ until: 1000 }), 0)
      store.add(revocation({ sessionId: 's2', until: 1001 }), 0)
      store.add(revocation({ personId: 'bob', until: 3000 }), 1000)
      expect(store.of('ann')).toEqual([revocation({ sessionId: 's2', until: 1001 })])
    }))
}

/** @param withStore runs its argument with a fresh store, and with another of the same rows. */
export function moderationContract(
  withStore: (work: (store: ModerationStore) => void) => Promise<void>,
): void {
  const entry = (seq: number) => ({ at: 5, action: 'kick' as const, by: null, seq })

  it('gives entries as they were added, the newest first, in pages', () =>
    withStore((store) => {
      const full: NewModerationEntry = {
        ...{ at: 9, action: 'ban', by: { id: 'mod', name: '한글' }, user: { id: 'ann', name: '' } },
        ...{ reason: 'spam', until: 77, seq: 3, detail: { role: 'reader', x: [1] } },
      }
      store.add(entry(1), 9)
      store.add(full, 9)
      store.add(entry(3), 9)
      expect(store.page(undefined, 2)).toEqual([
        { number: 3, ...entry(3) },
        { number: 2, ...full },
      ])
      expect(store.page(2, 9)).toEqual([{ number: 1, ...entry(1) }])
      expect(store.page(1, 9)).toEqual([])
    }))

  it('[R5] keeps the newest, and a hundred more for a while', () =>
    withStore((store) => {
      for (let seq = 1; seq <= 300; seq++) store.add(entry(seq), 20)
      expect(store.page(undefined, 999)).toHaveLength(20)
      for (let seq = 301; seq < 400; seq++) store.add(entry(seq), 20)
      const kept = store.page(undefined, 999)
      expect(kept.length).toBeLessThan(120)
      expect(kept[0]?.number).toBe(399)
    }))
}

export function memberContract(
  withStore: (work: (store: MemberStore, again: MemberStore) => void) => Promise<void>,
): void {
  const member = (id: string, role: Role, name = id): MemberRow => ({
    ...{ id, role, name, guest: false, joined: { at: 5, seq: 7 } },
    ...{ mutedUntil: undefined, bannedUntil: undefined, ban: undefined },
  })

  it('gives the row that was put last, and how many there are', () =>
    withStore((store, again) => {
      expect(store.get('ann')).toBeUndefined()
      expect(store.size).toBe(0)
      store.put(member('ann', 'reader'))
      const ann = {
        ...member('ann', 'moderator', '한글'),
        guest: true,
        mutedUntil: 9,
        bannedUntil: 8,
        ban: { at: 5, by: { id: 'mod', name: '한' }, reason: 'spam' },
        read: { seq: 9, n: 8, at: 7 },
      }
      store.put(ann)
      store.put({ ...member('bob', 'banned'), joined: undefined })
      expect([store.get('ann'), again.get('ann')]).toEqual([ann, ann])
      expect(again.get('bob')?.joined).toBeUndefined()
      expect([store.size, again.size]).toEqual([2, 2])
      store.remove('ann')
      store.remove('nobody')
      expect([store.get('ann'), store.size]).toEqual([undefined, 1])
    }))

  it('[R4] says whether there are more rows than so many', () =>
    withStore((store, again) => {
      const more = () => [0, 1, 2, 3].map((count) => store.hasMoreThan(count))
      expect(more()).toEqual([false, false, false, false])
      for (const id of ['ann', 'bob']) again.put(member(id, 'writer'))
      store.forget()
      expect([store.hasMoreThan(1), more()]).toEqual([true, [true, true, false, false]])
      store.put(member('cyd', 'writer'))
      expect(more()).toEqual([true, true, true, false])
      store.forget()
      expect([store.hasMoreThan(0), store.hasMoreThan(2)]).toEqual([true, true])
      store.remove('cyd')
      expect(more()).toEqual([true, true, false, false])
    }))

  it('gives the banned by id, in pages', () =>
    withStore((store) => {
      for (const id of ['eve', 'ann', '한', 'bob']) store.put(member(id, 'banned'))
      store.put(member('dan', 'reader'))
      const ids = (after: string, limit: number) =>
        store.banned(after, limit).map((each) => each.id)
      expect([ids('', 2), ids('bob', 9), ids('한', 9)]).toEqual([['ann', 'bob'], ['eve', '한'], []])
    }))

  it('[P1] gives pages by role, name and id, of names that begin with a text', () =>
    withStore((store) => {
      const ids = (prefix: string, all = false, after?: MemberPlace, limit = 9) =>
        store.page(nameKey(prefix), after, all, limit).map(({ id }) => id)
      store.put(member('o', 'owner', 'Zoe'))
      store.put(member('m', 'moderator', 'Ann'))
      store.put(member('w2', 'writer', 'ÄNNE'))
      store.put(member('w1', 'writer', 'anna'))
      store.put(member('w3', 'writer', 'anna'))
      store.put(member('k', 'writer', '한글'.normalize('NFD')))
      store.put({ ...member('gone', 'reader', 'anna'), joined: undefined })
      store.put(member('b', 'banned', 'anna'))
      expect(ids('')).toEqual(['o', 'm', 'w1', 'w3', 'w2', 'k'])
      expect(ids('', true)).toEqual(['o', 'm', 'w1', 'w3', 'w2', 'k', 'gone', 'b'])
      expect(ids('AN')).toEqual(['m', 'w1', 'w3'])
      expect(ids('änn')).toEqual(['w2'])
      expect(ids('한')).toEqual(['k'])
      expect(ids('%')).toEqual([])
      const after = { rank: 2, nameKey: 'anna', id: 'w1' }
      expect(ids('', false, after, 2)).toEqual(['w3', 'w2'])
      expect(ids('', false, { rank: 4, nameKey: 'zoe', id: 'o' }, 1)).toEqual(['m'])
    }))

  it('counts no ban in pages that has ended', () =>
    withStore((store) => {
      const until = (id: string, bannedUntil: number, more: Partial<MemberRow> = {}) =>
        store.put({ ...member(id, 'banned'), bannedUntil, ...more })
      const ids = (all: boolean, now: number, after?: MemberPlace) =>
        store.page('', after, all, 9, { now, role: 'writer' }).map(({ id }) => id)
      store.put(member('a', 'reader'))
      store.put(member('b', 'writer'))
      until('c', 8)
      until('d', 8, { joined: undefined })
      until('e', 8, { joined: undefined, mutedUntil: 9 })
      store.put(member('f', 'banned'))
      expect([ids(false, 7), ids(true, 7)]).toEqual([
        ['b', 'a'],
        ['b', 'a', 'c', 'd', 'e', 'f'],
      ])
      expect([ids(false, 8), ids(true, 8)]).toEqual([
        ['b', 'c', 'a'],
        ['b', 'c', 'e', 'a', 'f'],
      ])
      expect(ids(true, 9)).toEqual(['b', 'c', 'a', 'f'])
      expect(ids(true, 8, { rank: 2, nameKey: 'c', id: 'c' })).toEqual(['e', 'a', 'f'])
      expect(store.page('', undefined, true, 9)).toHaveLength(6)
    }))

  it('[R4] gives the members who bear one of some names, a few of each', () =>
    withStore((store) => {
      const ids = (names: string[], ofEach = 9, limit = 9) =>
        store.named(names.map(nameKey), ofEach, limit).map(({ id }) => id)
      for (const id of ['a3', 'a1', 'a2']) store.put(member(id, 'reader', 'Ann'))
      store.put(member('z', 'writer', 'ANN Lee'))
      store.put(member('k', 'owner', '한글'.normalize('NFD')))
      store.put({ ...member('gone', 'writer', 'Ann'), joined: undefined })
      store.put(member('b', 'banned', 'Ann'))
      store.put({ ...member('was', 'banned', 'Bob'), bannedUntil: 8 })
      expect(ids(['ann'])).toEqual(['a1', 'a2', 'a3'])
      expect(ids(['ann lee', 'Ann', 'ann lee'.slice(0, 2)])).toEqual(['a1', 'z', 'a2', 'a3'])
      expect(ids(['ann', 'ann lee', '한글'], 1)).toEqual(['a1', 'k', 'z'])
      expect(ids(['ann', 'ann lee', '한글'], 9, 4)).toEqual(['a1', 'k', 'z', 'a2'])
      expect(ids(['bob'])).toEqual(['was'])
      expect([ids([]), ids(['']), ids(['"', "'"])]).toEqual([[], [], []])
    }))

  it('[R4] knows by their names who came, left, was renamed or banned since it was asked', () =>
    withStore((store) => {
      const ids = (...names: string[]) => store.named(names.map(nameKey), 9, 9).map(({ id }) => id)
      store.put(member('a', 'writer', 'Ann'))
      expect(ids('Ann', 'Bea')).toEqual(['a'])
      store.put(member('b', 'writer', 'ann'))
      expect(ids('Ann', 'Bea')).toEqual(['a', 'b'])
      store.put(member('a', 'writer', 'Bea'))
      expect([ids('Ann'), ids('Bea')]).toEqual([['b'], ['a']])
      store.put({ ...member('b', 'banned', 'ann'), bannedUntil: 8 })
      expect(ids('Ann')).toEqual(['b'])
      store.put(member('b', 'banned', 'ann'))
      expect(ids('Ann')).toEqual([])
      store.put(member('b', 'writer', 'ann'))
      store.put({ ...member('a', 'writer', 'Bea'), joined: undefined })
      expect(ids('Ann', 'Bea')).toEqual(['b'])
      store.remove('b')
      store.remove('nobody')
      expect(ids('Ann', 'Bea')).toEqual([])
      store.put(member('b', 'writer', 'ann'))
      store.forget()
      expect(ids('Ann')).toEqual(['b'])
    }))
}

/**
 * @param withStore runs its argument with a fresh store, and with one that was made anew of the
 * same.
 */
export function lookContract(
  withStore: (work: (store: LookStore, again: () => LookStore) => void) => Promise<void>,
): void {
  it('[H1] knows whose name has a look: one look for each person, until it is kept no more', () =>
    withStore((store, again) => {
      const holders = (look: string) => {
        const both = [store, again()].map((each) => [...each.holders(look)].sort())
        expect(both[0]).toEqual(both[1])
        return both[0]
      }
      expect(holders('ann')).toEqual([])
      store.keep('a', 'ann')
      store.keep('b', 'ann')
      store.keep('b', 'ann')
      expect(holders('ann')).toEqual(['a', 'b'])
      store.keep('a', '__proto__')
      expect([holders('ann'), holders('__proto__')]).toEqual([['b'], ['a']])
      store.keep('a', undefined)
      store.keep('c', undefined)
      expect([holders('ann'), holders('__proto__')]).toEqual([['b'], []])
    }))
}

/** @param withStore runs its argument with a fresh store. */
export function pinContract(withStore: (work: (store: PinStore) => void) => Promise<void>): void {
  it('knows what is pinned, and by which event, the newest pin first', () =>
    withStore((store) => {
      expect([store.all(), store.get(1)]).toEqual([[], undefined])
      store.add(7, 8)
      store.add(3, 9)
      store.add(5, 10)
      expect(store.all()).toEqual([5, 3, 7])
      store.remove(3)
      store.remove(4)
      store.add(7, 11)
      expect([store.all(), store.get(7), store.get(3)]).toEqual([[7, 5], 11, undefined])
    }))
}

/** @param withStore runs its argument with a fresh store. */
export function ownListContract(
  withStore: (work: (store: OwnListStore) => void) => Promise<void>,
): void {
  it('knows what the own list of each person does with the room', () =>
    withStore((store) => {
      expect([[...store.all()], store.get('ann')]).toEqual([[], undefined])
      store.set('ann', 'hidden')
      store.set('__proto__', 'untold')
      store.set('ann', 'untold')
      store.set('bob', 'hidden')
      store.set('eve', undefined)
      store.forget()
      expect([store.get('ann'), store.get('__proto__'), store.get('bob')]).toEqual([
        ...['untold', 'untold', 'hidden'],
      ])
      for (const id of ['ann', '__proto__', 'bob']) store.set(id, undefined)
      expect([...store.all()]).toEqual([])
    }))
}

/** @param withStore runs its argument with a fresh store. */
export function invitationContract(
  withStore: (work: (store: InvitationStore) => void) => Promise<void>,
): void {
  const made = (id: string, createdAt: number): Invitation => ({
    ...{ id, digest: `digest of ${id}`, role: 'writer', by: { id: 'ann', name: '앤' } },
    ...{ ofMember: true, createdAt, expiresAt: createdAt + 9, uses: 3, used: 0 },
  })

  it('gives invitations as they were put, the newest first', () =>
    withStore((store) => {
      const [old, other, young] = [made('c', 1), made('a', 1), made('b', 2)]
      for (const each of [old, young, other]) store.put(each)
      expect(store.all()).toEqual([young, other, old])
      store.put({ ...old, used: 1 })
      store.remove(young.digest)
      store.remove('nothing')
      expect(store.all()).toEqual([other, { ...old, used: 1 }])
      expect(store.find(old.digest)).toEqual({ ...old, used: 1 })
      expect(store.find(young.digest)).toBeUndefined()
    }))
}

/** @param withStore runs its argument with a fresh store. */
export function reportContract(
  withStore: (work: (store: ReportStore) => void) => Promise<void>,
): void {
  const ann = { id: 'ann', name: 'Ann' }
  const settlement = { state: 'settled', settledAt: 9, settledBy: { id: 'm', name: 'Mo' } } as const
  const all = (store: ReportStore, query = {}) =>
    store.page({ limit: 10, ...query }).map(({ id }) => id)

  it('gives reports as they were added and settled, in pages', () =>
    withStore((store) => {
      expect([all(store), store.find(1), store.openCount]).toEqual([[], undefined, 0])
      const first = store.add({ seq: 7, at: 1, by: ann, reason: 'x' }, 10)
      expect(first).toEqual({ id: 1, seq: 7, at: 1, by: ann, reason: 'x', state: 'open' })
      store.add({ seq: 8, at: 2, by: null, reason: '' }, 10)
      store.add({ seq: 9, at: 3, by: { id: 'bob', name: 'Bob' }, reason: '' }, 10)
      expect(store.find(2)).toEqual({ id: 2, seq: 8, at: 2, by: null, reason: '', state: 'open' })
      expect(store.openOf('ann')).toEqual([first])
      store.settle(1, settlement)
      expect(store.find(1)).toEqual({ ...first, ...settlement })
      expect([store.openOf('ann'), store.openCount]).toEqual([[], 2])
      expect([all(store), all(store, { before: 3 }), all(store, { limit: 1 })]).toEqual([
        [3, 2, 1],
        [2, 1],
        [3],
      ])
      expect([all(store, { state: 'open' }), all(store, { state: 'settled' })]).toEqual([
        [3, 2],
        [1],
      ])
      expect(all(store, { state: 'dismissed' })).toEqual([])
    }))

  it('[R5] drops the oldest settled one where there are too many', () =>
    withStore((store) => {
      const add = () => store.add({ seq: 1, at: 1, by: null, reason: '' }, 2)
      for (let n = 0; n < 3; n++) add()
      expect(all(store)).toEqual([3, 2, 1])
      for (const id of [3, 2]) store.settle(id, settlement)
      add()
      expect(all(store)).toEqual([4, 3, 1])
      add()
      add()
      expect(all(store)).toEqual([6, 5, 4, 1])
    }))
}
