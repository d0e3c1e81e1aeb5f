// Two who act at the same moment: what comes of it is what comes of one after the other, whichever
// is first. Nothing is half done, and a refusal has its code.

import { describe, expect, it } from 'vitest'
import { evict, granted, outcome } from '../support/person-in-workerd.ts'
import { quiet } from '../support/quiet.ts'
import { madeRoom, principal } from '../support/room-in-workerd.ts'

quiet()

type Stub = Awaited<ReturnType<typeof madeRoom>>['stub']
type Act = readonly [what: string, act: (stub: Stub) => Promise<object>]

const [OWNER, MOD, ANN, BOB] = [
  ...[principal('owner'), principal('mod')],
  ...[principal('ann'), principal('bob')],
] as const
const ROOT = { ...principal('root'), roles: ['GENERAL', 'ADMIN'] }
const HOUR = 3_600_000

/** Of the owner, who has two devices, and of those who may become it. */
const OWNERS: readonly Act[] = [
  ['the owner hands the room over to ann', (stub) => stub.setRole(OWNER, 'ann', 'owner')],
  ['an administrator hands it over to bob', (stub) => stub.setRole(ROOT, 'bob', 'owner')],
  ['the owner deletes it', (stub) => stub.delete(OWNER)],
  ['ann deletes it', (stub) => stub.delete(ANN)],
  ['the owner demotes ann', (stub) => stub.setRole(OWNER, 'ann', 'reader')],
  ['ann demotes the owner', (stub) => stub.setRole(ANN, 'owner', 'reader')],
  ['the owner leaves', (stub) => stub.removeMember(OWNER, 'owner')],
  ['ann leaves', (stub) => stub.removeMember(ANN, 'ann')],
]

/** When a mute ends: the same in every room. */
const until = Date.now() + HOUR

/** Of moderators, and of whom they act on. */
const MODERATORS: readonly Act[] = [
  ['bob leaves', (stub) => stub.removeMember(BOB, 'bob')],
  ['bob joins', (stub) => stub.join(BOB)],
  ['a moderator removes bob', (stub) => stub.removeMember(MOD, 'bob', 'spam')],
  ['ann bans bob', (stub) => stub.moderate(ANN, { type: 'ban', personId: 'bob' })],
  ['a moderator lifts the ban', (stub) => stub.moderate(MOD, { type: 'unban', personId: 'bob' })],
  ['ann mutes bob', (stub) => stub.moderate(ANN, { type: 'mute', personId: 'bob', until })],
  ['the owner demotes ann', (stub) => stub.setRole(OWNER, 'ann', 'writer')],
  ['the moderator bans ann', (stub) => stub.moderate(MOD, { type: 'ban', personId: 'ann' })],
]

/** A room with its owner, two moderators and a writer. */
async function newRoom(): Promise<Stub> {
  const { stub } = await madeRoom()
  for (const who of [MOD, ANN, BOB]) granted(await stub.join(who))
  for (const id of ['mod', 'ann']) granted(await stub.setRole(OWNER, id, 'moderator'))
  return stub
}

/** All that the room tells of itself, without ids and times. */
async function stateOf(stub: Stub): Promise<string> {
  const all = {
    room: await stub.show(ROOT),
    members: await stub.members(ROOT, { limit: 99 }),
    events: await stub.events(ROOT, {}),
    log: await stub.moderation(ROOT, { list: 'log', limit: 99 }),
    bans: await stub.moderation(ROOT, { list: 'bans', limit: 99 }),
  }
  return JSON.stringify(all).replace(/"\d{4}-\d\d-\d\dT[\d:.]+Z"|\b\d{13}\b|room\d{16}/g, '0')
}

/** The owner as the room shows it, and those whose role that is; nothing where there is no room. */
function ownersIn(state: string): readonly [shown: string, ids: readonly string[]] | undefined {
  const { room, members } = JSON.parse(state)
  if ('refused' in room) return undefined
  const owners = members.value.members.filter(({ role }: { role: string }) => role === 'owner')
  return [room.value.owner.id, owners.map(({ id }: { id: string }) => id)]
}

interface Ended {
  readonly answers: readonly string[]
  readonly state: string
}

const codeOf = (answer: object): string => outcome(answer) as string

async function together(one: Act, other: Act): Promise<Ended> {
  const stub = await newRoom()
  const answers = (await Promise.all([one[1](stub), other[1](stub)])).map(codeOf)
  const state = await stateOf(stub)
  await evict(stub)
  // H1: memory has kept nothing that storage does not have.
  expect(await stateOf(stub)).toBe(state)
  return { answers, state }
}

async function inOrder(one: Act, other: Act): Promise<Ended> {
  const stub = await newRoom()
  const answers = [codeOf(await one[1](stub)), codeOf(await other[1](stub))]
  return { answers, state: await stateOf(stub) }
}

const reversed = ({ answers, state }: Ended): Ended => ({ answers: answers.toReversed(), state })

describe.each([
  ['who owns a room, or would', OWNERS],
  ['who keeps order, and who leaves', MODERATORS],
])('[M1] [H1] two at once, %s:', (_who, acts) => {
  const pairs = acts.flatMap((one, index) =>
    acts
      .slice(index + 1)
      .map((other): [string, string, Act, Act] => [one[0], other[0], one, other]),
  )

  it.each(pairs)('%s, and %s', async (_one, _other, one, other) => {
    const both = await together(one, other)
    const serial = [await inOrder(one, other), reversed(await inOrder(other, one))]
    expect(serial).toContainEqual(both)
    const [shown, owners] = ownersIn(both.state) ?? ['', ['']]
    expect(owners).toEqual([shown])
  })
})
