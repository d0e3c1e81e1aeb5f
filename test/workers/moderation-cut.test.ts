// Moderation of somebody whose socket is cut meanwhile: no notice arrives, and the act holds.

import { evictDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import type { EventsPage } from '../../src/room/log/pages.ts'
import { evict, granted, outcome } from '../support/person-in-workerd.ts'
import { quiet } from '../support/quiet.ts'
import {
  type Client,
  connected,
  heardUntil,
  madeRoom,
  open,
  principal,
  upTo,
} from '../support/room-in-workerd.ts'

quiet()

const [OWNER, MOD, ANN, BOB] = ['owner', 'mod', 'ann', 'bob'].map(principal) as Principals
type Principals = [By, By, By, By]
type By = ReturnType<typeof principal>
type Stub = Awaited<ReturnType<typeof madeRoom>>['stub']
type Done = Promise<object>

/** How ann is answered who comes back: at the door, for a page, and for a message. */
type Doors = readonly [entry: string, page: string, message: string]

interface Act {
  readonly what: string
  readonly kind?: 'private'
  readonly act: (stub: Stub) => Done
  readonly doors: Doors
  /** The events that it appends. */
  readonly events: readonly string[]
}

const HOUR = 3_600_000

const ACTS: readonly Act[] = [
  {
    what: 'a kick',
    act: (stub) => stub.removeMember(MOD, 'ann', 'spam'),
    doors: ['in', 'read', 'said'],
    events: [],
  },
  {
    what: 'a kick out of a private room',
    kind: 'private',
    act: (stub) => stub.removeMember(MOD, 'ann', 'spam'),
    doors: ['room-unknown', 'room-unknown', 'room-unknown'],
    events: ['left'],
  },
  {
    what: 'a ban',
    act: (stub) => stub.moderate(MOD, { type: 'ban', personId: 'ann', reason: 'spam' }),
    doors: ['banned', 'banned', 'banned'],
    events: ['role'],
  },
  {
    what: 'a mute',
    act: (stub) => stub.moderate(MOD, { type: 'mute', personId: 'ann', until: Date.now() + HOUR }),
    doors: ['in', 'read', 'muted'],
    events: [],
  },
  {
    what: 'a lower role',
    act: (stub) => stub.setRole(MOD, 'ann', 'reader'),
    doors: ['in', 'read', 'not-allowed'],
    events: ['role'],
  },
  {
    what: 'freezing',
    act: (stub) => stub.change(MOD, { settings: { frozen: true } }),
    doors: ['in', 'read', 'room-frozen'],
    events: [],
  },
  {
    what: 'slow mode',
    act: (stub) => stub.change(MOD, { settings: { slowMode: 600 } }),
    doors: ['in', 'read', 'slow-mode'],
    events: [],
  },
  {
    what: 'clearing',
    act: (stub) => stub.moderate(MOD, { type: 'clear', personId: 'ann', last: 500 }),
    doors: ['in', 'read', 'said'],
    events: ['delete'],
  },
]

/** When the socket is lost. */
const CUTS: readonly [
  when: string,
  cut: (stub: Stub, ann: Client, act: () => Done) => Promise<unknown>,
][] = [
  [
    'before it',
    async (_stub, ann, act) => {
      ann.close()
      expect(outcome(await act())).toBe('granted')
    },
  ],
  [
    'while it is done',
    async (_stub, ann, act) => {
      const acting = act()
      ann.close()
      expect(outcome(await acting)).toBe('granted')
    },
  ],
  [
    'while it is done, and the room had to wake',
    async (stub, ann, act) => {
      await evict(stub)
      const acting = act()
      ann.close()
      expect(outcome(await acting)).toBe('granted')
    },
  ],
  [
    'with all others and the room, right after it',
    async (stub, _ann, act) => {
      expect(outcome(await act())).toBe('granted')
      await evictDurableObject(stub, { webSockets: 'close' })
    },
  ],
]

async function listens(stub: Stub, room: string, who: string, after: number): Promise<Client> {
  const client = await connected(stub, who)
  client.send(`SUBSCRIBE\nid:log\ndestination:/topic/chat/room/${room}\nafter:${after}\n\n\0`)
  return client
}

const pageOf = async (stub: Stub): Promise<EventsPage> =>
  granted((await stub.events(OWNER, {})) as object as { value: EventsPage })

async function doorsOf(stub: Stub): Promise<Doors> {
  const client = await open(stub, 'ann')
  if (typeof client !== 'string') client.close()
  const page = await stub.events(ANN, {})
  const said = await stub.execute(ANN, { type: 'message', content: 'and again' })
  return [
    typeof client === 'string' ? client : 'in',
    'refused' in page ? page.refused : 'read',
    'refused' in said ? said.refused : 'said',
  ]
}

describe.each(ACTS)('[H1] [M3] $what', ({ kind, act, doors, events }) => {
  it.each(CUTS)('holds where the socket is cut %s', async (_when, cut) => {
    const { id, stub } = await madeRoom(kind && { kind })
    for (const [who, role] of [
      [MOD, 'moderator'],
      [BOB, 'writer'],
      [ANN, 'writer'],
    ] as const) {
      await stub.invite(OWNER, { digest: who.id, role, expiresIn: 60, uses: 0 })
      granted(await stub.useInvitation(who, who.id))
    }
    const ann = await listens(stub, id, 'ann', 0)
    granted(await stub.execute(ANN, { type: 'message', content: 'once' }))
    const before = (await pageOf(stub)).head
    await heardUntil(ann, before)
    await cut(stub, ann, () => act(stub))
    const { events: appended } = await pageOf(stub)
    expect(appended.slice(before).map(({ type }) => type)).toEqual(events)
    expect(await doorsOf(stub)).toEqual(doors)
    await evict(stub)
    expect((await doorsOf(stub)).slice(0, 2)).toEqual(doors.slice(0, 2))
    // The others miss nothing, and the act is written down once.
    const { head } = await pageOf(stub)
    expect(await heardUntil(await listens(stub, id, 'bob', 0), head)).toEqual(upTo(head))
    const acts = granted(await stub.moderation(OWNER, { list: 'log', limit: 9 }))
    expect(acts).toMatchObject({ entries: [{ by: { id: 'mod' }, seq: expect.any(Number) }] })
  })
})
