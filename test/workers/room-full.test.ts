// A room whose storage is full by ROOM_BYTES, with the real storage behind.

import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { RoomInstance } from '../../src/objects/room/instance.ts'
import { guarded } from '../../src/objects/room/storage/guarded-storage.ts'
import { openRoom } from '../../src/objects/room/storage/room-storage.ts'
import type { Carrier } from '../../src/objects/room/usage/usage-checkpoint.ts'
import { openedSession } from '../../src/room/connections/session.ts'
import type { Credential, Inbound } from '../../src/room/ports.ts'
import { arrivalOf, unread } from '../support/fake-room.ts'
import { frameOf } from '../support/frame-of.ts'
import { madeRoom, principal } from '../support/room-in-workerd.ts'

const BYTES = 1_000_000
const CONTENT = 'x'.repeat(8000)

/**
 * Somebody in the room as its object wakes now: gives the code of a refusal, or the seq of a SEND.
 */
function entered(storage: DurableObjectStorage) {
  const kept = guarded(storage)
  const profile = openRoom(kept)
  if (!profile) throw new Error('there is no room')
  let heard = ''
  const ann: Inbound & Carrier = {
    counts: undefined,
    gone: false,
    session: openedSession(principal('ann'), { id: 's', version: 1 }, 0),
    congested: false,
    ...unread(),
    beatSince: () => true,
    beatAt: 0,
    send: (told) => {
      heard += told
    },
    close: () => {},
  }
  const limits = { ...readConfig(env).room, bytes: BYTES, sendPerSecond: 1e6, sendBurst: 1e6 }
  const instance = new RoomInstance(profile, kept, limits, () => [ann])
  const say = (...frame: Parameters<typeof frameOf>) => {
    heard = ''
    const claims = {
      principal: principal('ann'),
      sessionId: 's',
      version: 1,
      federated: false,
      expiresAt: 1e11,
    }
    const credential: Credential | undefined = frame[0] === 'CONNECT' ? { claims } : undefined
    instance.turns.run((turn, room) =>
      room.receive(turn, [arrivalOf(ann, frameOf(...frame), credential)]),
    )
    return /^(?:code|seq):(.*)$/m.exec(heard)?.[1]
  }
  say('CONNECT', { 'accept-version': '1.2' })
  say('SUBSCRIBE', { id: 'e', destination: '/user/queue/errors' })
  return {
    write: () => say('SEND', { destination: '/pub/send/message', receipt: 'r' }, CONTENT),
    delete: (seq: number) =>
      say('SEND', { destination: '/pub/delete/message', receipt: 'r' }, JSON.stringify({ seq })),
  }
}

it('[R5][H1] a full room takes no message, also after an eviction, until messages were deleted', async () => {
  const { stub } = await madeRoom()
  await runInDurableObject(stub, (_room, { storage }) => {
    let ann = entered(storage)
    let last = 0
    for (let told = ann.write(); told !== 'room-full'; told = ann.write()) {
      expect(Number(told)).toBe(++last)
      expect(last).toBeLessThan(1000)
    }
    // What was asked of the storage may be a few writes old.
    expect(storage.sql.databaseSize).toBeGreaterThanOrEqual(BYTES)
    expect(storage.sql.databaseSize).toBeLessThan(BYTES + 10 * CONTENT.length)
    ann = entered(storage)
    expect(ann.write()).toBe('room-full')
    for (let seq = 1; seq <= 20; seq++) expect(ann.delete(seq)).toBe(String(last + seq))
    let told = ann.write()
    for (let n = 0; n < 10 && told === 'room-full'; n++) told = ann.write()
    expect(told).toBe(String(last + 21))
  })
})
