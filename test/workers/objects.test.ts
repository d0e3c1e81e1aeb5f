import { evictDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'

describe('the key ring', () => {
  const keyRing = (name: string) => env.KEY_RING.get(env.KEY_RING.idFromName(name))

  it('makes one key, however many ask first, and keeps it', async () => {
    const stub = keyRing('one key')
    const first = await Promise.all(Array.from({ length: 20 }, () => stub.material()))
    const kids = new Set(first.map(({ signing }) => signing.kid))
    expect(kids.size).toBe(1)
    await evictDurableObject(stub)
    const { signing, verifying } = await stub.material()
    expect(kids).toContain(signing.kid)
    expect(verifying.keys).toHaveLength(1)
  })

  it('gives the public halves without the private ones', async () => {
    const { keys } = await keyRing('halves').publicKeys()
    expect(keys.map((key) => Object.keys(key).sort())).toEqual([
      ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'],
    ])
  })
})

describe('the directory', () => {
  const room = (n: number, kind: 'public' | 'unlisted' = 'public', owner = 'ann') => ({
    id: `room${n}`,
    name: `방 ${n}`,
    kind,
    description: '',
    owner: { id: owner, name: owner },
    createdAt: n,
  })

  it('lists the newest first, in pages', async () => {
    const stub = env.DIRECTORY.get(env.DIRECTORY.idFromName('pages'))
    for (let n = 1; n <= 5; n++) await stub.add(room(n))
    const first = await stub.list('bob', { limit: 2 })
    expect(first.rooms).toEqual([room(5), room(4)])
    const second = await stub.list('bob', { before: first.next ?? 0, limit: 2 })
    expect(second.rooms).toEqual([room(3), room(2)])
    const third = await stub.list('bob', { before: second.next ?? 0, limit: 2 })
    expect(third).toEqual({ rooms: [room(1)], next: null })
  })

  it('shows a private room to its owner alone', async () => {
    const stub = env.DIRECTORY.get(env.DIRECTORY.idFromName('private'))
    await stub.add(room(1, 'unlisted'))
    expect((await stub.list('bob', { limit: 9 })).rooms).toEqual([])
    expect((await stub.list('ann', { limit: 9 })).rooms).toEqual([room(1, 'unlisted')])
  })

  it('adds a room once, and removes it', async () => {
    const stub = env.DIRECTORY.get(env.DIRECTORY.idFromName('once'))
    await stub.add(room(1))
    await stub.add(room(1))
    expect((await stub.list('bob', { limit: 9 })).rooms).toEqual([room(1)])
    await stub.remove('room1')
    await stub.remove('room1')
    expect((await stub.list('bob', { limit: 9 })).rooms).toEqual([])
  })
})
