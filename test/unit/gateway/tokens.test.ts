// The tokens that the gateway makes come back through its own doors, and through no other's.

import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { OidcFlow } from '../../../src/auth/openid/flow.ts'
import { generateSigningJwk, type KeyMaterial, publicHalf } from '../../../src/auth/tokens/keys.ts'
import { readConfig } from '../../../src/config.ts'
import { Tokens } from '../../../src/gateway/tokens.ts'
import { issue, NOW, SECONDS, tokenWorld, verdict } from '../../support/token-world.ts'

const SESSION = {
  principal: { id: 'ann', name: 'Ann', roles: ['GENERAL', 'ADMIN'] },
  ...{ sessionId: 's', signedInAt: SECONDS - 60, version: 3 },
}
const GRANT = { ...SESSION, refreshToken: 'opaque', refreshExpiresIn: 1_209_600 }

const FLOW: OidcFlow = {
  ...{ state: 's', nonce: 'n', verifier: 'v', provider: 'corp', returnTo: '/', link: undefined },
}

const SECRET = 'a secret of which nobody knows anything'
const CONFIG = readConfig({
  TRUSTED_ISSUERS: JSON.stringify([
    { name: 'hmac', issuer: 'https://hmac.example', audience: 'chat', secret: 'HMAC' },
  ]),
  HMAC: SECRET,
})

const [old, next] = await Promise.all([generateSigningJwk(), generateSigningJwk()])
let ring: KeyMaterial
let tokens: Tokens
const RING = { material: async () => ring, publicKeys: async () => ring.verifying }

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] })
  ring = { signing: old, verifying: { keys: [publicHalf(old)] } }
  tokens = new Tokens(() => RING, CONFIG)
})

afterEach(() => {
  vi.useRealTimers()
})

describe('a grant', () => {
  it('is the tokens of a session, and whose it is', async () => {
    const { accessToken, ...rest } = await tokens.grant(GRANT)
    expect(rest).toEqual({
      ...{ expiresIn: 900, refreshToken: 'opaque', refreshExpiresIn: 1_209_600 },
      user: SESSION.principal,
    })
    expect(await tokens.access(accessToken)).toEqual({
      ...SESSION,
      federated: false,
      expiresAt: SECONDS + 900,
    })
  })

  it('has an access token with every claim of RFC 9068 that says something here', async () => {
    const { accessToken } = await tokens.grant(GRANT)
    expect(decodeProtectedHeader(accessToken)).toEqual({
      alg: 'ES256',
      kid: old.kid,
      typ: 'at+jwt',
    })
    expect(decodeJwt(accessToken)).toEqual({
      ...{ iss: 'stompbox', aud: 'stompbox', sub: 'ann', name: 'Ann', roles: ['GENERAL', 'ADMIN'] },
      ...{ sid: 's', ver: 3, auth_time: SECONDS - 60, iat: SECONDS, exp: SECONDS + 900 },
      jti: expect.any(String),
    })
  })

  it('has an access token that says the same wherever it is verified, and here without a look', async () => {
    // Those who have the same keys would share what is remembered.
    const publicKeys = async () => ({ keys: [old, next].map(publicHalf) })
    const elsewhere = new Tokens(() => ({ ...RING, publicKeys }), CONFIG)
    const first = await tokens.grant(GRANT)
    await tokens.access(first.accessToken)
    const signatures = vi.spyOn(crypto.subtle, 'verify').mockClear()
    const grants = [GRANT, { ...GRANT, principal: { ...SESSION.principal, guest: true } as const }]
    for (const grant of grants) {
      const { accessToken } = await tokens.grant(grant)
      const claims = await tokens.access(accessToken)
      expect(signatures).not.toHaveBeenCalled()
      expect(await elsewhere.access(accessToken)).toEqual(claims)
      expect(signatures).toHaveBeenCalled()
      signatures.mockClear()
    }
  })

  it('is not remembered where the key that signed it is not one of those that verify', async () => {
    const first = await tokens.grant(GRANT)
    vi.setSystemTime(NOW + 60_000)
    await tokens.access(first.accessToken)
    ring = { signing: next, verifying: { keys: [publicHalf(old)] } }
    vi.setSystemTime(NOW + 5 * 60_000)
    const { accessToken } = await tokens.grant(GRANT)
    expect(decodeProtectedHeader(accessToken).kid).toBe(next.kid)
    expect(await verdict(tokens.access(accessToken))).toBe('token-invalid: key')
  })

  it('never gives the same token twice', async () => {
    const [one, two] = [await tokens.grant(GRANT), await tokens.grant(GRANT)]
    expect(decodeJwt(one.accessToken).jti).not.toBe(decodeJwt(two.accessToken).jti)
  })
})

const ENTRY = { id: 't', roomId: 'r', askedAt: NOW }

describe('a ticket', () => {
  it.each([false, true])(
    'is of the session that asked for it; a trusted issuer’s: %s',
    async (federated) => {
      const { signedInAt: _, ...who } = SESSION
      const { ticket, expiresIn } = await tokens.ticketFor({ ...who, federated }, ENTRY)
      expect(expiresIn).toBe(30)
      expect(await tokens.ticket(ticket)).toEqual({
        ...who,
        ...{ ...ENTRY, federated, expiresAt: SECONDS + 30 },
      })
    },
  )
})

describe('a ticket made here', () => {
  const made = async () => (await tokens.ticketFor({ ...SESSION, federated: false }, ENTRY)).ticket

  it('says the same wherever it is verified, and each time', async () => {
    const ticket = await made()
    const elsewhere = await new Tokens(() => RING, CONFIG).ticket(ticket)
    expect(await tokens.ticket(ticket)).toEqual(elsewhere)
    expect(await tokens.ticket(ticket)).toEqual(elsewhere)
  })

  it('ends on time', async () => {
    const ticket = await made()
    vi.setSystemTime(NOW + 30_000)
    expect(await verdict(tokens.ticket(ticket))).toBe('token-expired')
  })

  it('is void with its key, once that is known to be stolen', async () => {
    const ticket = await made()
    ring = { signing: next, verifying: { keys: [publicHalf(next)] } }
    tokens.forgetKeys()
    expect(await verdict(tokens.ticket(ticket))).toBe('token-invalid: key')
  })

  it('is another one with one letter more', async () => {
    expect(await verdict(tokens.ticket(`${await made()}A`))).toMatch(/^token-invalid/)
  })
})

it('each kind of token opens its own door alone', async () => {
  const { accessToken } = await tokens.grant(GRANT)
  const { ticket } = await tokens.ticketFor({ ...SESSION, federated: false }, ENTRY)
  const flow = await tokens.signFlow(FLOW)
  expect(await tokens.flow(flow)).toEqual(FLOW)
  const doors = [tokens.access, tokens.ticket, tokens.flow].map((door) => door.bind(tokens))
  for (const [n, token] of [accessToken, ticket, flow].entries()) {
    const verdicts = await Promise.all(doors.map((door) => verdict(door(token))))
    expect(verdicts).toEqual(
      verdicts.map((_, at) => (at === n ? 'accepted' : 'token-invalid: type')),
    )
  }
})

it('a trusted issuer’s token is taken where an access token is, and nowhere else', async () => {
  const { issuings } = await tokenWorld()
  const token = await issue(issuings.hmac)
  expect(await tokens.access(token)).toMatchObject({
    principal: { id: 'hmac:ann' },
    federated: true,
  })
  expect(await verdict(tokens.ticket(token))).toBe('token-invalid: algorithm')
  expect(await verdict(tokens.flow(token))).toBe('token-invalid: algorithm')
})

describe('when the keys are rotated', () => {
  it('tokens of the old and of the new key are good', async () => {
    const { accessToken: before } = await tokens.grant(GRANT)
    await tokens.access(before)
    ring = { signing: next, verifying: { keys: [old, next].map(publicHalf) } }
    vi.setSystemTime(NOW + 5 * 60_000)
    const { accessToken: after } = await tokens.grant(GRANT)
    expect(decodeProtectedHeader(after).kid).toBe(next.kid)
    expect(await verdict(tokens.access(before))).toBe('accepted')
    expect(await verdict(tokens.access(after))).toBe('accepted')
  })

  it('a token of another isolate, by the new key, is good at once', async () => {
    const { accessToken: before } = await tokens.grant(GRANT)
    await tokens.access(before)
    ring = { signing: next, verifying: { keys: [old, next].map(publicHalf) } }
    vi.setSystemTime(NOW + 10_000)
    const { accessToken: after } = await new Tokens(() => RING, CONFIG).grant(GRANT)
    expect(await verdict(tokens.access(after))).toBe('accepted')
  })

  it('because one was stolen, its tokens are good for no more than five minutes', async () => {
    const { accessToken: before } = await tokens.grant(GRANT)
    await tokens.access(before)
    ring = { signing: next, verifying: { keys: [publicHalf(next)] } }
    vi.setSystemTime(NOW + 5 * 60_000)
    expect(await verdict(tokens.access(before))).toBe('token-invalid: key')
  })
})
