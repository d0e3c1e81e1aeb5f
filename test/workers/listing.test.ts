// How a room is listed: the room is the truth, and a notice that was lost is sent again.

import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { DirectoryCalls } from '../../src/contract.ts'
import type { RoomEnv } from '../../src/objects/room/neighbours.ts'
import { evict, granted } from '../support/person-in-workerd.ts'
import { quiet } from '../support/quiet.ts'
import { madeRoom, principal } from '../support/room-in-workerd.ts'
import { spent } from '../support/spent.ts'

const DIRECTORY = env.DIRECTORY.get(env.DIRECTORY.idFromName('directory'))
const OWNER = principal('owner')

quiet()

afterEach(() => {
  vi.restoreAllMocks()
})

/** A room in the list. */
async function listedRoom() {
  const { id, stub } = await madeRoom()
  const { settings: _settings, role: _role, ...room } = granted(await stub.show(OWNER))
  await DIRECTORY.add(room)
  return { id, stub, room }
}

/** The entry of a room. */
async function entryOf(id: string) {
  const { rooms } = await DIRECTORY.list('nobody', { limit: 200 })
  return rooms.find((room) => room.id === id)
}

/** What an object calls of the directory from now on. `lost`: no call arrives. */
async function watched(stub: DurableObjectStub<undefined>, lost: () => boolean) {
  const calls: string[] = []
  await runInDurableObject(stub, (object) => {
    const { DIRECTORY: directories } = (object as unknown as { env: RoomEnv }).env
    const real = directories.get.bind(directories)
    const call = <Name extends 'add' | 'forget'>(name: Name, target: DirectoryCalls) =>
      ((...args: Parameters<DirectoryCalls[Name]>) => {
        calls.push(name)
        if (lost()) return Promise.reject(new Error('lost'))
        return Reflect.apply(Reflect.get(target, name), target, args)
      }) as DirectoryCalls[Name]
    vi.spyOn(directories, 'get').mockImplementation((id) => {
      const target = real(id)
      return { add: call('add', target as never), forget: call('forget', target as never) }
    })
  })
  return calls
}

describe('[H1] a room in the list', () => {
  it.each([false, true])('is renamed, described and archived; evicted: %s', async (evicted) => {
    const { id, stub } = await listedRoom()
    const change = async (what: object) => {
      granted(await stub.change(OWNER, what))
      if (evicted) for (const object of [stub, DIRECTORY]) await evict(object)
      return entryOf(id)
    }
    expect(await change({ name: '새 방' })).toMatchObject({ name: '새 방' })
    expect(await change({ description: 'x' })).toMatchObject({ name: '새 방', description: 'x' })
    expect(await change({ archived: true })).toBeUndefined()
    expect(await change({ archived: false })).toMatchObject({ name: '새 방' })
  })

  it('[C1] writes two rows more for a new name than for a setting, which nobody is told', async () => {
    const { stub } = await listedRoom()
    const calls = await watched(stub, () => false)
    const change = (what: object) =>
      spent(stub, async () => granted(await stub.change(OWNER, what)))
    // The profile, its entry of the moderation log, its event, and that the directory has heard.
    expect((await change({ name: '새 방' })).rowsWritten).toBe(4)
    expect((await change({ settings: { entry: 'accounts' } })).rowsWritten).toBe(2)
    expect((await change({ name: '새 방' })).rowsWritten).toBe(0)
    expect(calls).toEqual(['add'])
  })

  it.each([false, true])(
    'is listed as it is after a notice was lost, for one call; evicted: %s',
    async (evicted) => {
      const { id, stub } = await listedRoom()
      let lost = true
      let calls = await watched(stub, () => lost)
      granted(await stub.change(OWNER, { name: '새 방' }))
      expect(await entryOf(id)).toMatchObject({ name: 'a room' })
      expect(calls).toEqual(['add'])
      if (evicted) {
        await evict(stub)
        vi.restoreAllMocks()
        calls = await watched(stub, () => lost)
      }
      lost = false
      granted(await stub.show(principal('bob')))
      await vi.waitFor(async () => expect(await entryOf(id)).toMatchObject({ name: '새 방' }))
      // In a steady state nobody is called.
      const before = calls.length
      for (let n = 0; n < 3; n++) granted(await stub.show(principal('bob')))
      await evict(stub)
      granted(await stub.show(principal('bob')))
      expect(calls).toHaveLength(before)
    },
  )

  it('whose room is gone disappears when somebody opens it', async () => {
    const { id, stub } = await listedRoom()
    granted(await stub.delete(OWNER))
    expect(await entryOf(id)).toBeDefined()
    await evict(stub)
    expect(await stub.show(principal('bob'))).toEqual({ refused: 'room-unknown' })
    await vi.waitFor(async () => expect(await entryOf(id)).toBeUndefined())
  })
})
