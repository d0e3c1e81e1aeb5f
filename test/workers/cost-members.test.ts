// What it costs to come, to go, and to have another role: the rows of the room, and that of the
// account, which keeps the list of somebody's rooms.

import { describe, expect, it, vi } from 'vitest'
import type { Principal } from '../../src/auth/principal.ts'
import { allRowsWritten, tablesOf } from '../support/all-rows-written.ts'
import { evict, granted, outcome, signedIn } from '../support/person-in-workerd.ts'
import { quiet } from '../support/quiet.ts'
import { madeRoom, principal } from '../support/room-in-workerd.ts'

quiet()

const OWNER = principal('owner')

type Stub = Awaited<ReturnType<typeof madeRoom>>['stub']

interface Case {
  readonly what: string
  readonly kind: 'public' | 'private'
  /** Whether somebody is a member before. */
  readonly isMember: boolean
  readonly work: (stub: Stub, who: Principal) => Promise<object>
  readonly rows: Readonly<Record<string, number>>
}

const invited = (stub: Stub, who: Principal) => stub.useInvitation(who, 'd')
const leaves = (stub: Stub, who: Principal) => stub.removeMember(who, who.id)
const kicked = (stub: Stub, who: Principal) => stub.removeMember(OWNER, who.id)
const promoted = (stub: Stub, who: Principal) => stub.setRole(OWNER, who.id, 'reader')
const banned = (stub: Stub, who: Principal) =>
  stub.moderate(OWNER, { type: 'ban', personId: who.id })

/** In `standings` is the member, and in `member_rooms` the room in the list of the account. */
const BOTH = { standings: 1, member_rooms: 1 }
/** The acts of moderators are in their log. */
const ACT = { ...BOTH, moderation: 1 }

const CASES: readonly Case[] = [
  {
    what: 'a join',
    ...{ kind: 'public', isMember: false, rows: BOTH },
    work: (stub, who) => stub.join(who),
  },
  {
    what: 'a join by an invitation',
    ...{ kind: 'public', isMember: false, rows: { ...BOTH, invitations: 1 } },
    work: invited,
  },
  // In a private room joins and leaves are events of the log.
  {
    what: 'a private join by an invitation',
    ...{ kind: 'private', isMember: false, rows: { ...BOTH, invitations: 1, events: 1 } },
    work: invited,
  },
  { what: 'a leave', ...{ kind: 'public', isMember: true, rows: BOTH }, work: leaves },
  {
    what: 'a private leave',
    ...{ kind: 'private', isMember: true, rows: { ...BOTH, events: 1 } },
    work: leaves,
  },
  { what: 'a removal', ...{ kind: 'public', isMember: true, rows: ACT }, work: kicked },
  {
    what: 'a private removal',
    ...{ kind: 'private', isMember: true, rows: { ...ACT, events: 1 } },
    work: kicked,
  },
  {
    what: 'another role',
    ...{ kind: 'public', isMember: true, rows: { ...ACT, events: 1 } },
    work: promoted,
  },
  {
    what: 'a ban',
    ...{ kind: 'private', isMember: true, rows: { ...ACT, events: 1 } },
    work: banned,
  },
]

describe.each([false, true])('[C1] [H1] a row is written once, evicted: %s', (evicted) => {
  it.each(CASES)('for $what', async ({ kind, isMember, work, rows }) => {
    const { id, account, stub: accountStub } = await signedIn()
    const { stub } = await madeRoom({ kind })
    const who = principal(id)
    await stub.invite(OWNER, { digest: 'd', expiresIn: 60, uses: 9 })
    if (isMember) granted(await stub.useInvitation(who, 'd'))
    const list = async () => (await account.rooms(undefined, 9)).rooms
    const before = await list()
    expect(before).toHaveLength(isMember ? 1 : 0)
    if (evicted) for (const each of [stub, accountStub]) await evict(each)
    const written = await allRowsWritten(async () => {
      expect(outcome(await work(stub, who))).toBe('granted')
      await vi.waitFor(async () => expect(await list()).not.toEqual(before))
    })
    expect(tablesOf(written)).toEqual(rows)
  })
})
