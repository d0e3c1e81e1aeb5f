// Every way in which a token can be wrong, told to each issuer's keys: ours and four trusted ones'.

import { EncryptJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { hmac, newSigner, type Signer } from '../../../support/forge.ts'
import { type Issuing, issue, tokenWorld, verdict } from '../../../support/token-world.ts'
import { WRONG } from '../../../support/wrong-tokens.ts'

let world: Awaited<ReturnType<typeof tokenWorld>>
/** Somebody else with keys of each kind. */
let strangers: Readonly<Record<string, Signer>>

beforeAll(async () => {
  world = await tokenWorld()
  const [RS256, ES256, EdDSA] = await Promise.all([
    newSigner('RS256', 'the-key'),
    newSigner('ES256', 'the-key'),
    newSigner('EdDSA', 'the-key'),
  ])
  const secret = { alg: 'HS256', sign: hmac(new Uint8Array(32)), jwk: undefined, publicTexts: [] }
  strangers = { RS256, ES256, EdDSA, HS256: secret }
})

const judged = (token: string) => verdict(world.access.verify(token))

describe.each(['us', 'rsa', 'ec', 'ed', 'hmac'] as const)('a token signed by %s', (issuer) => {
  let issuing: Issuing

  beforeAll(() => {
    issuing = world.issuings[issuer]
  })

  it('as it should be is accepted', async () => {
    expect(await judged(await issue(issuing))).toBe('accepted')
  })

  it.each(WRONG)('$name', async ({ change, verdict: wanted }) => {
    const fetched = world.fetched.length
    const token = await issue(issuing, change(issuing, strangers[issuing.signer.alg] as Signer))
    const expected = typeof wanted === 'string' ? wanted : (wanted[issuer] ?? wanted[''])
    expect(await judged(token)).toBe(expected)
    // Whatever the header names, keys are fetched from nowhere but the configured address.
    const addresses = new Set(world.fetched.slice(fetched))
    expect([...addresses].filter((url) => url !== `https://${issuer}.example/jwks`)).toEqual([])
  })

  it.each(['HS256', 'HS384', 'HS512'])(
    'with %s, by what everybody knows of the key',
    async (alg) => {
      const wanted = alg === issuing.signer.alg ? 'signature' : 'algorithm'
      for (const secret of issuing.signer.publicTexts) {
        const sign = hmac(secret, `SHA-${alg.slice(2)}`)
        const token = await issue(issuing, { header: { alg }, sign })
        expect(await judged(token)).toBe(`token-invalid: ${wanted}`)
      }
    },
  )

  it('by the key of another issuer, of the same kid', async () => {
    for (const { signer } of Object.values(world.issuings).filter((other) => other !== issuing)) {
      const token = await issue(issuing, { header: { alg: signer.alg }, sign: signer.sign })
      const ofPublicKeys = issuer in world.trusted && issuer !== 'hmac' && signer.alg !== 'HS256'
      const otherAlgorithm = ofPublicKeys ? 'key' : 'algorithm'
      const wanted = signer.alg === issuing.signer.alg ? 'signature' : otherAlgorithm
      expect([signer.alg, await judged(token)]).toEqual([signer.alg, `token-invalid: ${wanted}`])
    }
  })

  it('in another form', async () => {
    const good = await issue(issuing)
    const [head, body, signature] = good.split('.')
    const encrypted = await new EncryptJWT({ iss: 'us' })
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .encrypt(new Uint8Array(32))
    const nested = await issue(issuing, { header: { cty: 'JWT' }, claims: good })
    const clear = Buffer.from(body ?? '', 'base64url').toString()
    const malformed = [
      ...['', '.', '..', '...', 'a.b.c', `${head}`, `${body}`, `${signature}`],
      ...[encrypted, nested, JSON.stringify({ protected: head, payload: body, signature })],
      ...[`${head}.${clear}.${signature}`, `${head}..${signature}`, `.${body}.${signature}`],
      ...[`${good}.`, `.${good}`, `${good}.${signature}`, ` ${good}`, `${good}\n`, `${good}=`],
      ...[good.replace('.', ','), `Bearer ${good}`, `"${good}"`, `${good}~`],
    ]
    for (const token of malformed) {
      expect([token, await judged(token)]).toEqual([token, 'token-invalid: malformed'])
    }
    expect(await judged('x'.repeat(16_385))).toBe('token-invalid: too-long')
  })
})

describe('one kind of token shown as another', () => {
  const KINDS = {
    access: {},
    ticket: { header: { typ: 'ticket+jwt' }, claims: { aud: 'stompbox:room', room: 'r' } },
    flow: {
      header: { typ: 'oidc-flow+jwt' },
      claims: { aud: 'stompbox:oidc', nonce: 'n', verifier: 'v', return_to: '/' },
    },
  }
  const NAMES = ['access', 'ticket', 'flow'] as const

  it.each(NAMES.flatMap((kind) => NAMES.map((shownAs) => [kind, shownAs] as const)))(
    '%s as %s',
    async (kind, shownAs) => {
      const token = await issue(world.issuings.us, KINDS[kind])
      const checks: Record<typeof shownAs, (token: string) => Promise<unknown>> = {
        access: (text) => world.access.verify(text),
        ticket: world.ticket,
        flow: world.flow,
      }
      const wanted = kind === shownAs ? 'accepted' : 'token-invalid: type'
      expect(await verdict(checks[shownAs](token))).toBe(wanted)
    },
  )

  it.each([
    ['rsa', 'algorithm'],
    ['ec', 'signature'],
    ['ed', 'algorithm'],
    ['hmac', 'algorithm'],
  ] as const)('a ticket by %s, who makes none', async (issuer, reason) => {
    const change = { ...KINDS.ticket, claims: { ...KINDS.ticket.claims, iss: 'us' } }
    const token = await issue(world.issuings[issuer], change)
    expect(await verdict(world.ticket(token))).toBe(`token-invalid: ${reason}`)
  })
})
