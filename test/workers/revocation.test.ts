import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { SessionGrant } from '../../src/account/views.ts'
import { connected, listening, noted, rowsIn } from '../support/in-rooms.ts'
import {
  ACCOUNT,
  alarmOf,
  bearerOf,
  DAY,
  evict,
  GUEST,
  granted,
  outcome,
  type Person,
  person,
  signedIn,
  tables,
  wait,
} from '../support/person-in-workerd.ts'
import { quiet } from '../support/quiet.ts'
import { madeRoom } from '../support/room-in-workerd.ts'

const lines = quiet()

const HOUR = 3_600_000

describe('[A5] revocation reaches live sockets', () => {
  const endings: [string, number, (who: Person & { grant: SessionGrant }) => Promise<unknown>][] = [
    ['session-ended', 4510, ({ account, grant }) => account.end(bearerOf(grant))],
    ['session-ended', 4510, ({ account, grant }) => account.endByToken(grant.refreshToken)],
    ['session-ended', 4510, ({ account }) => account.endAll(undefined)],
    ['session-ended', 4510, ({ account }) => account.endAll('another')],
    ['account-disabled', 4510, ({ account }) => account.change({ disabled: true })],
    ['roles-changed', 4401, ({ account }) => account.change({ roles: ['GENERAL', 'BOT'] })],
    [
      'refresh-reused',
      4510,
      async ({ account, grant }) => {
        const second = granted(await account.refresh(grant.refreshToken, undefined))
        granted(await account.refresh(second.refreshToken, undefined))
        await account.refresh(grant.refreshToken, undefined)
      },
    ],
  ]

  it.each(endings)('in every room: %s, close %d', async (code, close, end) => {
    const ann = await signedIn()
    const bob = await signedIn()
    const rooms = [await madeRoom(), await madeRoom()]
    const clients = await Promise.all(rooms.map(({ id }) => connected(ann.grant, id)))
    const bobs = await connected(bob.grant, rooms[0]?.id ?? '')
    await end(ann)
    for (const client of clients) {
      expect((await client.next()).headers.code).toBe(code)
      expect((await client.closed).code).toBe(close)
    }
    bobs.send('SEND\ndestination:/pub/send/message\nreceipt:r\n\nstill here\0')
    expect((await bobs.next()).command).toBe('RECEIPT')
    expect(await rowsIn(ann, 'revocations')).toEqual([])
  })

  it('but not those of a session that goes on', async () => {
    const ann = await signedIn()
    const other = granted(await ann.account.signIn(ACCOUNT))
    const { id } = await madeRoom()
    const [ended, goesOn] = [await connected(ann.grant, id), await connected(other, id)]
    await ann.account.endAll(other.sessionId)
    expect((await ended.closed).code).toBe(4510)
    goesOn.send('SEND\ndestination:/pub/send/message\nreceipt:r\n\nstill here\0')
    expect((await goesOn.next()).command).toBe('RECEIPT')
    expect(outcome(await ann.account.check(bearerOf(other)))).toBe('granted')
  })
})

describe('whoever was ended', () => {
  it.each([
    ['all sessions', ({ account }: Person) => account.endAll(undefined)],
    [
      'the account, for a while',
      async ({ account }: Person) => {
        await account.change({ disabled: true })
        await account.change({ disabled: false })
      },
    ],
  ])('%s: comes back to the same room by a new sign-in', async (_what, end) => {
    const ann = await signedIn()
    const { id } = await madeRoom()
    const socket = await connected(ann.grant, id)
    await end(ann)
    expect((await socket.closed).code).toBe(4510)
    const again = granted(await ann.account.signIn(ACCOUNT))
    expect(again.version).toBe(2)
    await connected(again, id)
  })
})

describe('what rooms are told', () => {
  it('is one revocation each, until the last token that it concerns has ended', async () => {
    const heard = listening()
    const { account, grant, id, stub } = await signedIn()
    for (const room of ['a', 'b', 'a']) granted(await account.enter(bearerOf(grant), room, 'e'))
    const now = Date.now() / 1000
    await account.end(bearerOf(grant))
    expect(heard).toHaveLength(2)
    expect(await alarmOf(stub)).toBeNull()
    const { until = 0, ...revocation } = heard[0] ?? {}
    expect(revocation).toEqual({
      ...{ personId: id, sessionId: grant.sessionId, below: null, code: 'session-ended' },
    })
    expect(until - now).toBeGreaterThanOrEqual(900)
    expect(until - now).toBeLessThan(970)
  })

  it.each([
    ['all sessions end', 'session-ended'],
    ['the account is disabled', 'account-disabled'],
    ['the roles change', 'roles-changed'],
  ])('is the version below which tokens are void, when %s', async (_when, code) => {
    const heard = listening()
    const { account, grant, id } = await signedIn()
    granted(await account.enter(bearerOf(grant), 'room', 'e'))
    if (code === 'session-ended') await account.endAll(undefined)
    else await account.change(code === 'account-disabled' ? { disabled: true } : { roles: [] })
    expect(heard).toMatchObject([{ personId: id, sessionId: null, below: 2, code }])
  })

  it('is nothing where nobody entered a room', async () => {
    const heard = listening()
    const { account, grant, stub } = await signedIn()
    await account.end(bearerOf(grant))
    expect(heard).toEqual([])
    expect(await alarmOf(stub)).toBeNull()
  })

  it('comes from the call itself: whoever is answered is out everywhere', async () => {
    let [told, waiting] = [0, 0]
    listening(async () => {
      waiting++
      await new Promise((resolve) => setTimeout(resolve, 50))
      // All at once, and not one after the other.
      expect(waiting).toBe(3)
      told++
      return false
    })
    const { account, grant } = await signedIn()
    for (const room of ['a', 'b', 'c']) granted(await account.enter(bearerOf(grant), room, 'e'))
    await account.end(bearerOf(grant))
    expect(told).toBe(3)
  })
})

describe('many rooms', () => {
  it('all hear, once each: the first at once, the others by the alarm', async () => {
    const heard = listening()
    const ann = await signedIn()
    await noted(ann, ann.grant, 101)
    await ann.account.end(bearerOf(ann.grant))
    // No more than the 50 subrequests of the Free plan in one invocation.
    expect(heard.length).toBeGreaterThanOrEqual(40)
    expect(heard.length).toBeLessThan(50)
    await vi.waitFor(async () => expect(await rowsIn(ann, 'revocations')).toEqual([]), 10_000)
    expect(heard).toHaveLength(101)
    expect(await rowsIn(ann, 'entered_rooms')).toEqual([])
    expect(await alarmOf(ann.stub)).toBeNull()
  }, 30_000)

  it('[H1] all hear, though the account is evicted in between', async () => {
    const heard = listening()
    const ann = await signedIn()
    await noted(ann, ann.grant, 90)
    await ann.account.end(bearerOf(ann.grant))
    await evict(ann.stub)
    await vi.waitFor(async () => expect(await rowsIn(ann, 'revocations')).toEqual([]), 10_000)
    expect(heard).toHaveLength(90)
  }, 30_000)
})

describe('a room that does not hear', () => {
  beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => {}))

  it('does not keep the others from hearing, and is told again by the alarm', async () => {
    let deaf = true
    const heard = listening(async ({ sessionId }) => {
      if (deaf && sessionId !== null) throw new Error('deaf')
      return false
    })
    const ann = await signedIn()
    granted(await ann.account.enter(bearerOf(ann.grant), 'a', 'e'))
    await ann.account.end(bearerOf(ann.grant))
    expect(heard).toHaveLength(1)
    expect(await rowsIn(ann, 'revocations')).toMatchObject([{ room_id: 'a', attempts: 1 }])
    // Others are not held up by it.
    const other = granted(await ann.account.signIn(ACCOUNT))
    const { sessionId } = other
    granted(await ann.account.enter(bearerOf(other), 'a', 'f'))
    await ann.account.end(bearerOf(other))
    expect(heard.map((each) => each.sessionId)).toEqual([ann.grant.sessionId, sessionId])
    await evict(ann.stub)
    deaf = false
    wait(21_000)
    expect(await runDurableObjectAlarm(ann.stub)).toBe(true)
    expect(heard).toHaveLength(4)
    expect(await rowsIn(ann, 'revocations')).toEqual([])
    expect(await alarmOf(ann.stub)).toBeNull()
  })

  it('is told less and less often, and at last not any more', async () => {
    listening(async () => {
      throw new Error('deaf')
    })
    const ann = await signedIn()
    granted(await ann.account.enter(bearerOf(ann.grant), 'a', 'e'))
    await ann.account.end(bearerOf(ann.grant))
    const waits: number[] = []
    for (let n = 0; n < 7; n++) {
      const due = ((await alarmOf(ann.stub)) ?? 0) - Date.now()
      waits.push(Math.round(due / 10_000))
      wait(due)
      await runDurableObjectAlarm(ann.stub)
    }
    expect(waits).toEqual([2, 4, 8, 16, 30, 30, 30])
    await runInDurableObject(ann.stub, (_object, { storage }) => {
      storage.sql.exec('UPDATE revocations SET attempts = 300, due = 0')
    })
    await runDurableObjectAlarm(ann.stub)
    expect(await rowsIn(ann, 'revocations')).toEqual([])
  })

  it('and never answers is left after five seconds', async () => {
    listening(() => new Promise(() => {}))
    const ann = await signedIn()
    granted(await ann.account.enter(bearerOf(ann.grant), 'a', 'e'))
    expect(await ann.account.end(bearerOf(ann.grant))).toBe(true)
    expect(await rowsIn(ann, 'revocations')).toMatchObject([{ attempts: 1 }])
  }, 10_000)

  it('because the account crashed half-way, hears from the alarm', async () => {
    const heard = listening(() => new Promise((resolve) => setTimeout(resolve, 1000, false)))
    const ann = await signedIn()
    granted(await ann.account.enter(bearerOf(ann.grant), 'a', 'e'))
    const ending = ann.account.end(bearerOf(ann.grant)).catch(() => 'crashed')
    await vi.waitFor(() => expect(heard).toHaveLength(1))
    await runInDurableObject(ann.stub, (_object, state) => state.abort()).catch(() => {})
    expect(await ending).toBe('crashed')
    const again = person(ann.id)
    expect(outcome(await again.account.check(bearerOf(ann.grant)))).toBe('session-ended')
    expect(await runDurableObjectAlarm(again.stub)).toBe(true)
    expect(heard).toHaveLength(2)
    expect(heard[1]).toEqual(heard[0])
    expect(await rowsIn(again, 'revocations')).toEqual([])
  })
})

describe('an administrator', () => {
  it('who disables an account ends its sessions and refuses its tokens and sign-ins', async () => {
    const ann = await signedIn()
    expect(granted(await ann.account.change({ disabled: true })).disabled).toBe(true)
    await evict(ann.stub)
    const { account, grant } = ann
    expect(outcome(await account.check(bearerOf(grant)))).toBe('account-disabled')
    expect(outcome(await account.enter(bearerOf(grant), 'a', 'e'))).toBe('account-disabled')
    expect(outcome(await account.refresh(grant.refreshToken, undefined))).toBe('account-disabled')
    expect(outcome(await account.refresh(undefined, bearerOf(grant)))).toBe('account-disabled')
    expect(outcome(await account.signIn(ACCOUNT))).toBe('account-disabled')
    expect(await account.sessions()).toEqual([])
  })

  it('who enables it again lets it sign in; what was ended stays so', async () => {
    const { account, grant } = await signedIn()
    await account.change({ disabled: true })
    expect(granted(await account.change({ disabled: false })).disabled).toBe(false)
    expect(outcome(await account.check(bearerOf(grant)))).toBe('session-ended')
    expect(outcome(await account.refresh(grant.refreshToken, undefined))).toBe('refresh-invalid')
    expect(outcome(await account.signIn(ACCOUNT))).toBe('granted')
  })

  it('who changes roles makes older tokens void, and the next has the new ones', async () => {
    const { account, grant } = await signedIn()
    expect(granted(await account.change({ roles: ['BOT'] })).roles).toEqual(['BOT'])
    expect(outcome(await account.check(bearerOf(grant)))).toBe('roles-changed')
    const next = granted(await account.refresh(grant.refreshToken, undefined))
    expect(next.principal.roles).toEqual(['BOT'])
    expect(outcome(await account.check(bearerOf(next)))).toBe('granted')
    expect(outcome(await account.check(bearerOf(grant)))).toBe('roles-changed')
    expect(next.sessionId).not.toBe(grant.sessionId)
  })

  it('who changes nothing ends nothing', async () => {
    const heard = listening()
    const { account, grant } = await signedIn()
    granted(await account.enter(bearerOf(grant), 'a', 'e'))
    await account.change({ disabled: false, roles: ['GENERAL'] })
    expect(outcome(await account.check(bearerOf(grant)))).toBe('granted')
    expect(heard).toEqual([])
  })
})

describe('a trusted issuer’s person', () => {
  const bearer = (sessionId: string, seconds = 600) => ({
    ...{ sessionId, version: 0, federated: true },
    expiresAt: Math.floor(Date.now() / 1000) + seconds,
  })
  let number = 0
  const shopper = () => person(`shop:${++number}`)

  it('has tokens that hold until they are ended, one session at a time', async () => {
    const { account } = shopper()
    expect(await account.end(bearer('a'))).toBe(true)
    expect(await account.end(bearer('a'))).toBe(false)
    expect(outcome(await account.check(bearer('a')))).toBe('session-ended')
    expect(outcome(await account.enter(bearer('a'), 'room', 'e'))).toBe('session-ended')
    expect(outcome(await account.check(bearer('b')))).toBe('granted')
    expect(await account.sessions()).toEqual([])
  })

  it('keeps what was ended until those tokens have, and not longer', async () => {
    const who = shopper()
    const { account } = who
    await account.end(bearer('a', 60))
    expect(await account.end(bearer('late', -1))).toBe(false)
    wait(50_000)
    expect(outcome(await account.check(bearer('a')))).toBe('session-ended')
    wait(20_000)
    expect(outcome(await account.check(bearer('a')))).toBe('granted')
    await account.end(bearer('b', 60))
    const ended = await runInDurableObject(who.stub, (_object, { storage }) =>
      storage.sql.exec('SELECT id FROM ended_sessions').toArray(),
    )
    expect(ended).toEqual([{ id: 'b' }])
  })

  it('is known by the longest id that there is', async () => {
    const id = `shop:${'가'.repeat(255)}`
    const { account } = person(id)
    expect(granted(await account.show())).toMatchObject({ id })
    expect(await account.end(bearer('a'))).toBe(true)
  })

  it('is stored as every version reads it (H1)', async () => {
    const who = shopper()
    granted(await who.account.change({ disabled: true }))
    await evict(who.stub)
    expect(outcome(await who.account.check(bearer('a')))).toBe('account-disabled')
    expect(outcome(await who.account.change({ roles: ['ADMIN'] }))).toBe('not-allowed')
    const stored = await runInDurableObject(who.stub, (_object, { storage }) =>
      storage.sql.exec('SELECT kind FROM account').toArray(),
    )
    expect(stored).toEqual([{ kind: 'foreign' }])
  })

  it('[A5] has sockets that end with the session', async () => {
    const heard = listening()
    const { account, id } = shopper()
    granted(await account.enter(bearer('a'), 'room', 'e'))
    const shown = bearer('a')
    await account.end(shown)
    expect(heard).toEqual([
      {
        ...{ personId: id, sessionId: 'a', below: null, code: 'session-ended' },
        until: shown.expiresAt,
      },
    ])
  })

  it('keeps nothing but the rooms', async () => {
    const { account, stub } = shopper()
    expect(outcome(await account.check(bearer('a')))).toBe('granted')
    expect(await tables(stub)).toEqual([])
    granted(await account.enter(bearer('a'), 'room', 'e'))
    expect(await rowsIn({ stub }, 'entered_rooms')).toHaveLength(1)
    expect(await alarmOf(stub)).toBeNull()
  })

  it('can be disabled and enabled, but has the roles that the issuer says', async () => {
    const heard = listening()
    const { account, id, stub } = shopper()
    granted(await account.enter(bearer('a'), 'room', 'e'))
    expect(granted(await account.show())).toMatchObject({ id, disabled: false })
    expect(outcome(await account.change({ roles: ['ADMIN'] }))).toBe('not-allowed')
    expect(granted(await account.change({ disabled: true })).disabled).toBe(true)
    await evict(stub)
    expect(outcome(await account.check(bearer('a')))).toBe('account-disabled')
    expect(outcome(await account.enter(bearer('b'), 'room', 'e'))).toBe('account-disabled')
    expect(heard).toMatchObject([{ sessionId: null, below: null, code: 'account-disabled' }])
    expect((heard[0]?.until ?? 0) - Date.now() / 1000).toBeLessThan(62)
    granted(await account.change({ disabled: false }))
    expect(outcome(await account.check(bearer('a')))).toBe('granted')
  })

  it('who was never disabled keeps nothing when enabled', async () => {
    const { account, stub } = shopper()
    granted(await account.change({ disabled: false }))
    expect(await tables(stub)).toEqual([])
  })
})

describe('a guest', () => {
  it('is forgotten wholly when no token holds any more', async () => {
    const { account, grant, stub } = await signedIn(GUEST)
    const due = (await alarmOf(stub)) ?? 0
    expect(Math.abs(due - Date.now() - 14 * DAY - 900_000 - HOUR)).toBeLessThan(5000)
    wait(14 * DAY + 899_000)
    await runDurableObjectAlarm(stub)
    expect(outcome(await account.check(bearerOf(grant)))).toBe('granted')
    expect(await alarmOf(stub)).not.toBeNull()
    wait(5000)
    await runDurableObjectAlarm(stub)
    expect(await tables(stub)).toEqual([])
    expect(await alarmOf(stub)).toBeNull()
    expect(outcome(await account.check(bearerOf(grant)))).toBe('session-ended')
  })

  it('who comes back is kept for longer, without an alarm set each time', async () => {
    const { account, grant, stub } = await signedIn(GUEST)
    const due = await alarmOf(stub)
    wait(10 * DAY)
    granted(await account.refresh(grant.refreshToken, undefined))
    expect(await alarmOf(stub)).toBe(due)
    wait(5 * DAY)
    await runDurableObjectAlarm(stub)
    expect(await account.sessions()).toHaveLength(1)
    expect(Math.abs(((await alarmOf(stub)) ?? 0) - Date.now() - 9 * DAY)).toBeLessThan(DAY)
  })

  it('who has registered is never forgotten', async () => {
    const { account, grant, stub } = await signedIn(GUEST)
    granted(await account.becomeAccount(bearerOf(grant), undefined))
    wait(30 * DAY)
    await runDurableObjectAlarm(stub)
    expect(granted(await account.show()).kind).toBe('account')
    expect(await alarmOf(stub)).toBeNull()
  })

  it('[A5] who is out is not forgotten before every room has heard', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    let deaf = true
    const heard = listening(async () => {
      if (deaf) throw new Error('deaf')
      return false
    })
    const { account, grant, stub } = await signedIn(GUEST)
    granted(await account.enter(bearerOf(grant), 'a', 'e'))
    await account.end(bearerOf(grant))
    wait(20 * DAY)
    await runDurableObjectAlarm(stub)
    expect(heard).toHaveLength(2)
    expect(await tables(stub)).not.toEqual([])
    deaf = false
    wait(HOUR)
    await runDurableObjectAlarm(stub)
    expect(heard).toHaveLength(3)
    expect(await tables(stub)).toEqual([])
  })
})

describe('what is written down', () => {
  it('is what ended, and why', async () => {
    listening()
    const { account, grant, id: user } = await signedIn()
    await account.change({ roles: ['BOT'] })
    await account.endByToken(grant.refreshToken)
    await account.endAll(undefined)
    await account.change({ disabled: true })
    expect(lines().filter(({ event }) => event === 'revoked')).toEqual([
      { event: 'revoked', user, session: null, code: 'roles-changed' },
      { event: 'revoked', user, session: grant.sessionId, code: 'session-ended' },
      { event: 'revoked', user, session: null, code: 'session-ended' },
      { event: 'revoked', user, session: null, code: 'account-disabled' },
    ])
  })
})
