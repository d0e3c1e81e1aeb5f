import { describe, expect, it } from 'vitest'
import { heardOfMembership, keepRoom, memberRooms } from '../../../src/account/member-rooms.ts'
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
