// What an account remembers of its storage: an entry reads nothing twice, and whatever is written,
// it is what a fresh look says (H1).

import { runInDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import type { AccountStore } from '../../src/account/ports.ts'
import type { MemberRoom } from '../../src/account/views.ts'
import { accountStorage } from '../../src/objects/account/sql-account.ts'
import { bearerOf, evict, GUEST, granted, person, signedIn } from '../support/person-in-workerd.ts'
import { quiet } from '../support/quiet.ts'
import { type Random, randomFrom } from '../support/random.ts'
import { madeRoom } from '../support/room-in-workerd.ts'
import { rowsOf } from '../support/rows-of-object.ts'

quiet()

const IDS = ['a', 'b', 'c']

/** Somebody with a sign-in, who has been in a room and comes back to it. */
async function returning() {
  const { grant, account, stub } = await signedIn(GUEST)
  const { id } = await madeRoom()
  const { principal, sessionId } = grant
  const visit = (visitId: string) => account.prepareVisit(principal, bearerOf(grant), id, visitId)
  const leave = (visitId: string) => account.leave(sessionId, id, visitId)
  granted(granted(await visit('first')))
  await leave('first')
  return { stub, visit, leave }
}

describe('[R5] a visit of somebody who comes back', () => {
  it('writes one row, and reads none that is known', async () => {
    const { stub, visit } = await returning()
    expect(await rowsOf(stub, () => visit('second'))).toEqual({ read: 0, written: 1 })
  })

  it('[H1] writes one row, and reads each once, after an eviction', async () => {
    const { stub, visit } = await returning()
    await evict(stub)
    const { read, written } = await rowsOf(stub, () => visit('second'))
    console.info(`rows read by a visit of an account that has just woken: ${read}`)
    expect(written).toBe(1)
    expect(read).toBeLessThan(16)
  })
})

/** One change of what an account keeps. */
type Change = (stored: AccountStore, random: Random, step: number) => void

const roomOf = (id: string, step: number): MemberRoom => ({
  ...{ id, name: `room ${step}`, kind: 'public', role: 'writer', joinedAt: step },
})

const pair = ({ pick }: Random) => [pick(IDS), pick(IDS)] as const

const CHANGES: Record<string, Change> = {
  enters: ({ rooms }, random, step) =>
    rooms.save(...pair(random), {
      ...{ visits: [`${step}`], seenAt: step, until: random.oneIn(2) ? step + 5 : null },
    }),
  leaves: ({ rooms }, random, step) => rooms.saveVisits(...pair(random), [`${step}`]),
  'has left': ({ rooms }, random) => rooms.remove(...pair(random)),
  'is over': ({ rooms }, random, step) => rooms.removeOver(step - random.below(9)),
  'is not there': ({ rooms }, random, step) => {
    const sessionId = random.pick(IDS)
    for (const seen of rooms.someSeenBefore(sessionId, step, 1)) rooms.removeSeen(sessionId, seen)
  },
  'ends all': ({ rooms }, random) => rooms.forget(random.oneIn(4) ? null : random.pick(IDS)),
  joins: ({ memberRooms }, random, step) => memberRooms.put(roomOf(random.pick(IDS), step)),
  'is removed': ({ memberRooms }, random) => memberRooms.remove(random.pick(IDS)),
  renews: (stored, random, step) =>
    stored.saveSignIn({
      ...{ id: random.pick(IDS), device: '', signedInAt: 1, lastUsedAt: step, familyKey: 'k' },
      ...{ previous: null, current: [], refreshExpiresAt: step, former: [], authority: null },
    }),
  'signs out': (stored, random) => stored.removeSignIn(random.pick(IDS)),
  'is disabled': (stored, random, step) =>
    stored.saveAccount({
      ...{ id: 'ann', name: 'Ann', kind: 'account', username: 'ann', roles: ['GENERAL'] },
      ...{ disabled: random.oneIn(2), version: step, createdAt: 1 },
    }),
}

/** Everything that is remembered. */
const look = (stored: AccountStore) => ({
  account: stored.account(),
  signIns: IDS.map((id) => stored.findSignIn(id)),
  counts: IDS.map((id) => stored.rooms.count(id)),
  visits: IDS.flatMap((session) => IDS.map((room) => stored.rooms.visits(session, room))),
  memberRooms: IDS.map((id) => stored.memberRooms.get(id)),
  memberships: stored.memberRooms.count(),
})

describe('[H1] what an account remembers', () => {
  it.each([1, 2, 3, 4])(
    'is what stands in its storage, after any changes; seed %i',
    async (seed) => {
      await runInDurableObject(person().stub, (_object, { storage }) => {
        const random = randomFrom(seed)
        const afresh = () => accountStorage(storage).make()
        const stored = afresh()
        for (let step = 1; step <= 300; step++) {
          const name = random.pick(Object.keys(CHANGES))
          CHANGES[name]?.(stored, random, step)
          // Sometimes nothing is remembered yet of what changes.
          if (random.oneIn(3)) expect(look(stored), name).toEqual(look(afresh()))
        }
      })
    },
  )
})
