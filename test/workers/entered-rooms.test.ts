// Ending a sign-in costs what it ends: the account knows in which rooms each sign-in may have
// sockets.

import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import type { SessionGrant } from '../../src/account/views.ts'
import { RoomObject } from '../../src/objects/room/object.ts'
import { connected, listening, noted, renewBy, rowsIn } from '../support/in-rooms.ts'
import {
  ACCOUNT,
  alarmOf,
  bearerOf,
  evict,
  GUEST,
  granted,
  objects,
  outcome,
  person,
  signedIn,
  wait,
} from '../support/person-in-workerd.ts'
import { quiet } from '../support/quiet.ts'
import { madeRoom } from '../support/room-in-workerd.ts'
import { rowsOf } from '../support/rows-of-object.ts'

quiet()

/** An upgrade that asks the room alone, as one whose account was asked before. */
async function rejoin({ principal, sessionId, version }: SessionGrant, roomId: string) {
  const who = { principal, sessionId, version, visitId: 'late' }
  const admission = { ...who, protocol: 'v12.stomp', ticket: undefined }
  const answer = await objects.enterRoom(roomId, admission)
  return answer instanceof Response ? 'entered' : answer.refused
}

const namesOf = (rows: Record<string, unknown>[]) => rows.map(({ room_id }) => room_id)
const inRoom = (n: number) => `room${n}`

describe('[R5] the end of a sign-in', () => {
  it('that entered no room asks none and writes none, though others of its person are in 150', async () => {
    const heard = listening()
    const ann = await signedIn()
    const others: SessionGrant[] = []
    for (let n = 0; n < 5; n++) others.push(granted(await ann.account.signIn(ACCOUNT)))
    await noted(ann, ann.grant, 150)
    const rows = await rowsOf(ann.stub, async () => {
      for (const other of others) await ann.account.end(bearerOf(other))
    })
    console.info(`5 sign-ins ended, 150 rooms of another: ${heard.length} requests, rows:`, rows)
    expect(heard).toEqual([])
    // Its own row each.
    expect(rows.written).toBe(5)
    expect(await rowsIn(ann, 'entered_rooms')).toHaveLength(150)
  })

  it('that is in three rooms asks three and writes rows for three', async () => {
    const heard = listening()
    const ann = await signedIn()
    const other = granted(await ann.account.signIn(ACCOUNT))
    await noted(ann, ann.grant, 150)
    for (const n of [1, 2, 500]) {
      granted(await ann.account.enter(bearerOf(other), inRoom(n), 'e'))
    }
    const rows = await rowsOf(ann.stub, () => ann.account.end(bearerOf(other)))
    expect(heard).toHaveLength(3)
    // A session, three notes that go, three revocations that come and go, an alarm.
    expect(rows.written).toBeLessThanOrEqual(12)
    expect(await rowsIn(ann, 'entered_rooms')).toHaveLength(150)
    expect(await rowsIn(ann, 'revocations')).toEqual([])
  })

  it.each([
    ['all end', ({ account }: Awaited<ReturnType<typeof signedIn>>) => account.endAll(undefined)],
    ['roles change', ({ account }) => account.change({ roles: ['BOT'] })],
    ['the account is disabled', ({ account }) => account.change({ disabled: true })],
  ])('tells each room once, however many sign-ins are there, when %s', async (_when, end) => {
    const heard = listening()
    const ann = await signedIn()
    const other = granted(await ann.account.signIn(ACCOUNT))
    await noted(ann, ann.grant, 3)
    await noted(ann, other, 5)
    await end(ann)
    expect(heard).toHaveLength(5)
    expect(await rowsIn(ann, 'entered_rooms')).toEqual([])
  })
})

describe('the rooms of a sign-in', () => {
  it('[C1] cost a row when one is entered, and one when it is left', async () => {
    const ann = await signedIn()
    const bearer = bearerOf(ann.grant)
    const written = async (call: () => Promise<unknown>) => (await rowsOf(ann.stub, call)).written
    expect(await written(() => ann.account.enter(bearer, 'a', 'e'))).toBe(1)
    expect(await written(() => ann.account.leave(bearer.sessionId, 'a', 'e'))).toBe(1)
    expect(await written(() => ann.account.leave(bearer.sessionId, 'a', 'e'))).toBe(0)
  })

  it('are noted once each, and forgotten with the last visit that leaves', async () => {
    const ann = await signedIn()
    const bearer = bearerOf(ann.grant)
    const { sessionId } = bearer
    for (const [room, visit] of [
      ['a', '1'],
      ['b', '1'],
      ['a', '2'],
    ] as const) {
      granted(await ann.account.enter(bearer, room, visit))
      await evict(ann.stub)
    }
    expect(namesOf(await rowsIn(ann, 'entered_rooms'))).toEqual(['a', 'b'])
    await ann.account.leave(sessionId, 'a', '1')
    await evict(ann.stub)
    expect(namesOf(await rowsIn(ann, 'entered_rooms'))).toEqual(['a', 'b'])
    await ann.account.leave(sessionId, 'a', '2')
    await ann.account.leave(sessionId, 'b', 'another')
    expect(namesOf(await rowsIn(ann, 'entered_rooms'))).toEqual(['b'])
  })

  it('keep a visit that is on its way, whatever leaves in that moment', async () => {
    const heard = listening()
    const ann = await signedIn()
    const bearer = bearerOf(ann.grant)
    granted(await ann.account.enter(bearer, 'a', 'first'))
    granted(await ann.account.enter(bearer, 'a', 'second'))
    // The first leaves, twice, before the room has seen the second.
    await ann.account.leave(bearer.sessionId, 'a', 'first')
    await ann.account.leave(bearer.sessionId, 'a', 'first')
    await ann.account.end(bearer)
    expect(heard).toHaveLength(1)
  })

  it('stay noted where there were more visits than are kept', async () => {
    const ann = await signedIn()
    const bearer = bearerOf(ann.grant)
    const visits = Array.from({ length: 40 }, (_, n) => `e${n}`)
    for (const visit of visits) granted(await ann.account.enter(bearer, 'a', visit))
    for (const visit of visits) await ann.account.leave(bearer.sessionId, 'a', visit)
    expect(namesOf(await rowsIn(ann, 'entered_rooms'))).toEqual(['a'])
  })

  it('are forgotten with a sign-in of which no token holds any more', async () => {
    const ann = await signedIn()
    granted(await ann.account.enter(bearerOf(ann.grant), 'a', 'e'))
    wait(15 * 86_400_000)
    granted(await ann.account.signIn(ACCOUNT))
    expect(await rowsIn(ann, 'entered_rooms')).toEqual([])
  })

  it('of a trusted issuer are forgotten when its tokens have ended', async () => {
    const who = person(`shop:${Math.random()}`)
    const bearer = (sessionId: string) => ({
      ...{ sessionId, version: 0, federated: true },
      expiresAt: Math.floor(Date.now() / 1000) + 600,
    })
    granted(await who.account.enter(bearer('a'), 'room', 'e'))
    wait(23 * 3_600_000)
    granted(await who.account.enter(bearer('b'), 'room', 'e'))
    expect(await rowsIn(who, 'entered_rooms')).toHaveLength(2)
    wait(3 * 3_600_000)
    granted(await who.account.enter(bearer('c'), 'room', 'e'))
    expect(await rowsIn(who, 'entered_rooms')).toHaveLength(2)
  })
})

describe('[R5] a sign-in in as many rooms as it may be', () => {
  it('is refused one more, and keeps those that it has', async () => {
    vi.spyOn(RoomObject.prototype, 'has').mockResolvedValue(true)
    const ann = await signedIn()
    await noted(ann, ann.grant, 200)
    const enter = (room: string) => ann.account.enter(bearerOf(ann.grant), room, 'f')
    expect(outcome(await enter('one more'))).toBe('in-too-many-rooms')
    expect(outcome(await enter(inRoom(7)))).toBe('granted')
    const other = granted(await ann.account.signIn(ACCOUNT))
    expect(outcome(await ann.account.enter(bearerOf(other), 'one more', 'e'))).toBe('granted')
    expect(await rowsIn(ann, 'entered_rooms')).toHaveLength(201)
  })

  it('has those forgotten first where it has no sockets, and asks four rooms for it', async () => {
    const asked = vi.spyOn(RoomObject.prototype, 'has').mockResolvedValue(false)
    const ann = await signedIn()
    await noted(ann, ann.grant, 200)
    await evict(ann.stub)
    const enter = (room: string) => ann.account.enter(bearerOf(ann.grant), room, 'f')
    expect(outcome(await enter('one more'))).toBe('granted')
    expect(asked).toHaveBeenCalledTimes(4)
    expect(await rowsIn(ann, 'entered_rooms')).toHaveLength(197)
  })

  it('asks any of them, but none that it is just entering, and writes no row', async () => {
    const asked = vi.spyOn(RoomObject.prototype, 'has').mockResolvedValue(true)
    const ann = await signedIn()
    await noted(ann, ann.grant, 3)
    const entering = Array.from({ length: 197 }, (_, n) => `new${n}`)
    for (const room of entering) granted(await ann.account.enter(bearerOf(ann.grant), room, 'f'))
    const rows = await rowsOf(ann.stub, async () => {
      for (let n = 0; n < 5; n++) {
        const answer = await ann.account.enter(bearerOf(ann.grant), 'one more', 'f')
        expect(outcome(answer)).toBe('in-too-many-rooms')
      }
    })
    expect(asked).toHaveBeenCalledTimes(15)
    expect(rows.written).toBe(0)
  })

  it('[H1] comes in sooner or later, whichever of its rooms it has left', async () => {
    vi.spyOn(RoomObject.prototype, 'has').mockImplementation(async function (this: RoomObject) {
      const { ctx } = this as unknown as { ctx: DurableObjectState }
      return ctx.id.name !== inRoom(150)
    })
    const ann = await signedIn()
    await noted(ann, ann.grant, 200)
    const enter = () => ann.account.enter(bearerOf(ann.grant), 'one more', 'f')
    for (let tries = 1; outcome(await enter()) !== 'granted'; tries++) {
      expect(tries).toBeLessThan(1000)
      if (tries < 5) await evict(ann.stub)
    }
    expect(await rowsIn(ann, 'entered_rooms')).toHaveLength(200)
  })

  it('[A5] which ends while rooms are asked is not let in', async () => {
    const ann = await signedIn()
    vi.spyOn(RoomObject.prototype, 'has').mockImplementation(async () => {
      await person(ann.id).account.end(bearerOf(ann.grant))
      return false
    })
    listening()
    await noted(ann, ann.grant, 200)
    const answer = await ann.account.enter(bearerOf(ann.grant), 'one more', 'f')
    expect(outcome(answer)).toBe('session-ended')
    expect(await rowsIn(ann, 'entered_rooms')).toEqual([])
  })
})

describe.each([false, true])('[H1] sockets; the objects are evicted: %s', (evicted) => {
  const evictAll = async (who: { stub: DurableObjectStub<undefined> }, id: string) => {
    if (!evicted) return
    const room = env.ROOM.get(env.ROOM.idFromName(id))
    await evictDurableObject(room, { webSockets: 'hibernate' })
    await evict(who.stub)
  }

  it('that leave are forgotten by the account; the last one forgets the room', async () => {
    const ann = await signedIn()
    const { id } = await madeRoom()
    const [first, second] = [await connected(ann.grant, id), await connected(ann.grant, id)]
    await evictAll(ann, id)
    first.close()
    await vi.waitFor(async () => {
      const [row] = await rowsIn(ann, 'entered_rooms')
      expect(JSON.parse(String(row?.entries))).toHaveLength(1)
    })
    await evictAll(ann, id)
    second.close()
    await vi.waitFor(async () => expect(await rowsIn(ann, 'entered_rooms')).toEqual([]))
    const told = vi.spyOn(RoomObject.prototype, 'revoke')
    await ann.account.end(bearerOf(ann.grant))
    // Others of this file may still be telling rooms of theirs.
    const { id: personId } = ann.grant.principal
    expect(told.mock.calls.filter(([revocation]) => revocation.personId === personId)).toEqual([])
  })

  it('[A5] that go on by another sign-in end with that one', async () => {
    const ann = await signedIn()
    const other = granted(await ann.account.signIn(ACCOUNT))
    const { id } = await madeRoom()
    const renewed = await connected(ann.grant, id)
    await evictAll(ann, id)
    expect((await renewBy(renewed, other)).command).toBe('RECEIPT')
    const mixed = await connected(ann.grant, id, other)
    await evictAll(ann, id)
    await ann.account.end(bearerOf(other))
    expect((await renewed.closed).code).toBe(4510)
    expect((await mixed.closed).code).toBe(4510)
  })

  it('[A5] do not go on by a sign-in that has ended', async () => {
    const ann = await signedIn()
    const other = granted(await ann.account.signIn(ACCOUNT))
    const { id } = await madeRoom()
    const socket = await connected(ann.grant, id)
    await ann.account.end(bearerOf(other))
    await evictAll(ann, id)
    expect((await renewBy(socket, other)).headers.code).toBe('session-ended')
  })

  it('of a guest who became an account: those shown the new token stay, the others come back', async () => {
    const ann = await signedIn(GUEST)
    const { id } = await madeRoom()
    const [shown, other] = [await connected(ann.grant, id), await connected(ann.grant, id)]
    const grant = granted(await ann.account.becomeAccount(bearerOf(ann.grant), 'Ann', 'ann'))
    await evictAll(ann, id)
    expect((await renewBy(shown, grant)).command).toBe('RECEIPT')
    expect(((await alarmOf(ann.stub)) ?? 0) - Date.now()).toBeLessThanOrEqual(10_000)
    // Until then the guest's token is as good as any in the room, and not where the account is
    // asked.
    expect(outcome(await ann.account.check(bearerOf(ann.grant)))).toBe('roles-changed')
    wait(11_000)
    await runDurableObjectAlarm(ann.stub)
    vi.useRealTimers()
    expect((await other.next()).headers.code).toBe('roles-changed')
    expect((await other.closed).code).toBe(4401)
    shown.send('SEND\ndestination:/pub/send/message\nreceipt:r\n\nstill here\0')
    expect((await shown.next()).command).toBe('RECEIPT')
    // What the guest had is void in the room too.
    const late = await rejoin(ann.grant, id)
    expect(late).toBe('roles-changed')
  })
})

describe('a storage of the version before', () => {
  it('opens with its sessions, and what it noted counts for every sign-in until it is forgotten', async () => {
    const heard = listening()
    const ann = await signedIn()
    const other = granted(await ann.account.signIn(ACCOUNT))
    await runInDurableObject(ann.stub, (_object, { storage }) => {
      const { sql } = storage
      sql.exec('DROP TABLE entered_rooms')
      for (const table of ['logins', 'member_rooms', 'used_tickets'])
        sql.exec(`DROP TABLE ${table}`)
      for (const column of ['former_id', 'authority', 'former']) {
        sql.exec(`ALTER TABLE sessions DROP COLUMN ${column}`)
      }
      sql.exec('ALTER TABLE revocations DROP COLUMN due')
      sql.exec('UPDATE storage_version SET version = 1')
      sql.exec("INSERT INTO rooms (id, entered_at) VALUES ('old', ?)", Date.now())
    })
    await evict(ann.stub)
    const next = granted(await ann.account.refresh(ann.grant.refreshToken, undefined))
    expect(next.sessionId).toBe(ann.grant.sessionId)
    granted(await ann.account.enter(bearerOf(next), 'new', 'e'))
    await ann.account.end(bearerOf(other))
    expect(heard).toHaveLength(1)
    // Others may be there: it is forgotten once nobody can be entering it by the version before.
    expect(await rowsIn(ann, 'rooms')).toHaveLength(1)
    await ann.account.endAll(undefined)
    expect(heard).toHaveLength(3)
    expect(await rowsIn(ann, 'rooms')).toEqual([])
  })
})
