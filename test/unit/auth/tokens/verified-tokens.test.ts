import { describe, expect, it, vi } from 'vitest'
import { signAccessToken } from '../../../../src/auth/tokens/access-token.ts'
import { AccessVerifier } from '../../../../src/auth/tokens/access-verifier.ts'
import {
  generateSigningJwk,
  importSigningKey,
  publicHalf,
} from '../../../../src/auth/tokens/keys.ts'
import { VerifiedTokens } from '../../../../src/auth/tokens/verified-tokens.ts'
import { Verifier } from '../../../../src/auth/tokens/verifier.ts'

const NOW = Date.UTC(2026, 10, 21, 8)
const MINUTE = 60_000
const LIFETIME = 900

const ANN = { id: 'ann', name: 'Ann', roles: ['GENERAL'] }
const SIGN_IN = { sessionId: 's', signedInAt: NOW / 1000, version: 1, federated: false }

/** A gateway or a room, with keys of its own. */
async function world(issuer = 'us') {
  const jwk = await generateSigningJwk()
  const clock = { now: NOW }
  const ring = { keys: [publicHalf(jwk)] }
  const signatures = vi.spyOn(crypto.subtle, 'verify').mockClear()
  const verifier = (of = issuer) =>
    new AccessVerifier({
      own: new Verifier(
        async () => structuredClone(ring),
        () => clock.now,
      ),
      ...{ issuer: of, trustedIssuers: [], now: () => clock.now },
    })
  const token = await signAccessToken(
    { principal: ANN, ...SIGN_IN, tokenId: 't' },
    await importSigningKey(jwk),
    { issuer, lifetime: LIFETIME },
    NOW,
  )
  const check = (by: AccessVerifier, text = token) =>
    by.verify(text).then(
      ({ principal }) => principal.id,
      ({ message }: Error) => message,
    )
  return { verifier, clock, ring, signatures, token, check }
}

describe('a token that is shown again', () => {
  it('is verified once, by whoever has the same keys', async () => {
    const { verifier, signatures, check } = await world()
    const [gateway, room] = [verifier(), verifier()]
    for (const by of [gateway, gateway, room, room]) expect(await check(by)).toBe('ann')
    // The room asks for its keys first.
    expect(signatures.mock.calls.length).toBeLessThanOrEqual(2)
    signatures.mockClear()
    for (const by of [gateway, room]) expect(await check(by)).toBe('ann')
    expect(signatures).not.toHaveBeenCalled()
  })

  it('ends on time, and the clock may go back', async () => {
    const { verifier, clock, check } = await world()
    const room = verifier()
    expect(await check(room)).toBe('ann')
    clock.now = NOW + LIFETIME * 1000 - 1
    expect(await check(room)).toBe('ann')
    clock.now++
    expect(await check(room)).toBe('token-expired')
    clock.now = NOW - MINUTE
    expect(await check(room)).toBe('token-early: iat')
  })

  it('does not outlive its key', async () => {
    const { verifier, clock, ring, check } = await world()
    const room = verifier()
    expect(await check(room)).toBe('ann')
    ring.keys = [publicHalf(await generateSigningJwk())]
    expect(await check(room)).toBe('ann')
    clock.now += 5 * MINUTE
    expect(await check(room)).toBe('token-invalid: key')
  })

  it('is verified anew for another issuer, and where anything in it differs', async () => {
    const { verifier, token, check } = await world()
    expect(await check(verifier())).toBe('ann')
    expect(await check(verifier('them'))).toBe('token-invalid: issuer')
    const [header, claims = '', signature] = token.split('.')
    const forged = Buffer.from(claims, 'base64url').toString().replace('ann', 'bob')
    const text = [header, Buffer.from(forged).toString('base64url'), signature].join('.')
    expect(await check(verifier(), text)).toBe('token-invalid: signature')
    expect(await check(verifier(), `${token}A`)).not.toBe('ann')
  })
})

describe('the tokens that are remembered', () => {
  const claims = { principal: ANN, ...SIGN_IN, expiresAt: NOW }

  it('[R4] are so many at most, the one used last among them', () => {
    const verified = new VerifiedTokens()
    verified.add('first', claims, 0)
    verified.add('second', claims, 0)
    for (let n = 0; n < 1999; n++) {
      verified.add(`t${n}`, claims, 0)
      expect(verified.get('first', 0)).toBe(claims)
    }
    expect(verified.get('second', 0)).toBeUndefined()
    expect(verified.get('t1998', 0)).toBe(claims)
  })

  it('[R4] are not very long', () => {
    const verified = new VerifiedTokens()
    verified.add('x'.repeat(2001), claims, 0)
    expect(verified.get('x'.repeat(2001), 0)).toBeUndefined()
  })
})
