// A link with a provider that was begun, with the real objects behind: it is not finished where it
// could not be begun any more. What the callback leaves in the browser is made here, as the
// callback makes it.

import { env } from 'cloudflare:workers'
import { nanoid } from 'nanoid'
import { describe, expect, it, vi } from 'vitest'
import type { SessionGrant } from '../../src/account/views.ts'
import { readConfig } from '../../src/config.ts'
import type { AccountCalls } from '../../src/contract.ts'
import { createGateway } from '../../src/gateway/gateway.ts'
import { Tokens } from '../../src/gateway/tokens.ts'
import {
  ACCOUNT,
  bearerOf,
  evict,
  GUEST,
  granted,
  objects,
  signedIn,
  withCalls,
} from '../support/person-in-workerd.ts'
import { quiet } from '../support/quiet.ts'

quiet()

const HERE = 'https://chat.example'
const PROVIDER = { id: 'test', name: 'Test', issuer: 'https://id.example', clientId: 'us' }
const CONFIGURED = { ...env, OIDC_PROVIDERS: JSON.stringify([PROVIDER]) }
const tokens = new Tokens(() => objects.keyRing(), readConfig(CONFIGURED))

type SignedIn = Awaited<ReturnType<typeof signedIn>>

/** A link that somebody began by a sign-in, once the provider has said yes. */
async function begun({ id, grant, stub }: SignedIn) {
  const login = { issuer: PROVIDER.issuer, subject: nanoid(), provider: 'test', label: 'Ann' }
  const target = { personId: id, bearer: bearerOf(grant) }
  const cookie = await tokens.signPendingLink({ id: nanoid(), login, target })
  await evict(stub)
  return { cookie, login }
}

type Begun = Awaited<ReturnType<typeof begun>>

/** The page finishes it, by a sign-in that holds; gives the status and the code. */
async function finish({ cookie }: Begun, by: SessionGrant, changed: object = {}) {
  const { accessToken } = await tokens.grant(by)
  const gateway = createGateway(readConfig({ ...CONFIGURED, ...changed }), objects)
  const answer = await gateway.request(`${HERE}/api/auth/logins`, {
    method: 'POST',
    headers: {
      ...{ Authorization: `Bearer ${accessToken}`, Cookie: `__Host-stompbox-link=${cookie}` },
      ...{ Origin: HERE, 'CF-Connecting-IP': '192.0.2.1' },
    },
  })
  const text = await answer.text()
  return [answer.status, text === '' ? undefined : JSON.parse(text).code]
}

/** The provider's account is nobody's, and no way in. */
async function expectNothing({ login }: Begun, { account }: SignedIn) {
  expect(await objects.providerLogin(login.issuer, login.subject).owner()).toBeNull()
  expect((await account.logins()).providers).toEqual([])
}

const elsewhere = async ({ account }: SignedIn) => granted(await account.signIn(ACCOUNT))

describe('[A5] a link that was begun', () => {
  it('is finished, over an eviction (H1)', async () => {
    for (const [newSignIn, status] of [
      [ACCOUNT, 204],
      [GUEST, 201],
    ] as const) {
      const ann = await signedIn(newSignIn)
      const link = await begun(ann)
      expect((await finish(link, ann.grant))[0]).toBe(status)
      expect(await objects.providerLogin(PROVIDER.issuer, link.login.subject).owner()).toBe(ann.id)
    }
  })

  it('by a sign-in that was ended since is not finished, though another of the person goes on', async () => {
    const ann = await signedIn()
    const [link, other] = [await begun(ann), await elsewhere(ann)]
    await ann.account.end(bearerOf(ann.grant))
    await evict(ann.stub)
    expect(await finish(link, other)).toEqual([401, 'session-ended'])
    expect(await finish(link, ann.grant)).toEqual([401, 'session-ended'])
    await expectNothing(link, ann)
  })

  it('by a sign-in that was ended for a stolen refresh token is not finished', async () => {
    const ann = await signedIn()
    const [link, other] = [await begun(ann), await elsewhere(ann)]
    const next = granted(await ann.account.refresh(ann.grant.refreshToken, undefined))
    await ann.account.refresh(next.refreshToken, undefined)
    await ann.account.refresh(ann.grant.refreshToken, undefined)
    expect(await finish(link, other)).toEqual([401, 'session-ended'])
    await expectNothing(link, ann)
  })

  it('by a sign-in that was renewed since is not finished, by what became of it neither', async () => {
    const ann = await signedIn()
    const link = await begun(ann)
    granted(await ann.account.change({ roles: ['GENERAL', 'BOT'] }))
    const renewed = granted(await ann.account.refresh(ann.grant.refreshToken, undefined))
    await evict(ann.stub)
    for (const by of [renewed, await elsewhere(ann)]) {
      expect(await finish(link, by)).toEqual([401, 'roles-changed'])
    }
    await expectNothing(link, ann)
  })

  it('by a guest who became an account since is not finished', async () => {
    const gil = await signedIn(GUEST)
    const link = await begun(gil)
    const account = granted(await gil.account.becomeAccount(bearerOf(gil.grant), undefined, 'gil'))
    await evict(gil.stub)
    expect(await finish(link, account)).toEqual([401, 'roles-changed'])
    await expectNothing(link, gil)
  })

  it('of an account that was disabled since is not finished, and not once it is enabled again', async () => {
    const ann = await signedIn()
    const link = await begun(ann)
    granted(await ann.account.change({ disabled: true }))
    await evict(ann.stub)
    expect(await finish(link, ann.grant)).toEqual([403, 'account-disabled'])
    granted(await ann.account.change({ disabled: false }))
    expect(await finish(link, await elsewhere(ann))).toEqual([401, 'session-ended'])
    await expectNothing(link, ann)
  })

  it('while its sign-in ends is not finished: the account says the last word', async () => {
    const ann = await signedIn()
    const [link, other] = [await begun(ann), await elsewhere(ann)]
    const addLogin: AccountCalls['addLogin'] = async (...args) => {
      await ann.account.end(bearerOf(ann.grant))
      return ann.account.addLogin(...args)
    }
    vi.spyOn(objects, 'account').mockReturnValue(withCalls(ann.account, { addLogin }))
    expect(await finish(link, other)).toEqual([401, 'session-ended'])
    await expectNothing(link, ann)
  })

  it('makes no account of a guest where SIGNUP was closed since; an account’s is finished', async () => {
    const [gil, ann] = [await signedIn(GUEST), await signedIn()]
    const [guests, account] = [await begun(gil), await begun(ann)]
    expect(await finish(guests, gil.grant, { SIGNUP: 'off' })).toEqual([403, 'signup-closed'])
    await expectNothing(guests, gil)
    expect(granted(await gil.account.show()).kind).toBe('guest')
    expect((await finish(account, ann.grant, { SIGNUP: 'off' }))[0]).toBe(204)
  })

  it('with a provider that is none of ours any more is not finished', async () => {
    const ann = await signedIn()
    const link = await begun(ann)
    for (const configured of [[], [{ ...PROVIDER, id: 'other' }]]) {
      const changed = { OIDC_PROVIDERS: JSON.stringify(configured) }
      expect(await finish(link, ann.grant, changed)).toEqual([404, 'provider-unknown'])
    }
    await expectNothing(link, ann)
  })
})
