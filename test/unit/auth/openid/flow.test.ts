import { createLocalJWKSet, type JWK, SignJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  FLOW_LIFETIME,
  type OidcFlow,
  signOidcFlow,
  verifyOidcFlow,
} from '../../../../src/auth/openid/flow.ts'
import {
  type FindKey,
  generateSigningJwk,
  importSigningKey,
  publicHalf,
  type SigningKey,
} from '../../../../src/auth/tokens/keys.ts'

const NOW = Date.UTC(2026, 10, 21, 8)
const FLOW: OidcFlow = {
  state: 'state',
  nonce: 'nonce',
  verifier: 'verifier',
  provider: 'test',
  returnTo: '/#room=r',
  link: undefined,
}
const BEARER = { sessionId: 's', version: 3, federated: false, expiresAt: NOW / 1000 + 60 }

let jwk: JWK
let key: SigningKey
let findKey: FindKey

beforeAll(async () => {
  jwk = await generateSigningJwk()
  key = await importSigningKey(jwk)
  findKey = createLocalJWKSet({ keys: [publicHalf(jwk)] })
})

const verified = (token: string, now = NOW) => verifyOidcFlow(token, findKey, 'us', now)
const code = async (work: Promise<unknown>) =>
  work.then(
    () => 'accepted',
    (error) => error.code,
  )

describe('the flow of a sign-in', () => {
  it.each([undefined, { personId: 'ann', bearer: BEARER }])(
    'comes back as it left, with the link %j',
    async (link) => {
      const flow = { ...FLOW, link }
      expect(await verified(await signOidcFlow(flow, key, 'us', NOW))).toEqual(flow)
    },
  )

  it('ends after ten minutes', async () => {
    const token = await signOidcFlow(FLOW, key, 'us', NOW)
    const end = NOW + FLOW_LIFETIME * 1000
    expect(FLOW_LIFETIME).toBe(600)
    expect(await code(verified(token, end - 1000))).toBe('accepted')
    expect(await code(verified(token, end))).toBe('token-expired')
  })

  it('fits a cookie with the longest of everything', async () => {
    const longest = 'x'.repeat(64)
    const flow = {
      ...{ state: longest, nonce: longest, verifier: longest, provider: 'p'.repeat(32) },
      returnTo: `/${'x'.repeat(1023)}`,
      link: { personId: longest, bearer: { ...BEARER, sessionId: longest } },
    }
    const token = await signOidcFlow(flow, key, 'us', NOW)
    expect(token.length).toBeLessThan(4000)
    expect(await verified(token)).toEqual(flow)
  })

  const claims = {
    ...{ iss: 'us', aud: 'stompbox:oidc', sub: 'test', jti: 'state', exp: NOW / 1000 + 60 },
    ...{ nonce: 'nonce', verifier: 'verifier', return_to: '/' },
  }
  const signed = (payload: object, typ = 'oidc-flow+jwt') =>
    new SignJWT({ ...payload })
      .setProtectedHeader({ alg: 'ES256', kid: key.kid, typ })
      .sign(key.key)

  it.each([
    ['no nonce', { nonce: undefined }],
    ['no verifier', { verifier: undefined }],
    ['no way back', { return_to: undefined }],
    ['no state', { jti: undefined }],
    ['no provider', { sub: undefined }],
    ['no end', { exp: undefined }],
    ['a link that is a text', { link: 'ann' }],
    ['a link that is nothing', { link: null }],
    ['a link without a session', { link: { sub: 'ann', ver: 1, exp: 1 } }],
    ['another audience', { aud: 'stompbox' }],
    ['another issuer', { iss: 'them' }],
  ])('with %s is refused', async (_what, change) => {
    expect(await code(verified(await signed(claims)))).toBe('accepted')
    expect(await code(verified(await signed({ ...claims, ...change })))).toBe('token-invalid')
  })

  it.each(['at+jwt', 'ticket+jwt', 'JWT'])('is never a token of the type %s', async (typ) => {
    expect(await code(verified(await signed(claims, typ)))).toBe('token-invalid')
  })
})
