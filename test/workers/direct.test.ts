// Direct rooms in the real object, evicted between the steps.

import { evictDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { roomSettingsOf } from '../../src/room-settings.ts'
import { granted } from '../support/person-in-workerd.ts'
import { quiet } from '../support/quiet.ts'
import { connected, open, principal } from '../support/room-in-workerd.ts'
import { spent } from '../support/spent.ts'

quiet()

let rooms = 0

/** The direct room of ann and bob, made by ann. */
async function directRoom() {
  const id = `direct${String(++rooms).padStart(14, '0')}`
  const stub = env.ROOM.get(env.ROOM.idFromName(id))
  const profile = {
    ...{ id, name: 'ANN, BOB', kind: 'direct' as const, description: '', createdAt: 1 },
    ...{ owner: { id: '', name: '' }, settings: roomSettingsOf('direct', {}) },
  }
  const people = ['ann', 'bob'].map((person) => ({
    ...{ id: person, name: person.toUpperCase(), guest: false, role: 'writer' as const },
    joined: { at: 1, seq: 0 },
  }))
  const openAs = (who: string) => stub.openDirect(principal(who), profile, people)
  return { stub, openAs }
}

it('[H1] is made once, whoever opens it first', async () => {
  const { stub, openAs } = await directRoom()
  const answers = await Promise.all(['ann', 'bob', 'ann', 'bob'].map(openAs))
  expect(answers.map((answer) => granted(answer).created)).toEqual([true, false, false, false])
  await evictDurableObject(stub)
  const { room, created } = granted(await openAs('bob'))
  expect([created, room.name, room.role]).toEqual([false, 'ANN', 'writer'])
  const root = { ...principal('root'), roles: ['GENERAL', 'ADMIN'] }
  expect(await stub.delete(root)).toMatchObject({ refused: 'not-allowed' })
  expect(await stub.change(root, { name: 'x' })).toMatchObject({ refused: 'not-allowed' })
  expect(await stub.setRole(root, 'bob', 'reader')).toMatchObject({ refused: 'not-allowed' })
  expect(await stub.show(principal('eve'))).toEqual({ refused: 'room-unknown' })
})

it('[H1][C1] a block ends the sockets of whoever blocks, and is one row', async () => {
  const { stub, openAs } = await directRoom()
  await openAs('ann')
  const [ann, bob] = [await connected(stub, 'ann'), await connected(stub, 'bob')]
  await evictDurableObject(stub)
  const block = (isBlocked: boolean) =>
    spent(stub, async () => void granted(await stub.block(principal('ann'), isBlocked)))
  expect(await block(true)).toMatchObject({ rowsWritten: 1 })
  expect(await ann.closed).toEqual({ code: 4503, reason: 'room-blocked' })
  await evictDurableObject(stub)
  expect(await block(true)).toMatchObject({ rowsWritten: 0 })
  expect(await open(stub, 'ann')).toBe('room-blocked')
  bob.send('SEND\ndestination:/pub/send/message\nreceipt:r\n\nx\0')
  expect((await bob.next()).headers).toMatchObject({ 'receipt-id': 'r', seq: '1' })
  await evictDurableObject(stub)
  expect(await block(false)).toMatchObject({ rowsWritten: 1 })
  const again = await connected(stub, 'ann')
  again.close()
})
