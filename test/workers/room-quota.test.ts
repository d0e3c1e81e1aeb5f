// Making rooms over HTTP, with the real objects behind: what is refused, and what was cut off
// half-way.

import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { createGateway } from '../../src/gateway/gateway.ts'
import { evict, objects, tables, wait, withCalls } from '../support/person-in-workerd.ts'
import { quiet } from '../support/quiet.ts'
import { rowsOf } from '../support/rows-of-object.ts'

const config = readConfig({ ...env, ROOMS_PER_GUEST: 2, ROOMS_PER_PERSON: 3 })

const DIRECTORY = env.DIRECTORY.get(env.DIRECTORY.idFromName('directory'))

quiet()
beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => {}))

let addresses = 0

/** Somebody signed in, and what they do. */
async function visitor(backend = objects) {
  const gateway = createGateway(config, backend)
  const from = { 'CF-Connecting-IP': `192.0.2.${++addresses}` }
  const ask = async (method: string, path: string, body?: object, token?: string) => {
    const answer = await gateway.request(`https://chat.example${path}`, {
      method,
      headers: {
        ...from,
        ...(body && { 'Content-Type': 'application/json' }),
        ...(token && { Authorization: `Bearer ${token}` }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    // biome-ignore lint/suspicious/noExplicitAny: tests look into answers as they come.
    const json: any = answer.status === 204 ? undefined : await answer.json()
    return { status: answer.status, body: json }
  }
  const { body: guest } = await ask('POST', '/api/auth/guest', { name: 'Ann' })
  const { accessToken: token, refreshToken, user } = guest
  return {
    ...{ user, token, refreshToken, ask },
    make: () => ask('POST', '/api/rooms', { name: 'a room' }, token),
    /** One's own rooms, as they are listed. */
    own: async (): Promise<string[]> => {
      const { body } = await ask('GET', '/api/rooms?limit=200', undefined, token)
      return body.rooms
        .filter(({ owner }: { owner: { id: string } }) => owner.id === user.id)
        .map(({ id }: { id: string }) => id)
    },
  }
}

describe('[R5] the rooms of a guest', () => {
  it('beyond the limit write nothing, and the next after a deletion is made', async () => {
    const ann = await visitor()
    expect([(await ann.make()).status, (await ann.make()).status]).toEqual([201, 201])
    const account = env.ACCOUNT.get(env.ACCOUNT.idFromName(ann.user.id))
    for (const stub of [DIRECTORY, account]) {
      const { written } = await rowsOf(stub, async () => {
        for (let n = 0; n < 20; n++) {
          expect(await ann.make()).toMatchObject({ status: 403, body: { code: 'too-many-rooms' } })
        }
      })
      expect(written).toBe(0)
    }
    const [first] = await ann.own()
    await ann.ask('DELETE', `/api/rooms/${first}`, undefined, ann.token)
    await evict(DIRECTORY)
    expect((await ann.make()).status).toBe(201)
    expect(await ann.own()).toHaveLength(2)
  })

  it('are more once the guest has an account', async () => {
    const ann = await visitor()
    await ann.make()
    await ann.make()
    expect((await ann.make()).status).toBe(403)
    const account = { username: ann.user.id.toLowerCase().replace(/^[^a-z0-9]/, 'x') }
    const registered = await ann.ask(
      'POST',
      '/api/auth/register',
      { ...account, password: 'correct horse battery', refreshToken: ann.refreshToken },
      ann.token,
    )
    expect(registered.status).toBe(201)
    const token = registered.body.accessToken
    const make = () => ann.ask('POST', '/api/rooms', { name: 'a room' }, token)
    expect([(await make()).status, (await make()).status]).toEqual([201, 403])
  })

  it.each(['create', 'add'] as const)(
    '[H1] cut off at %s count, are listed nowhere, and are gone when they are in the way',
    async (at) => {
      const lost = () => Promise.reject(new Error('cut off'))
      const made: string[] = []
      const ann = await visitor({
        ...objects,
        room: (id) => {
          made.push(id)
          const isCut = at === 'create' && made.length <= 2
          return withCalls(objects.room(id), isCut ? { create: lost } : {})
        },
        directory: () => {
          const directory = objects.directory()
          return {
            reserve: (profile, most) => directory.reserve(profile, most),
            remove: (...which) => directory.remove(...which),
            forget: (id) => directory.forget(id),
            list: (...page) => directory.list(...page),
            add: (profile) => (at === 'add' && made.length <= 2 ? lost() : directory.add(profile)),
          }
        },
      })
      expect([(await ann.make()).status, (await ann.make()).status]).toEqual([500, 500])
      expect(await ann.own()).toEqual([])
      expect((await ann.make()).status).toBe(403)
      const [left = ''] = made
      await evict(DIRECTORY)
      wait(301_000)
      expect((await ann.make()).status).toBe(201)
      expect(await ann.own()).toHaveLength(1)
      // A tombstone is left.
      const tombstone = at === 'create' ? [] : ['room', 'storage_version']
      expect(await tables(env.ROOM.get(env.ROOM.idFromName(left)))).toEqual(tombstone)
      expect((await ann.make()).status).toBe(201)
      expect((await ann.make()).status).toBe(403)
    },
  )
})
