import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { AccessVerifier } from '../../../../src/auth/tokens/access-verifier.ts'
import { Verifier } from '../../../../src/auth/tokens/verifier.ts'
import { newSigner, type Signer } from '../../../support/forge.ts'
import {
  type Issuing,
  issue,
  NOW,
  rulesOf,
  SECONDS,
  verdict,
} from '../../../support/token-world.ts'

const MINUTE = 60_000

const signers: Record<string, Signer> = {}
/** What the issuer answers, how often it was asked, and the clock. */
let published: () => Response | Promise<Response>
let asked: { url: string; options: RequestInit }[]
let now: number
let verifier: AccessVerifier

beforeAll(async () => {
  for (const kid of ['old', 'new']) signers[kid] = await newSigner('ES256', kid)
  signers.rsa = await newSigner('RS256', 'rsa')
  signers.short = await newSigner('RS256', 'short', 1024)
})

const keys = (...kids: string[]) => Response.json({ keys: kids.map((kid) => signers[kid]?.jwk) })

const keysWith = (status: number, headers: Record<string, string> = {}) =>
  new Response(keys('old').body, { status, headers })

const piped = (pull: (to: ReadableStreamDefaultController) => void) =>
  new Response(new ReadableStream({ pull }))

beforeEach(() => {
  asked = []
  now = NOW
  published = () => keys('old')
  verifier = newVerifier()
})

const newVerifier = () =>
  new AccessVerifier({
    own: new Verifier(
      () => Promise.reject(new Error('not ours')),
      () => now,
    ),
    issuer: 'us',
    trustedIssuers: [rulesOf('them', {})],
    now: () => now,
    fetch: async (url, options) => {
      asked.push({ url, options })
      return published()
    },
  })

/** Shows a token signed with a key, of which the header says what it says. */
async function shown(kid: string, header: object = {}): Promise<string> {
  const signer = signers[kid] as Signer
  const claims = { iss: 'https://them.example', aud: 'chat', sub: 'ann', exp: SECONDS + 86_400 }
  const issuing: Issuing = { signer, header: { alg: signer.alg, kid }, claims }
  return verdict(verifier.verify(await issue(issuing, { header: { ...header } })))
}

const KEY = 'token-invalid: key'
const UNAVAILABLE = 'unavailable: keys'

describe('the keys of a trusted issuer', () => {
  it('are asked for at the first token, and kept for ten minutes', async () => {
    expect(asked).toHaveLength(0)
    for (const at of [0, 1, 10 * MINUTE - 1]) {
      now = NOW + at
      expect(await shown('old')).toBe('accepted')
    }
    expect(asked).toHaveLength(1)
    expect(asked[0]).toMatchObject({
      url: 'https://them.example/jwks',
      options: { redirect: 'manual' },
    })
    now = NOW + 10 * MINUTE
    expect(await shown('old')).toBe('accepted')
    expect(asked).toHaveLength(2)
  })

  it('are asked for once more for an unknown one, and then not for thirty seconds', async () => {
    await shown('old')
    now += 30_000
    published = () => keys('old', 'new')
    expect(await shown('new')).toBe('accepted')
    expect(asked).toHaveLength(2)
    for (const after of [0, 15_000, 14_999]) {
      now += after
      expect(await shown('new', { kid: 'unknown' })).toBe(KEY)
    }
    expect(asked).toHaveLength(2)
    now += 1
    expect(await shown('new', { kid: 'unknown' })).toBe(KEY)
    expect(asked).toHaveLength(3)
    for (let n = 0; n < 200; n++) await shown('new', { kid: `unknown${n}` })
    expect(asked).toHaveLength(3)
    expect([await shown('old'), await shown('new')]).toEqual(['accepted', 'accepted'])
  })

  it('that are gone verify nothing any more', async () => {
    await shown('old')
    published = () => keys('new')
    now += 10 * MINUTE
    expect([await shown('old'), await shown('new')]).toEqual([KEY, 'accepted'])
  })

  it('are asked for by each request that has none, since none may wait for another', async () => {
    const { promise: slow, resolve: answer } = Promise.withResolvers<void>()
    published = () => slow.then(() => keys('old'))
    const first = shown('old')
    await expect.poll(() => asked.length).toBe(1)
    published = () => keys('old')
    expect(await shown('old')).toBe('accepted')
    answer()
    expect(await first).toBe('accepted')
    expect(asked).toHaveLength(2)
  })

  it('that are on their way refuse nobody for good: an unknown one is told to come back', async () => {
    await shown('old')
    now += 30_000
    const { promise: slow, resolve: answer } = Promise.withResolvers<void>()
    published = () => slow.then(() => keys('old', 'new'))
    const first = shown('new')
    await expect.poll(() => asked.length).toBe(2)
    expect([await shown('new'), await shown('old')]).toEqual([UNAVAILABLE, 'accepted'])
    answer()
    expect([await first, await shown('new')]).toEqual(['accepted', 'accepted'])
    expect(asked).toHaveLength(2)
  })

  it('of an older answer do not replace those of a newer one', async () => {
    const { promise: slow, resolve: answer } = Promise.withResolvers<void>()
    published = () => slow.then(() => keys('old'))
    const first = shown('old')
    await expect.poll(() => asked.length).toBe(1)
    now += 1
    published = () => keys('new')
    expect(await shown('new')).toBe('accepted')
    answer()
    expect(await first).toBe('accepted')
    expect([await shown('new'), await shown('old')]).toEqual(['accepted', KEY])
  })

  it.each([
    ['an answer of 404', () => new Response('', { status: 404 })],
    ['an answer of 204', () => new Response(null, { status: 204 })],
    ['a redirect', () => Response.redirect('https://evil.example/jwks')],
    ['a redirect with keys beside', () => keysWith(307, { Location: 'https://evil.example' })],
    ['keys with a status of 203', () => keysWith(203)],
    ['no JSON', () => new Response('<html>')],
    ['JSON, but no key set', () => Response.json({ keys: 'none' })],
    ['a key set of no objects', () => Response.json({ keys: [1] })],
    ['null', () => Response.json(null)],
    ['nothing', () => new Response('')],
    ['no UTF-8', () => new Response(Uint8Array.of(0xff))],
    ['128 KiB and a byte', () => Response.json({ keys: [], more: 'x'.repeat(131_055) })],
    ['an answer without end', () => piped((to) => to.enqueue(new Uint8Array(65_536)))],
    ['an answer that breaks off', () => piped((to) => to.error(new Error('reset')))],
    ['no network', () => Promise.reject(new TypeError('fetch failed'))],
    ['a time-out', () => Promise.reject(new DOMException('too late', 'TimeoutError'))],
  ])('that cannot be had, %s, are no fault of the token', async (_, answer) => {
    published = answer
    expect(await shown('old')).toBe(UNAVAILABLE)
    published = () => keys('old')
    now += 4999
    expect(await shown('old')).toBe(UNAVAILABLE)
    expect(asked).toHaveLength(1)
    now += 1
    expect(await shown('old')).toBe('accepted')
    expect(asked).toHaveLength(2)
  })

  it('may be 128 KiB', async () => {
    const { jwk } = signers.old as Signer
    const size = JSON.stringify({ keys: [jwk], more: '' }).length
    published = () => Response.json({ keys: [jwk], more: 'x'.repeat(131_072 - size) })
    expect(await shown('old')).toBe('accepted')
  })

  it('out of reach are missed by unknown ones alone, until they are old', async () => {
    await shown('old')
    published = () => new Response('', { status: 500 })
    now += 30_000
    expect([await shown('new'), await shown('old')]).toEqual([UNAVAILABLE, 'accepted'])
    expect(await shown('new')).toBe(UNAVAILABLE)
    expect(asked).toHaveLength(2)
    now = NOW + 10 * MINUTE
    expect(await shown('old')).toBe(UNAVAILABLE)
  })

  it.each([
    ['without kid, the only one of its algorithm', ['old', 'rsa'], 'accepted'],
    ['without kid, one of two', ['old', 'new'], KEY],
    ['without kid, none', ['rsa'], KEY],
  ])('%s', async (_, kids, wanted) => {
    published = () => keys(...kids)
    expect(await shown('old', { kid: undefined })).toBe(wanted)
  })

  it.each([
    ['for another algorithm', { alg: 'ES384' }],
    ['for encryption', { use: 'enc' }],
    ['for other work', { key_ops: ['sign'] }],
    ['of another kind', { kty: 'RSA' }],
    ['on another curve', { crv: 'P-384' }],
    ['that is no key', { x: 'AAAA', y: '' }],
    ['that is none of the curve', { x: 'A'.repeat(43), y: 'A'.repeat(43) }],
    ['that is a secret', { kty: 'oct', k: 'c2VjcmV0', x: undefined, y: undefined }],
    ['with its private half', { d: 'A'.repeat(43) }],
  ])('%s serve nobody', async (_, members) => {
    published = () => Response.json({ keys: [{ ...signers.old?.jwk, ...members }] })
    expect(await shown('old')).toBe(KEY)
  })

  it('of RSA have 2048 bits at least', async () => {
    published = () => keys('rsa', 'short')
    expect([await shown('rsa'), await shown('short')]).toEqual(['accepted', KEY])
  })
})
