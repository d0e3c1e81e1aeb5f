import { evictDurableObject } from 'cloudflare:test'
import { expect, it } from 'vitest'
import { roomSettingsOf } from '../../src/room-settings.ts'
import { outcome } from '../support/person-in-workerd.ts'
import { connected, madeRoom, open, principal } from '../support/room-in-workerd.ts'

const owner = principal('owner')
const gil = principal('guest-gil')

it('[A2] [H1] a room that asks for accounts admits no guests, whatever they ask and whenever it woke', async () => {
  const { stub } = await madeRoom()
  const inside = await connected(stub, 'guest-gil')
  await evictDurableObject(stub, { webSockets: 'hibernate' })
  expect(outcome(await stub.change(gil, { settings: { entry: 'accounts' } }))).toBe('not-allowed')
  expect(await stub.change(owner, { settings: { entry: 'accounts' } })).toMatchObject({
    value: { settings: { entry: 'accounts' }, role: 'owner' },
  })
  expect((await inside.next()).headers.code).toBe('accounts-only')
  expect(await inside.closed).toEqual({ code: 4503, reason: 'accounts-only' })
  for (let wake = 0; wake < 2; wake++) {
    expect(await open(stub, 'guest-gil')).toBe('accounts-only')
    // What a ticket is asked of, and all of HTTP.
    expect(await stub.show(gil)).toEqual({ refused: 'accounts-only' })
    expect(await stub.events(gil, {})).toEqual({ refused: 'accounts-only' })
    expect(await stub.members(gil, {})).toEqual({ refused: 'accounts-only' })
    await connected(stub, 'ann')
    await evictDurableObject(stub, { webSockets: 'hibernate' })
  }
  await stub.change(owner, { settings: { entry: 'anyone' } })
  await evictDurableObject(stub, { webSockets: 'hibernate' })
  await connected(stub, 'guest-gil')
})

it('a room may ask for accounts from the beginning', async () => {
  const { stub } = await madeRoom({ settings: roomSettingsOf('public', { entry: 'accounts' }) })
  expect(await open(stub, 'guest-gil')).toBe('accounts-only')
  await evictDurableObject(stub)
  expect(await open(stub, 'guest-gil')).toBe('accounts-only')
  await connected(stub, 'ann')
})
