import { env } from 'cloudflare:workers'
import { createLocalJWKSet } from 'jose'
import { describe, expect, it } from 'vitest'
import { signAccessToken, verifyAccessToken } from '../../src/auth/tokens/access-token.ts'
import { importSigningKey, type KeyMaterial } from '../../src/auth/tokens/keys.ts'
import { readConfig } from '../../src/config.ts'
import { DAY, evict, wait } from '../support/person-in-workerd.ts'
import { quiet } from '../support/quiet.ts'

const lines = quiet()

const keyRing = (name: string) => env.KEY_RING.get(env.KEY_RING.idFromName(name))

const kids = ({ verifying }: KeyMaterial) => verifying.keys.map(({ kid }) => kid)

/** Seconds: access token and ticket, and the caches. */
const OVERLAP = 900 + 30 + 600

const { access } = readConfig(env)

async function sign({ signing }: KeyMaterial): Promise<string> {
  const principal = { id: 'ann', name: 'Ann', roles: [] }
  const claims = { principal, sessionId: 's', signedInAt: 1, version: 1, tokenId: 't' }
  return signAccessToken(claims, await importSigningKey(signing), access, Date.now())
}

const verify = ({ verifying }: KeyMaterial, token: string) =>
  verifyAccessToken(token, createLocalJWKSet(verifying), access.issuer, Date.now()).then(
    () => 'valid',
    (error) => error.code,
  )

describe('the key ring', () => {
  it('makes a new key when the newest is KEY_DAYS old', async () => {
    const stub = keyRing('by age')
    const first = await stub.material()
    wait(30 * DAY - 60_000)
    expect((await stub.material()).signing.kid).toBe(first.signing.kid)
    wait(60_000)
    const next = await stub.material()
    expect(next.signing.kid).not.toBe(first.signing.kid)
    expect(kids(next)).toEqual([first.signing.kid, next.signing.kid])
  })

  it('makes one new key, however many ask when it is time', async () => {
    const stub = keyRing('one at a time')
    await stub.material()
    wait(30 * DAY)
    const all = await Promise.all(Array.from({ length: 20 }, () => stub.material()))
    expect(new Set(all.map(({ signing }) => signing.kid)).size).toBe(1)
    expect(kids(await stub.material())).toHaveLength(2)
  })

  it('verifies with the old key until its last token has ended, and then has it no more', async () => {
    const stub = keyRing('overlap')
    const first = await stub.material()
    await stub.rotate(false)
    // A cache may sign with the old key for a while.
    wait(600_000)
    const last = await sign(first)
    wait(899_000)
    expect(await verify(await stub.material(), last)).toBe('valid')
    wait((OVERLAP - 600 - 899) * 1000 - 1000)
    expect(kids(await stub.material())).toHaveLength(2)
    wait(2000)
    const after = await stub.material()
    expect(kids(after)).toEqual([after.signing.kid])
    expect(await verify(after, last)).toBe('token-invalid')
  })

  it('keeps each of several old keys for as long as its own tokens live', async () => {
    const stub = keyRing('several')
    const first = (await stub.material()).signing.kid
    const second = await stub.rotate(false)
    wait(1_000_000)
    const third = await stub.rotate(false)
    expect(kids(await stub.material())).toEqual([first, second, third])
    wait(OVERLAP * 1000 - 1_000_000)
    expect(kids(await stub.material())).toEqual([second, third])
    wait(1_000_000)
    expect(kids(await stub.material())).toEqual([third])
  })

  it('rotates on demand, at once', async () => {
    const stub = keyRing('on demand')
    const first = await stub.material()
    const token = await sign(first)
    const kid = await stub.rotate(false)
    const next = await stub.material()
    expect(next.signing.kid).toBe(kid)
    expect(await verify(next, token)).toBe('valid')
    expect(await verify(next, await sign(next))).toBe('valid')
    expect((await stub.publicKeys()).keys.every((key) => !('d' in key))).toBe(true)
  })

  it('drops all others when they are compromised', async () => {
    const stub = keyRing('compromised')
    const first = await stub.material()
    const token = await sign(first)
    await stub.rotate(false)
    const kid = await stub.rotate(true)
    const next = await stub.material()
    expect(kids(next)).toEqual([kid])
    expect(await verify(next, token)).toBe('token-invalid')
  })

  it('may rotate before it was ever asked for a key', async () => {
    const stub = keyRing('rotate first')
    const kid = await stub.rotate(false)
    expect(kids(await stub.material())).toEqual([kid])
  })

  it('is the same over evictions', async () => {
    const stub = keyRing('evicted')
    const seen: unknown[] = [kids(await stub.material())]
    await evict(stub)
    const kid = await stub.rotate(false)
    await evict(stub)
    seen.push(kids(await stub.material()))
    await evict(stub)
    seen.push(kids(await stub.material()))
    const [[first]] = seen as [[string]]
    expect(seen).toEqual([[first], [first, kid], [first, kid]])
  })

  it('writes down each key, and nothing of it but the id', async () => {
    const stub = keyRing('written down')
    const { signing } = await stub.material()
    const kid = await stub.rotate(true)
    expect(lines()).toEqual([
      { event: 'keys-rotated', kid: signing.kid, compromised: false },
      { event: 'keys-rotated', kid, compromised: true },
    ])
  })
})
