import { beforeAll, describe, expect, it } from 'vitest'
import { AccessVerifier } from '../../../../src/auth/tokens/access-verifier.ts'
import { Verifier } from '../../../../src/auth/tokens/verifier.ts'
import {
  type FederatedNames,
  federatedClaims,
} from '../../../../src/auth/trusted-issuers/federated-claims.ts'
import type { Fetch } from '../../../../src/auth/trusted-issuers/remote-keys.ts'
import type { TrustedIssuerRules } from '../../../../src/auth/trusted-issuers/trusted-issuer.ts'
import { issue, NOW, rulesOf, SECONDS, tokenWorld, verdict } from '../../../support/token-world.ts'

let world: Awaited<ReturnType<typeof tokenWorld>>

beforeAll(async () => {
  world = await tokenWorld()
})

describe('a trusted issuer’s token', () => {
  it.each(['rsa', 'ec', 'ed', 'hmac'] as const)('of %s says who somebody is', async (name) => {
    expect(await world.access.verify(await issue(world.issuings[name]))).toEqual({
      principal: { id: `${name}:ann`, name: 'Ann', roles: ['GENERAL'] },
      sessionId: `${name}:s`,
      signedInAt: SECONDS - 60,
      version: 0,
      federated: true,
      expiresAt: SECONDS + 900,
    })
  })

  it('may call EdDSA by its newer name', async () => {
    const { ed } = world.issuings
    const { alg: _, ...jwk } = world.trusted.ed.jwk
    const fetch = async () => Response.json({ keys: [jwk] })
    const verifier = verifierOf(rulesWith({}, 'ed'), fetch)
    const token = await issue(ed, { header: { alg: 'Ed25519' } })
    expect(await verdict(verifier.verify(token))).toBe('accepted')
  })

  it('of one issuer is measured by its own audience', async () => {
    const verifier = verifierOf(rulesWith({ audience: 'another' }))
    const token = (aud: string) => issue(world.issuings.hmac, { claims: { aud } })
    expect(await verdict(verifier.verify(await token('another')))).toBe('accepted')
    expect(await verdict(verifier.verify(await token('chat')))).toBe('token-invalid: audience')
  })

  it.each([
    [undefined, undefined, 'accepted'],
    [undefined, 'JWT', 'accepted'],
    [undefined, 'at+jwt', 'accepted'],
    [undefined, 'application/at+jwt', 'accepted'],
    [undefined, 'ticket+jwt', 'token-invalid: type'],
    [undefined, 'oidc-flow+jwt', 'token-invalid: type'],
    ['chat+jwt', 'chat+jwt', 'accepted'],
    ['chat+jwt', 'application/Chat+JWT', 'accepted'],
    ['application/chat+jwt', 'chat+jwt', 'accepted'],
    ['chat+jwt', 'JWT', 'token-invalid: type'],
    ['chat+jwt', 'at+jwt', 'token-invalid: type'],
    ['chat+jwt', undefined, 'token-invalid: type'],
  ])('where %s is configured, with the typ %s: %s', async (configured, typ, wanted) => {
    const verifier = verifierOf(rulesWith({ typ: configured }))
    const token = await issue(world.issuings.hmac, { header: { typ } })
    expect(await verdict(verifier.verify(token))).toBe(wanted)
  })

  it('of a shared secret needs no key set', async () => {
    const fetched = world.fetched.length
    await world.access.verify(await issue(world.issuings.hmac))
    expect(world.fetched).toHaveLength(fetched)
  })
})

const rulesWith = (change: Partial<TrustedIssuerRules>, name = 'hmac'): TrustedIssuerRules => ({
  ...rulesOf(name, world.issuings[name as 'hmac'].signer.jwk),
  ...change,
})

const nowhere: Fetch = () => Promise.reject(new Error('no network'))

const verifierOf = (rules: TrustedIssuerRules, fetch = nowhere) =>
  new AccessVerifier({
    own: new Verifier(() => Promise.reject(new Error('not ours')), Date.now),
    ...{ issuer: 'us', trustedIssuers: [rules], now: () => NOW, fetch },
  })

const NAMES: FederatedNames = { name: 'them', displayName: 'name', maxHours: 1e6 }
const told = (claims: object, names: Partial<FederatedNames> = {}) =>
  federatedClaims({ sub: 'ann', exp: SECONDS + 60, ...claims }, { ...NAMES, ...names }, NOW)

/** OpenID Connect Core, section 2. */
const LONG = 'x'.repeat(255)

describe('the id', () => {
  it.each(['ann', LONG, 'auth0|5f7c', '안', 'a b'])('is that of the issuer: %j', (sub) => {
    expect(told({ sub }).principal.id).toBe(`them:${sub}`)
  })

  it.each([
    undefined,
    null,
    7,
    '',
    {},
    ['ann'],
    `${LONG}x`,
    'a\nb',
    'a\0',
    '\x7f',
    '\x85',
    '\ud800',
  ])('is never made of %j', (sub) => {
    expect(() => told({ sub })).toThrow('token-invalid: claims')
  })
})

describe('the session', () => {
  it.each([
    [{ sid: 's', jti: 't' }, 'them:s'],
    [{ jti: 't' }, 'them:t'],
    [{}, 'them:ann'],
    [{ sid: '', jti: 't' }, 'them:t'],
    [{ sid: 7, jti: ['t'] }, 'them:ann'],
    [{ sid: `${LONG}more` }, `them:${LONG}`],
    [{ sid: `${LONG.slice(1)}😀` }, `them:${LONG.slice(1)}\ufffd`],
  ])('of %j is %s', (claims, sessionId) => {
    expect(told(claims).sessionId).toBe(sessionId)
  })

  it.each([
    [{ auth_time: 5, iat: 6 }, 5],
    [{ iat: 6.9 }, 6],
    [{}, 0],
    [{ auth_time: 'x', iat: 6 }, 6],
    [{ auth_time: NOW }, 0],
    [{ auth_time: -1 }, 0],
  ])('of %j began at %s', (claims, signedInAt) => {
    expect(told(claims).signedInAt).toBe(signedInAt)
  })

  it.each([
    ['a year', SECONDS, 365 * 24],
    ['a year, by a clock ten years ahead', SECONDS + 10 * 31_536_000, 365 * 24],
  ])('of a token of %s ends after the hours that its issuer may give', (_, iat, hours) => {
    expect(told({ iat, exp: iat + hours * 3600 }, { maxHours: 24 }).expiresAt).toBe(
      SECONDS + 24 * 3600,
    )
  })

  it('has no more than those hours, however often its token is shown', () => {
    const claims = { iat: SECONDS - 24 * 3600, exp: SECONDS + 3600 }
    expect(() => told(claims, { maxHours: 24 })).toThrow('token-expired')
    expect(told(claims, { maxHours: 25 }).expiresAt).toBe(SECONDS + 3600)
  })

  it('is refused where a token that ends later does not say when it was issued', () => {
    expect(told({ exp: SECONDS + 24 * 3600 }, { maxHours: 24 }).expiresAt).toBe(SECONDS + 24 * 3600)
    expect(() => told({ exp: SECONDS + 24 * 3600 + 1 }, { maxHours: 24 })).toThrow(
      'token-invalid: lifetime',
    )
  })

  it('ends with the token, in whole seconds', () => {
    expect(told({ exp: 7.9 }).expiresAt).toBe(7)
  })

  it.each([NOW, 1e300, Number.POSITIVE_INFINITY])('never ends at %s', (exp) => {
    expect(() => told({ exp })).toThrow('token-invalid: claims')
  })
})

describe('the roles', () => {
  it('are GENERAL where no claim is configured, whatever is claimed', () => {
    expect(told({ roles: ['ADMIN'] }).principal.roles).toEqual(['GENERAL'])
  })

  it.each([
    ['roles', { roles: ['GENERAL', 'ADMIN'] }, ['GENERAL', 'ADMIN']],
    ['scope', { scope: 'GENERAL  chat:read' }, ['GENERAL', 'chat:read']],
    ['roles', {}, []],
    ['roles', { roles: null }, []],
    ['roles', { roles: { GENERAL: true } }, []],
    ['roles', { roles: ['GENERAL', 7, '', null, ['x'], 'GENERAL'] }, ['GENERAL']],
    ['roles', { roles: ['x'.repeat(64), 'x'.repeat(65)] }, ['x'.repeat(64)]],
    ['realm_access.roles', { realm_access: { roles: ['GENERAL'] } }, ['GENERAL']],
    ['a.b.c', { a: { b: { c: 'GENERAL' } } }, ['GENERAL']],
    ['a.b.c', { a: { b: null } }, []],
    ['a.b', { a: 'text' }, []],
    ['https://example.com/roles', { 'https://example.com/roles': ['GENERAL'] }, ['GENERAL']],
    ['a.b', { 'a.b': ['NAME'], a: { b: ['PATH'] } }, ['NAME']],
    ['constructor.name', {}, []],
    ['__proto__', {}, []],
    ['roles.constructor.name', { roles: [] }, []],
    ['roles.length', { roles: 'GENERAL' }, []],
  ])('of the claim %s in %j are %j', (roles, claims, wanted) => {
    expect(told(claims, { roles }).principal.roles).toEqual(wanted)
  })

  it('are 32 at most', () => {
    const roles = Array.from({ length: 40 }, (_, n) => `role${n}`)
    expect(told({ roles }, { roles: 'roles' }).principal.roles).toEqual(roles.slice(0, 32))
  })

  it('have those that count here among them, after however many groups they come', () => {
    const groups = Array.from({ length: 157 }, (_, n) => `group${n}`)
    const { roles } = told({ roles: [...groups, 'ADMIN', 'GENERAL'] }, { roles: 'roles' }).principal
    expect(roles).toEqual(['ADMIN', 'GENERAL', ...groups.slice(0, 30)])
  })
})

describe('the name', () => {
  it.each([
    ['name', { name: 'Ann' }, 'Ann'],
    ['profile.nick', { profile: { nick: 'Annie' } }, 'Annie'],
    ['https://example.com/name', { 'https://example.com/name': 'Ann' }, 'Ann'],
    ['name', {}, 'ann'],
    ['name', { name: { first: 'Ann' } }, 'ann'],
    ['name', { name: '\u200b' }, 'ann'],
  ])('of the claim %s in %j is %s', (displayName, claims, name) => {
    expect(told(claims, { displayName }).principal.name).toBe(name)
  })
})
