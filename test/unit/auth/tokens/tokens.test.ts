import { createLocalJWKSet, type JWK, SignJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { bearerToken } from '../../../../src/auth/bearer.ts'
import {
  type AccessRules,
  signAccessToken,
  verifyAccessToken,
} from '../../../../src/auth/tokens/access-token.ts'
import {
  type FindKey,
  generateSigningJwk,
  importSigningKey,
  KeyCache,
  publicHalf,
  type SigningKey,
} from '../../../../src/auth/tokens/keys.ts'
import { signTicket, verifyTicket } from '../../../../src/auth/tokens/ticket.ts'
import { Verifier } from '../../../../src/auth/tokens/verifier.ts'

const NOW = Date.UTC(2026, 10, 21, 8)
const RULES: AccessRules = { issuer: 'us', lifetime: 900 }
const ANN = { id: 'ann', name: '앤', roles: ['GENERAL'] }
const SIGN_IN = { principal: ANN, sessionId: 's', version: 3 }
const CLAIMS = { ...SIGN_IN, signedInAt: NOW / 1000, tokenId: 't' }
const TICKET = {
  ...SIGN_IN,
  ...{ id: 't', roomId: 'r', federated: false, askedAt: NOW - 7, expiresAt: NOW / 1000 + 30 },
}

let jwk: JWK
let key: SigningKey
let findKey: FindKey

beforeAll(async () => {
  jwk = await generateSigningJwk()
  key = await importSigningKey(jwk)
  findKey = createLocalJWKSet({ keys: [publicHalf(jwk)] })
})

const access = (now = NOW) => signAccessToken(CLAIMS, key, RULES, now)
const code = async (work: Promise<unknown>) =>
  work.then(
    () => 'accepted',
    (error) => error.code,
  )

describe('an access token', () => {
  it('says who somebody is, and until when', async () => {
    expect(await verifyAccessToken(await access(), findKey, 'us', NOW)).toEqual({
      ...SIGN_IN,
      signedInAt: NOW / 1000,
      federated: false,
      expiresAt: NOW / 1000 + 900,
    })
  })

  it('says who is a guest', async () => {
    const principal = { ...ANN, guest: true } as const
    const token = await signAccessToken({ ...CLAIMS, principal }, key, RULES, NOW)
    expect((await verifyAccessToken(token, findKey, 'us', NOW)).principal).toEqual(principal)
    const ticket = await signTicket({ ...TICKET, principal }, key, 'us')
    expect((await verifyTicket(ticket, findKey, 'us', NOW)).principal).toEqual(principal)
  })

  it('[A4] ends on time', async () => {
    const token = await access()
    expect(await code(verifyAccessToken(token, findKey, 'us', NOW + 899_000))).toBe('accepted')
    expect(await code(verifyAccessToken(token, findKey, 'us', NOW + 900_000))).toBe('token-expired')
  })

  it.each(['name', 'roles', 'sid', 'auth_time', 'ver', 'sub', 'jti', 'exp'])(
    'needs its claim %s',
    async (claim) => {
      const payload: Record<string, unknown> = {
        ...{ iss: 'us', aud: 'stompbox', sub: 'ann', jti: 't', exp: NOW / 1000 + 9 },
        ...{ name: 'a', roles: [], sid: 's', auth_time: 1, ver: 0 },
      }
      delete payload[claim]
      const token = await new SignJWT(payload)
        .setProtectedHeader({ alg: 'ES256', kid: key.kid, typ: 'at+jwt' })
        .sign(key.key)
      expect(await code(verifyAccessToken(token, findKey, 'us', NOW))).toBe('token-invalid')
    },
  )
})

describe('a ticket', () => {
  it.each([true, false])(
    'says who may enter which room; a trusted issuer’s: %s',
    async (federated) => {
      const token = await signTicket({ ...TICKET, federated }, key, 'us')
      expect(await verifyTicket(token, findKey, 'us', NOW)).toEqual({ ...TICKET, federated })
    },
  )

  it('[A5] of a version before does not say when the account was asked', async () => {
    const before = { ...TICKET, askedAt: undefined }
    const token = await signTicket(before, key, 'us')
    expect(await verifyTicket(token, findKey, 'us', NOW)).toEqual(before)
  })

  it('ends on time', async () => {
    const token = await signTicket(TICKET, key, 'us')
    expect(await code(verifyTicket(token, findKey, 'us', NOW + 30_000))).toBe('token-expired')
  })
})

describe('the keys', () => {
  it('publish nothing private', () => {
    expect(Object.keys(publicHalf(jwk)).sort()).toEqual([
      'alg',
      'crv',
      'kid',
      'kty',
      'use',
      'x',
      'y',
    ])
  })

  it('are asked for once in five minutes, and sooner for an unknown key, but not every time', async () => {
    let [now, asked] = [0, 0]
    const cache = new KeyCache(
      async () => ++asked,
      () => now,
    )
    await cache.get()
    now = 299_999
    expect(await cache.get()).toBe(1)
    expect(await cache.get(true)).toBe(2)
    now += 9999
    expect(await cache.get(true)).toBe(2)
    now += 1
    expect(await cache.get(true)).toBe(3)
  })

  it('that are new are found by one more look', async () => {
    let now = NOW
    const next = await generateSigningJwk()
    const rings = [[jwk], [jwk, next]]
    const verifier = new Verifier(
      async () => ({ keys: (rings.length > 1 ? rings.shift() : rings[0])?.map(publicHalf) ?? [] }),
      () => now,
    )
    const check = (token: string) =>
      verifier.run((find) => verifyAccessToken(token, find, 'us', NOW))
    expect((await check(await access())).principal).toEqual(ANN)
    now += 10_000
    const token = await signAccessToken(CLAIMS, await importSigningKey(next), RULES, NOW)
    expect((await check(token)).principal).toEqual(ANN)
  })

  it('that nobody can get are no fault of the token', async () => {
    const lost = new Error('unreachable')
    const verifier = new Verifier(() => Promise.reject(lost), Date.now)
    const token = await access()
    await expect(
      verifier.run((find) => verifyAccessToken(token, find, 'us', NOW)),
    ).rejects.toMatchObject({ code: 'unavailable', reason: 'keys', cause: lost })
  })
})

describe('the Authorization header', () => {
  it.each([
    ['Bearer abc', 'abc'],
    ['bearer  abc ', 'abc'],
    ['Basic abc', undefined],
    ['Bearer', undefined],
    ['Bearer a b', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%j holds %j', (header, token) => {
    expect(bearerToken(header)).toBe(token)
  })
})
