// What is larger than a row can be, where the variables would allow it: refused before anything is
// written.

import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { RoomInstance } from '../../src/objects/room/instance.ts'
import { guarded } from '../../src/objects/room/storage/guarded-storage.ts'
import { openRoom } from '../../src/objects/room/storage/room-storage.ts'
import type { Carrier } from '../../src/objects/room/usage/usage-checkpoint.ts'
import { Refusal } from '../../src/refusals.ts'
import { openedSession } from '../../src/room/connections/session.ts'
import type { Credential, Inbound } from '../../src/room/ports.ts'
import { everything } from '../support/bad-storage.ts'
import { arrivalOf, unread } from '../support/fake-room.ts'
import { frameOf } from '../support/frame-of.ts'
import { madeRoom, principal } from '../support/room-in-workerd.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

/** Bytes: a row takes 2 MB, and beside the text there are its sender and its moment. */
const FITS = 1_999_900
const TOO_LARGE = 2_000_001

type Said = Parameters<typeof frameOf>

/** Limits that no row keeps. */
const LIMITS = {
  maxContentBytes: 1e7,
  transactionBytes: 1e7,
  queueBytes: 1e8,
  queueBytesPerSender: 1e8,
}

/** What is told to somebody who says these frames, in a room with such limits. */
function say(storage: DurableObjectStorage, queue: string, frames: readonly Said[]) {
  const kept = guarded(storage)
  const profile = openRoom(kept)
  if (!profile) throw new Error('there is no room')
  const heard: string[] = []
  let closed: number | undefined
  const ann: Inbound & Carrier = {
    counts: undefined,
    gone: false,
    session: openedSession(principal('ann'), { id: 's', version: 1 }, 0),
    congested: false,
    ...unread(),
    beatSince: () => true,
    beatAt: 0,
    send: (told) => void heard.push(String(told)),
    close: (code) => {
      closed = code
    },
  }
  const limits = { ...readConfig(env).room, ...LIMITS }
  const instance = new RoomInstance(profile, kept, limits, () => [ann])
  const claims = {
    principal: principal('ann'),
    sessionId: 's',
    version: 1,
    federated: false,
    expiresAt: 1e11,
  }
  const receive = (frame: Said, credential?: Credential) =>
    instance.turns.run((turn, room) =>
      room.receive(turn, [arrivalOf(ann, frameOf(...frame), credential)]),
    )
  receive(['CONNECT', { 'accept-version': '1.2' }], { claims })
  for (const [command, headers, body] of frames) {
    const { destination = '' } = headers
    const place = destination === '' ? {} : { destination: destination.replace('{queue}', queue) }
    receive([command, { ...headers, ...place }, body])
  }
  return { heard: heard.slice(1), closed }
}

const text = (bytes: number) => 'x'.repeat(bytes)
const TEXT = { 'content-type': 'text/plain', receipt: 'r' }
const JSON_TYPE = { 'content-type': 'application/json', receipt: 'r' }
const T = { transaction: 't' }

const message = (content: string, headers = {}): Said => [
  'SEND',
  { destination: '/pub/send/message', ...TEXT, ...headers },
  content,
]
const change = (to: string, body: object): Said => [
  'SEND',
  { destination: `/pub/${to}/message`, ...JSON_TYPE },
  JSON.stringify({ seq: 1, ...body }),
]
const reaction = (letter: string) => change('react', { reaction: letter.repeat(32) })

interface Case {
  readonly name: string
  /** The last is refused. `{queue}` is the name of a work queue. */
  readonly frames: readonly Said[]
  /** How many events there are then. */
  readonly events: number
}

const CASES: readonly Case[] = [
  { name: 'a message', frames: [message(text(TOO_LARGE))], events: 0 },
  { name: 'a message of wide letters', frames: [message('한'.repeat(TOO_LARGE / 3))], events: 0 },
  {
    name: 'an edit',
    frames: [message('x'), change('edit', { content: text(TOO_LARGE) })],
    events: 1,
  },
  {
    name: 'one reaction more to a message that only just fits',
    frames: [message(text(FITS)), reaction('a'), reaction('b'), reaction('c')],
    events: 3,
  },
  {
    name: 'a message to a work queue',
    frames: [['SEND', { destination: '{queue}', ...TEXT }, text(TOO_LARGE)]],
    events: 0,
  },
  {
    name: 'a frame of a transaction',
    frames: [['BEGIN', T], message(text(TOO_LARGE), T)],
    events: 0,
  },
]

describe('what is larger than a row', () => {
  it.each(CASES)('[R3] is refused: $name', async ({ frames, events }) => {
    const { id, stub } = await madeRoom()
    const logged = vi.spyOn(console, 'error')
    await runInDurableObject(stub, (_room, { storage }) => {
      const { heard, closed } = say(storage, `/queue/rooms/${id}/jobs`, frames)
      expect(heard.map((frame) => frame.split('\n', 1)[0])).toEqual([
        ...Array.from({ length: events }, () => 'RECEIPT'),
        'ERROR',
      ])
      expect(heard.at(-1)).toContain('\ncode:content-too-large\n')
      expect(closed).toBe(1009)
    })
    expect(logged).not.toHaveBeenCalled()
    const kept = await everything(stub)
    expect(kept).toMatchObject({ queue_messages: [], transaction_frames: [] })
    expect(kept.events).toHaveLength(events)
  })

  it.each<[what: string, value: string | Uint8Array]>([
    ['a text', text(TOO_LARGE)],
    ['a text of wide letters', '한'.repeat(TOO_LARGE / 3)],
    ['bytes', new Uint8Array(TOO_LARGE)],
  ])('[R3] is refused before anything is tried: %s', async (_, value) => {
    const { stub } = await madeRoom()
    await runInDurableObject(stub, (_room, { storage }) => {
      const { sql } = guarded(storage)
      sql.exec('CREATE TABLE sized (value ANY) STRICT')
      expect(() => sql.exec('INSERT INTO sized VALUES (?)', value)).toThrow(
        new Refusal('content-too-large'),
      )
      expect(sql.exec('SELECT * FROM sized').toArray()).toEqual([])
      sql.exec('INSERT INTO sized VALUES (?)', text(FITS))
    })
  })
})
