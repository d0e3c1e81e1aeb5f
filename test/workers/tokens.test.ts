// The runtime has decoders and cryptography of its own: what is refused in Node is refused there
// too.

import { describe, expect, it } from 'vitest'
import { newSigner, type Signer } from '../support/forge.ts'
import { mutations } from '../support/mutations.ts'
import { issue, tokenWorld, verdict } from '../support/token-world.ts'
import { WRONG } from '../support/wrong-tokens.ts'

const ISSUERS = ['us', 'rsa', 'ec', 'ed', 'hmac'] as const

describe.each(ISSUERS)('in workerd, a token signed by %s', (issuer) => {
  it('is accepted or refused as everywhere', async () => {
    const world = await tokenWorld()
    const issuing = world.issuings[issuer]
    const { alg } = issuing.signer
    const stranger: Signer =
      alg === 'HS256'
        ? { ...issuing.signer, sign: async () => new Uint8Array(32) }
        : await other(alg)
    for (const { name, change, verdict: wanted } of WRONG) {
      const token = await issue(issuing, change(issuing, stranger))
      const expected = typeof wanted === 'string' ? wanted : (wanted[issuer] ?? wanted[''])
      expect([name, await verdict(world.access.verify(token))]).toEqual([name, expected])
    }
  })

  it('is refused once it is mutated', async () => {
    const world = await tokenWorld()
    const token = await issue(world.issuings[issuer])
    const another = await issue(world.issuings[issuer], { claims: { sub: 'bob', roles: [] } })
    for (const each of [token, another]) {
      expect(await verdict(world.access.verify(each))).toBe('accepted')
    }
    for (const each of mutations(token, another, 5)) {
      expect(await verdict(world.access.verify(each))).toMatch('token-invalid')
    }
  })
})

const other = (alg: string) => newSigner(alg as 'RS256', 'the-key')
