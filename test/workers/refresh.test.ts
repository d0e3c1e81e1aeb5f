import { runInDurableObject } from 'cloudflare:test'
import { describe, expect, it, vi } from 'vitest'
import type { SessionGrant } from '../../src/account/views.ts'
import {
  ACCOUNT,
  bearerOf,
  DAY,
  evict,
  GUEST,
  granted,
  outcome,
  type Person,
  person,
  signedIn,
  wait,
} from '../support/person-in-workerd.ts'
import { quiet } from '../support/quiet.ts'
import { rowsOf } from '../support/rows-of-object.ts'

const lines = quiet()

const renew = async ({ account }: Pick<Person, 'account'>, { refreshToken }: SessionGrant) =>
  granted(await account.refresh(refreshToken, undefined))

const show = async ({ account }: Pick<Person, 'account'>, { refreshToken }: SessionGrant) =>
  outcome(await account.refresh(refreshToken, undefined))

/** The token with its last character another. */
const garbled = ({ refreshToken }: SessionGrant) =>
  refreshToken.slice(0, -1) + (refreshToken.endsWith('A') ? 'E' : 'A')

describe('a refresh', () => {
  it('gives another token of the same session and sign-in', async () => {
    const ann = await signedIn()
    wait(DAY)
    const next = await renew(ann, ann.grant)
    const { refreshToken, ...same } = ann.grant
    expect(next).toMatchObject(same)
    expect(next.refreshToken).not.toBe(refreshToken)
  })

  it('may be asked for again when the answer was lost, also after an eviction', async () => {
    const ann = await signedIn()
    await renew(ann, ann.grant)
    await evict(ann.stub)
    await renew(ann, ann.grant)
    await evict(ann.stub)
    const heard = await renew(ann, ann.grant)
    await evict(ann.stub)
    expect(await show(ann, heard)).toBe('granted')
  })

  it('of twenty at the same time gives each the same successor, is audited, and ends nothing', async () => {
    const ann = await signedIn()
    const all = await Promise.all(Array.from({ length: 20 }, () => renew(ann, ann.grant)))
    expect(new Set(all.map(({ refreshToken }) => refreshToken)).size).toBe(1)
    expect(await show(ann, all.at(-1) as SessionGrant)).toBe('granted')
    const events = lines().map(({ event }) => event)
    expect(events.filter((event) => event === 'refreshed')).toHaveLength(2)
    expect(events.filter((event) => event === 'refresh-repeated')).toHaveLength(19)
  })

  it('has the roles and the version of now', async () => {
    const ann = await signedIn()
    granted(await ann.account.change({ roles: ['GENERAL', 'BOT'] }))
    const next = await renew(ann, ann.grant)
    expect(next).toMatchObject({ version: 2, principal: { roles: ['GENERAL', 'BOT'] } })
    expect(outcome(await ann.account.check(bearerOf(next)))).toBe('granted')
  })

  it('leaves no token in the storage', async () => {
    const ann = await signedIn()
    const next = await renew(ann, ann.grant)
    const kept = await runInDurableObject(ann.stub, (_object, { storage }) =>
      JSON.stringify(storage.sql.exec('SELECT * FROM sessions').toArray()),
    )
    expect(kept).toContain(ann.grant.sessionId)
    for (const { refreshToken } of [ann.grant, next]) {
      for (const part of refreshToken.split('.').slice(2)) expect(kept).not.toContain(part)
    }
  })

  it('of a token that has expired is refused', async () => {
    const ann = await signedIn()
    wait(14 * DAY)
    expect(await show(ann, ann.grant)).toBe('refresh-expired')
  })
})

describe('a token used before, within 60 s', () => {
  it('[H1] gives the same successor, over evictions; after them it is a theft', async () => {
    const ann = await signedIn()
    wait(0)
    const next = await renew(ann, ann.grant)
    await evict(ann.stub)
    wait(59_000)
    const again = await renew(ann, ann.grant)
    expect(again.refreshToken).toBe(next.refreshToken)
    expect(again.refreshExpiresIn).toBe(next.refreshExpiresIn - 59)
    await evict(ann.stub)
    wait(1000)
    expect(await show(ann, ann.grant)).toBe('refresh-reused')
    expect(await show(ann, next)).toBe('refresh-invalid')
    const { sessionId: session } = ann.grant
    expect(lines().slice(1)).toMatchObject([
      { event: 'refreshed', session },
      { event: 'refresh-repeated', session },
      { event: 'revoked', session, code: 'refresh-reused' },
      { event: 'refresh-refused', code: 'refresh-reused' },
      { event: 'refresh-refused', code: 'refresh-invalid' },
    ])
  })

  it('writes nothing when it is shown again', async () => {
    const ann = await signedIn()
    await renew(ann, ann.grant)
    const rows = await rowsOf(ann.stub, () => renew(ann, ann.grant))
    expect(rows.written).toBe(0)
  })

  it('of a version that forked gives a successor that is good, beside the one that was given', async () => {
    const ann = await signedIn()
    await renew(ann, ann.grant)
    await runInDurableObject(ann.stub, (_object, { storage }) => {
      storage.sql.exec(`UPDATE sessions SET current = '["another"]'`)
    })
    await evict(ann.stub)
    expect(await show(ann, await renew(ann, ann.grant))).toBe('granted')
  })
})

describe('a sign-in whose authority changed', () => {
  const changed = async () => {
    const ann = await signedIn()
    granted(await ann.account.change({ roles: ['GENERAL', 'BOT'] }))
    await evict(ann.stub)
    return { ...ann, next: await renew(ann, ann.grant) }
  }

  it('goes on under another id, once; what had the old id is void', async () => {
    const { account, grant, next, stub } = await changed()
    expect(next.sessionId).not.toBe(grant.sessionId)
    expect(next.signedInAt).toBe(grant.signedInAt)
    expect(outcome(await account.check(bearerOf({ ...grant, version: 2 })))).toBe('roles-changed')
    expect((await account.sessions()).map(({ id }) => id)).toEqual([next.sessionId])
    await evict(stub)
    expect((await renew({ account }, next)).sessionId).toBe(next.sessionId)
    expect(lines()).toContainEqual({
      ...{ event: 'session-renewed', user: next.principal.id },
      ...{ session: next.sessionId, former: grant.sessionId },
    })
  })

  it('[H1] gives the same answer again when it was lost, and no fork', async () => {
    const { account, grant, next, stub } = await changed()
    await evict(stub)
    const again = await renew({ account }, grant)
    expect([again.sessionId, again.refreshToken]).toEqual([next.sessionId, next.refreshToken])
  })

  it('[A5] tells a theft by a token of before', async () => {
    const { account, grant, next } = await changed()
    await renew({ account }, next)
    expect(await show({ account }, grant)).toBe('refresh-reused')
    expect(outcome(await account.check(bearerOf(next)))).toBe('session-ended')
  })

  it('does not go on under another id where nothing changed', async () => {
    const ann = await signedIn()
    granted(await ann.account.change({ roles: ['GENERAL'] }))
    expect((await renew(ann, ann.grant)).sessionId).toBe(ann.grant.sessionId)
  })
})

describe('[A5] a token from before a renewal of the sign-in', () => {
  const ROLES = [['GENERAL', 'BOT'], ['GENERAL'], ['GENERAL', 'ADMIN']]

  it('is a theft, however often the sign-in was renewed since (H1)', async () => {
    const ann = await signedIn()
    const first = ann.grant
    let newest = first
    for (const roles of ROLES) {
      granted(await ann.account.change({ roles }))
      newest = await renew(ann, newest)
      await evict(ann.stub)
    }
    expect(await show(ann, first)).toBe('refresh-reused')
    await evict(ann.stub)
    expect(outcome(await ann.account.check(bearerOf(newest)))).toBe('session-ended')
    expect(await show(ann, newest)).toBe('refresh-invalid')
    expect(await ann.account.sessions()).toEqual([])
    expect(lines()).toContainEqual({
      ...{ event: 'revoked', user: ann.id, session: newest.sessionId, code: 'refresh-reused' },
    })
  })

  it('leaves what was renewed long ago told to get a new token, and not to sign in', async () => {
    const ann = await signedIn()
    let newest = ann.grant
    for (const roles of ROLES) {
      granted(await ann.account.change({ roles }))
      newest = await renew(ann, newest)
    }
    const old = { ...bearerOf(ann.grant), version: newest.version }
    expect(outcome(await ann.account.check(old))).toBe('roles-changed')
  })

  /** A guest who has refreshed once, and is an account now. */
  async function asAccount() {
    wait(0)
    const ann = await signedIn(GUEST)
    const guest = await renew(ann, ann.grant)
    const grant = granted(await ann.account.becomeAccount(bearerOf(guest), undefined, 'ann'))
    await evict(ann.stub)
    return { ...ann, first: ann.grant, guest, grant }
  }

  it('of a guest who became an account is one, 60 s later (H1)', async () => {
    const ann = await asAccount()
    wait(59_999)
    expect(await show(ann, ann.guest)).toBe('refresh-invalid')
    expect(outcome(await ann.account.check(bearerOf(ann.grant)))).toBe('granted')
    await evict(ann.stub)
    wait(1)
    expect(await show(ann, ann.guest)).toBe('refresh-reused')
    await evict(ann.stub)
    expect(outcome(await ann.account.check(bearerOf(ann.grant)))).toBe('session-ended')
    expect(await show(ann, ann.grant)).toBe('refresh-invalid')
  })

  it('of a guest is one at once, where the account’s was used: the answer did arrive', async () => {
    const ann = await asAccount()
    const next = await renew(ann, ann.grant)
    expect(await show(ann, ann.guest)).toBe('refresh-reused')
    expect(await show(ann, next)).toBe('refresh-invalid')
  })

  it('of a guest is one at once, where the guest had used it', async () => {
    const ann = await asAccount()
    expect(await show(ann, ann.first)).toBe('refresh-reused')
    expect(await show(ann, ann.grant)).toBe('refresh-invalid')
  })

  it('of a guest is one after another renewal, and ends no other sign-in', async () => {
    const ann = await asAccount()
    const other = granted(await ann.account.signIn(ACCOUNT))
    granted(await ann.account.change({ roles: ['GENERAL', 'BOT'] }))
    const next = await renew(ann, ann.grant)
    await evict(ann.stub)
    expect(await show(ann, ann.guest)).toBe('refresh-reused')
    expect(await show(ann, next)).toBe('refresh-invalid')
    expect(await show(ann, other)).toBe('granted')
  })

  it('of a guest gives nothing beside the guest’s access token, even once the account’s has expired', async () => {
    const ann = await asAccount()
    wait(14 * DAY)
    for (const token of [undefined, ann.guest.refreshToken]) {
      const code = outcome(await ann.account.refresh(token, bearerOf(ann.guest)))
      expect(code).toBe(token ? 'refresh-expired' : 'refresh-missing')
    }
  })

  it('that was never issued ends nothing', async () => {
    const ann = await asAccount()
    wait(DAY)
    const [, , , mac] = ann.grant.refreshToken.split('.')
    const forged = [...ann.guest.refreshToken.split('.').slice(0, 3), mac].join('.')
    for (const token of [garbled(ann.guest), forged]) {
      expect(outcome(await ann.account.refresh(token, undefined))).toBe('refresh-invalid')
    }
    expect(await show(ann, ann.grant)).toBe('granted')
  })

  it('is forgotten with the last token of that time', async () => {
    const ann = await asAccount()
    const former = () =>
      runInDurableObject(ann.stub, (_object, { storage }) =>
        JSON.parse(
          storage.sql.exec<{ former: string }>('SELECT former FROM sessions').one().former,
        ),
      )
    wait(13 * DAY)
    const next = await renew(ann, ann.grant)
    expect(await former()).toHaveLength(1)
    wait(2 * DAY)
    granted(await ann.account.change({ roles: ['GENERAL', 'BOT'] }))
    const last = await renew(ann, next)
    expect(await former()).toMatchObject([{ id: ann.grant.sessionId }])
    expect(await show(ann, ann.guest)).toBe('refresh-invalid')
    expect(await show(ann, last)).toBe('granted')
  })

  it('of a version that noted one renewal alone is still one', async () => {
    const ann = await signedIn()
    granted(await ann.account.change({ roles: ['GENERAL', 'BOT'] }))
    const next = await renew(ann, ann.grant)
    await runInDurableObject(ann.stub, (_object, { storage }) => {
      storage.sql.exec(`UPDATE sessions SET former = '[]'`)
    })
    await evict(ann.stub)
    await renew(ann, next)
    expect(await show(ann, ann.grant)).toBe('refresh-reused')
  })
})

describe('a token used before', () => {
  it('ends the family: the thief was first', async () => {
    const ann = await signedIn()
    const thiefs = await renew(ann, await renew(ann, ann.grant))
    expect(await show(ann, ann.grant)).toBe('refresh-reused')
    expect(await show(ann, thiefs)).toBe('refresh-invalid')
    expect(outcome(await ann.account.check(bearerOf(thiefs)))).toBe('session-ended')
  })

  it('ends the family: the owner was first', async () => {
    const ann = await signedIn()
    const owners = await renew(ann, await renew(ann, ann.grant))
    expect(await show(ann, ann.grant)).toBe('refresh-reused')
    expect(await show(ann, owners)).toBe('refresh-invalid')
    expect(outcome(await ann.account.check(bearerOf(ann.grant)))).toBe('session-ended')
  })

  it('ends no other session of the same person', async () => {
    const ann = await signedIn()
    const other = granted(await ann.account.signIn(ACCOUNT))
    await renew(ann, await renew(ann, ann.grant))
    expect(await show(ann, ann.grant)).toBe('refresh-reused')
    expect(outcome(await ann.account.check(bearerOf(other)))).toBe('granted')
    expect(await show(ann, other)).toBe('granted')
  })
})

describe('a token that was never issued', () => {
  it('tells nothing of the account: the answer is the same whatever has become of it', async () => {
    const [ann, disabled] = [await signedIn(), await signedIn()]
    await disabled.account.change({ disabled: true })
    for (const { account, grant, id } of [ann, disabled]) {
      for (const token of [garbled(grant), `${id}.s.${'a'.repeat(40)}.${'b'.repeat(43)}`]) {
        expect(outcome(await account.refresh(token, undefined))).toBe('refresh-invalid')
      }
    }
    // Whoever had one is told.
    expect(await show(disabled, disabled.grant)).toBe('account-disabled')
    await disabled.account.change({ disabled: false })
    expect(await show(disabled, disabled.grant)).toBe('refresh-invalid')
    expect(await disabled.account.sessions()).toEqual([])
  })

  it('with the right ids ends nothing', async () => {
    const [ann, bob] = [await signedIn(), await signedIn()]
    const [, , secret, mac] = bob.grant.refreshToken.split('.')
    const shown = [
      garbled(ann.grant),
      `${ann.id}.${ann.grant.sessionId}.${secret}.${mac}`,
      bob.grant.refreshToken,
      `${ann.id}.${ann.grant.sessionId}`,
      '',
      'x'.repeat(10_000),
    ]
    for (const token of shown) {
      expect(outcome(await ann.account.refresh(token, undefined))).toBe('refresh-invalid')
      expect(outcome(await ann.account.refresh(token, bearerOf(ann.grant)))).toBe('refresh-invalid')
      expect(outcome(await ann.account.endByToken(token))).toBe('refresh-invalid')
    }
    expect(await show(ann, ann.grant)).toBe('granted')
  })
})

describe('an access token beside a refresh token that has expired', () => {
  /** The bearer of a session whose refresh token has expired. */
  async function late() {
    const ann = await signedIn()
    wait(14 * DAY + 1000)
    return { ...ann, bearer: bearerOf(ann.grant) }
  }

  it('(case 3) renews both, shown with the token or without', async () => {
    for (const shown of [true, false]) {
      const { account, bearer, grant } = await late()
      const next = granted(await account.refresh(shown ? grant.refreshToken : undefined, bearer))
      expect(next).toMatchObject({ sessionId: grant.sessionId, signedInAt: grant.signedInAt })
      expect(outcome(await account.refresh(next.refreshToken, undefined))).toBe('granted')
      vi.useRealTimers()
    }
  })

  it('(case 3) does not when the session was ended, or the token is void', async () => {
    const ended = await late()
    await ended.account.end(ended.bearer)
    expect(outcome(await ended.account.refresh(undefined, ended.bearer))).toBe('session-ended')
    vi.useRealTimers()
    const changed = await late()
    await changed.account.change({ roles: [] })
    const { account, bearer, grant } = changed
    expect(outcome(await account.refresh(grant.refreshToken, bearer))).toBe('refresh-expired')
    expect(outcome(await account.refresh(undefined, bearer))).toBe('refresh-missing')
  })

  it('(case 3) does not when it is of another session, or a trusted issuer’s', async () => {
    const { account, bearer, grant } = await late()
    const other = bearerOf(granted(await account.signIn(ACCOUNT)))
    for (const wrong of [other, { ...bearer, federated: true }]) {
      expect(outcome(await account.refresh(grant.refreshToken, wrong))).toBe('refresh-expired')
    }
  })

  it('(case 3) does not when the sign-in is 90 days ago', async () => {
    const ann = await signedIn()
    let { grant } = ann
    for (let day = 0; day < 89; day += 13) {
      wait(13 * DAY)
      grant = await renew(ann, grant)
    }
    wait(14 * DAY)
    expect(outcome(await ann.account.refresh(grant.refreshToken, bearerOf(grant)))).toBe(
      'session-too-old',
    )
  })

  it('(case 4) alone, while the refresh token is valid, renews nothing', async () => {
    const { account, grant } = await signedIn()
    expect(outcome(await account.refresh(undefined, bearerOf(grant)))).toBe('refresh-missing')
  })
})

describe('what is written down', () => {
  it('is each sign-in, refresh, refusal and end, and no token and no name', async () => {
    // Refusals of one kind are written whole ten times a minute, and this is another one.
    wait(60_000)
    const ann = await signedIn()
    const next = await renew(ann, ann.grant)
    await ann.account.refresh(garbled(ann.grant), undefined)
    const last = await renew(ann, next)
    await ann.account.refresh(ann.grant.refreshToken, undefined)
    const { id: user } = ann
    const { sessionId: session } = ann.grant
    // What the tests before left unsaid is told by the next line.
    expect(lines().map(({ suppressed: _, ...line }) => line)).toEqual([
      { event: 'signed-in', user, session, by: 'password' },
      { event: 'refreshed', user, session },
      { event: 'refresh-refused', user, code: 'refresh-invalid' },
      { event: 'refreshed', user, session },
      { event: 'revoked', user, session, code: 'refresh-reused' },
      { event: 'refresh-refused', user, code: 'refresh-reused' },
    ])
    const guest = granted(await person().account.signIn(GUEST))
    expect(lines().at(-1)).toMatchObject({ event: 'signed-in', by: 'guest' })
    const written = JSON.stringify(lines())
    expect(written).not.toContain('앤')
    for (const { refreshToken } of [ann.grant, next, last, guest]) {
      for (const secret of refreshToken.split('.').slice(2)) expect(written).not.toContain(secret)
    }
  })

  it('[R5] is few lines for refresh tokens that anybody can make up, and each sign of a theft', async () => {
    const people = await Promise.all(Array.from({ length: 20 }, () => signedIn()))
    wait(DAY)
    for (let n = 0; n < 200; n++) {
      const ann = people[n % 20] ?? people[0]
      if (ann) await ann.account.refresh(garbled(ann.grant), undefined)
    }
    const refused = lines().filter(({ event }) => event === 'refresh-refused')
    expect(refused).toHaveLength(11)
    expect(refused.at(-1)).toMatchObject({ code: 'refresh-invalid', suppressed: 99 })
    for (const ann of people) {
      const next = await renew(ann, ann.grant)
      await renew(ann, next)
      await ann.account.refresh(ann.grant.refreshToken, undefined)
    }
    expect(
      lines().filter(({ code, event }) => `${event} ${code}` === 'refresh-refused refresh-reused'),
    ).toHaveLength(20)
  })
})
