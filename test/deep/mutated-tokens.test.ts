// More than ten thousand tokens that are nearly right, of each kind and each algorithm: none is
// accepted.

import { beforeAll, describe, expect, it } from 'vitest'
import { TokenError } from '../../src/auth/tokens/token-error.ts'
import { mutations } from '../support/mutations.ts'
import { type Change, issue, tokenWorld } from '../support/token-world.ts'

let world: Awaited<ReturnType<typeof tokenWorld>>
let total = 0

beforeAll(async () => {
  world = await tokenWorld()
})

const TICKET = { header: { typ: 'ticket+jwt' }, claims: { aud: 'stompbox:room', room: 'r' } }

const CASES = [
  { name: 'an access token of ours', issuer: 'us', door: 'access', change: {} },
  { name: 'a ticket', issuer: 'us', door: 'ticket', change: TICKET },
  { name: 'a trusted issuer’s, RS256', issuer: 'rsa', door: 'access', change: {} },
  { name: 'a trusted issuer’s, ES256', issuer: 'ec', door: 'access', change: {} },
  { name: 'a trusted issuer’s, EdDSA', issuer: 'ed', door: 'access', change: {} },
  { name: 'a trusted issuer’s, HS256', issuer: 'hmac', door: 'access', change: {} },
] as const

describe('of ten thousand mutated tokens none is accepted', () => {
  it.each(CASES)('$name', { timeout: 60_000 }, async ({ issuer, door, change }) => {
    const open = door === 'ticket' ? world.ticket : (token: string) => world.access.verify(token)
    const token = await issue(world.issuings[issuer], change)
    const claims = { ...('claims' in change && change.claims), sub: 'bob', jti: 'u', roles: [] }
    const other = await issue(world.issuings[issuer], { ...change, claims } as Change)
    // As long as the two themselves are accepted, what is refused is refused for its change.
    await Promise.all([open(token), open(other)])

    const mutated = mutations(token, other, 4)
    const surprising: unknown[] = []
    for (const each of mutated) {
      const outcome = await open(each).then(
        () => 'accepted',
        (error) => (error instanceof TokenError ? error.code : error),
      )
      if (outcome !== 'token-invalid') surprising.push([outcome, each])
    }
    expect(surprising).toEqual([])
    expect(mutated.size).toBeGreaterThan(2000)
    total += mutated.size
  })

  it('and they were ten thousand', () => {
    expect(total).toBeGreaterThan(10_000)
  })
})
