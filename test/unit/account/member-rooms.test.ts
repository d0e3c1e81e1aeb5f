import { describe, expect, it } from 'vitest'
import {
  chooseForRoom,
  heardOfMembership,
  keepRoom,
  MAX_DRAFTS,
  memberRooms,
} from '../../../src/account/member-rooms.ts'
import { memoryAccount } from '../../support/memory-account.ts'

const room = (id: string, role = 'writer') => ({
  ...{ id, name: id, kind: 'public', role, joinedAt: 1 },
})

const store = () => memoryAccount().account.store().memberRooms

describe('the rooms of a member', () => {
  it('[R5] are 10,000 at most, and those that are kept still change', () => {
    const rooms = store()
    for (let n = 0; n < 10_002; n++) keepRoom(rooms, room(`${n}`))
    expect(rooms.count()).toBe(10_000)
    keepRoom(rooms, room('1', 'reader'))
    expect(rooms.get('1')?.role).toBe('reader')
    expect(memberRooms(rooms, undefined, 2).rooms).toHaveLength(2)
  })

  const was = room('a')
  it.each([
    ['a room that is new', undefined, undefined, was, was],
    ['another role', was, was, room('a', 'owner'), room('a', 'owner')],
    ['that one is no member', was, was, undefined, undefined],
    ['nothing new', was, was, was, was],
    // While the room was asked, it has told something newer.
    ['less than it told since', undefined, was, undefined, was],
    ['that one was a member, who has left since', was, undefined, was, undefined],
    ['an older role than it told since', was, room('a', 'owner'), was, room('a', 'owner')],
  ])('[H1] are right when the room says %s', (_what, before, known, said, kept) => {
    const rooms = store()
    if (known) rooms.put(known)
    heardOfMembership(rooms, 'a', before, said)
    expect(rooms.get('a')).toEqual(kept)
  })
})

describe('what a member has chosen for a room', () => {
  const chosen = (
    rooms: ReturnType<typeof store>,
    ...change: Parameters<typeof chooseForRoom>[2][]
  ) => {
    for (const each of change) chooseForRoom(rooms, 'a', each)
    return rooms.get('a')?.choices ?? {}
  }

  it.each([
    ['mutes', [{ muted: true }], { muted: true }],
    ['mutes no more', [{ muted: true }, { muted: false }], {}],
    ['sets a level', [{ level: 'mentions' }], { level: 'mentions' }],
    ['takes the usual level', [{ level: 'none' }, { level: 'all' }], {}],
    ['keeps a draft as it is', [{ draft: ' a\n\u1112\u1161' }], { draft: ' a\n\u1112\u1161' }],
    ['forgets a draft', [{ draft: 'a' }, { draft: null }], {}],
    ['forgets an empty draft', [{ draft: 'a' }, { draft: '' }], {}],
    ['marks as unread', [{ unreadFrom: 7 }], { unreadFrom: 7 }],
    ['marks as read', [{ unreadFrom: 7 }, { unreadFrom: null }], {}],
    ['puts in order', [{ order: 0 }], { order: 0 }],
    ['takes out of the order', [{ order: -1.5 }, { order: null }], {}],
    [
      'leaves the others as they are',
      [{ muted: true, draft: 'a', order: 3 }, { level: 'none' }, { draft: 'b' }],
      { muted: true, level: 'none', draft: 'b', order: 3 },
    ],
  ] as const)('%s', (_what, changes, choices) => {
    const rooms = store()
    rooms.put(room('a'))
    expect(chosen(rooms, ...changes)).toEqual(choices)
  })

  it('stays when the room tells something new, and goes with the room', () => {
    const rooms = store()
    rooms.put(room('a'))
    chooseForRoom(rooms, 'a', { muted: true })
    keepRoom(rooms, room('a', 'owner'))
    expect(rooms.get('a')).toEqual({ ...room('a', 'owner'), choices: { muted: true } })
    rooms.remove('a')
    keepRoom(rooms, room('a'))
    expect(rooms.get('a')).toEqual(room('a'))
  })

  it('is refused for a room of which one is no member', () => {
    expect(chooseForRoom(store(), 'a', { muted: true })).toEqual({ refused: 'room-unknown' })
    expect(chooseForRoom(undefined, 'a', { muted: true })).toEqual({ refused: 'room-unknown' })
  })

  it('[R5] has so many drafts at most, and those that are there still change', () => {
    const rooms = store()
    for (let n = 0; n <= MAX_DRAFTS; n++) rooms.put(room(`${n}`))
    const draft = (n: number, text: string | null) => chooseForRoom(rooms, `${n}`, { draft: text })
    for (let n = 0; n < MAX_DRAFTS; n++) expect(draft(n, 'a')).toHaveProperty('value')
    expect(draft(MAX_DRAFTS, 'a')).toEqual({ refused: 'too-many-drafts' })
    expect(rooms.get(`${MAX_DRAFTS}`)?.choices).toBeUndefined()
    expect(draft(0, 'b')).toHaveProperty('value')
    expect(draft(0, null)).toHaveProperty('value')
    expect(draft(MAX_DRAFTS, 'a')).toHaveProperty('value')
  })
})
