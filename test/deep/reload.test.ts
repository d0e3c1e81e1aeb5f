// What a deploy does to everybody who is connected: the Worker is loaded anew, and every socket is
// gone at once. Clients of the reference module, with the waits that they have in life, come back
// by themselves.

import { Client } from '@stomp/stompjs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestHarness } from 'wrangler'
import { WebSocket } from 'ws'
import { createHttpApi } from '../../src/client/http-api.ts'
import type { RoomClient, State } from '../../src/client/options.ts'
import { createRoomClient } from '../../src/client/room-client.ts'
import { BUILT_CHEAP, ROOT } from '../support/build.ts'
import { GENEROUS } from '../support/generous.ts'
import { guest, newRoom, type Person } from '../support/people.ts'
import { wholeLog } from './storm/pages.ts'
import { Changes } from './storm/until.ts'

const ROOMS = 10
const CLIENTS = 500
/** Of each room; each says something every so many milliseconds. */
const SPEAKERS = 2
const PACE = 500
/** Clients that begin in one go. */
const AT_ONCE = 25
const TIMEOUT = 120_000

let server: { readonly url: string }
const changes = new Changes()

/** `wrangler dev` keeps its address when it loads the Worker anew. */
const harness = createTestHarness({
  root: ROOT,
  workers: [
    {
      ...{ configPath: 'wrangler.toml', prebuiltWorkerDir: BUILT_CHEAP },
      vars: { ...GENEROUS, SOCKETS_PER_PRINCIPAL: CLIENTS },
    },
  ],
})

beforeAll(async () => {
  server = { url: (await harness.listen()).url.origin }
})

afterAll(() => harness.close())

/** One of the clients, and what it was told. */
class Member {
  readonly person: Person
  readonly roomId: string
  readonly client: RoomClient
  /** The keys of its own entries, and the seq that each was told to have. */
  readonly sent = new Map<string, number | undefined>()
  readonly wrong: string[] = []
  /** When it was connected, and how long it meant to wait before it tried again. */
  readonly connects: number[] = []
  readonly waits: number[] = []
  #last = 0

  constructor(person: Person, roomId: string) {
    this.person = person
    this.roomId = roomId
    this.client = createRoomClient({
      roomId,
      Client,
      WebSocket,
      userId: person.id,
      session: { accessToken: async () => person.accessToken },
      api: createHttpApi(server.url),
      after: 0,
      onEvent: ({ seq }) => {
        if (seq !== this.#last + 1) this.wrong.push(`${seq} after ${this.#last}`)
        this.#last = seq
        changes.happened()
      },
      onState: (state) => this.#hear(state),
      onOutgoing: ({ key, seq }) => {
        this.sent.set(key, seq)
        changes.happened()
      },
      onProblem: (problem) => this.wrong.push(String(problem)),
    })
  }

  get isHere(): boolean {
    return this.client.state?.phase === 'connected'
  }

  #hear(state: State): void {
    if (state.phase === 'connected') this.connects.push(performance.now())
    if (state.phase === 'waiting') this.waits.push(state.until - Date.now())
    if (state.phase === 'ended') this.wrong.push(`ended: ${state.code}`)
    changes.happened()
  }
}

test(`[L4][L5][L6] ${CLIENTS} clients are back by themselves after a reload, with nothing lost or doubled`, {
  timeout: 3 * TIMEOUT,
}, async () => {
  const people = await Promise.all(
    Array.from({ length: CLIENTS / AT_ONCE }, (_, index) => guest(server.url, `Person ${index}`)),
  )
  const rooms = await Promise.all(
    people.slice(0, ROOMS).map((person) => newRoom(server.url, person)),
  )
  const members = Array.from({ length: CLIENTS }, (_, index) => {
    const person = people[index % people.length] as Person
    return new Member(person, rooms[index % ROOMS] as string)
  })
  for (let at = 0; at < CLIENTS; at += AT_ONCE) {
    const some = members.slice(at, at + AT_ONCE)
    for (const { client } of some) client.start()
    expect(await changes.until(() => some.every(({ isHere }) => isHere), TIMEOUT)).toBe(true)
  }

  let said = 0
  const talk = setInterval(() => {
    for (const { client } of members.slice(0, ROOMS * SPEAKERS)) client.send(`said ${++said}`)
  }, PACE)
  const begun = performance.now()
  await harness.update((options) => options)
  const back = () => members.every(({ isHere, connects }) => isHere && connects.length > 1)
  expect(await changes.until(back, TIMEOUT)).toBe(true)
  clearInterval(talk)

  // Everything that was said is in the log, and the log is with everybody.
  const all = () => members.every(({ client }) => client.outgoing.length === 0)
  expect(await changes.until(all, TIMEOUT)).toBe(true)
  for (const [index, roomId] of rooms.entries()) {
    const here = members.filter((member) => member.roomId === roomId)
    const { accessToken } = people[index] as Person
    const log = await wholeLog(server.url, accessToken, roomId)
    const isToldToAll = () => here.every(({ client }) => client.lastSeq === log.length)
    expect(await changes.until(isToldToAll, TIMEOUT)).toBe(true)
    const told = here.flatMap(({ person, sent }) =>
      [...sent].map(([key, seq]) => `${seq} ${key} of ${person.id}`),
    )
    const kept = log.map(
      ({ seq, sender, idempotencyKey }) => `${seq} ${idempotencyKey} of ${sender.id}`,
    )
    expect(kept.sort()).toEqual(told.sort())
  }
  expect(members.flatMap(({ wrong }) => wrong)).toEqual([])
  expect(said).toBeGreaterThan(ROOMS * SPEAKERS)

  // They did not mean to come in one moment; how they came is what the machine makes of it.
  const waits = members.map((member) => member.waits[0] ?? 0)
  const times = members.map(({ connects }) => (connects[1] ?? 0) - begun).sort((a, b) => a - b)
  console.log(
    `${CLIENTS} clients in ${ROOMS} rooms, ${said} messages said meanwhile; after the reload began the first was`,
    `back in ${seconds(times[0])} s, half of them in ${seconds(times[CLIENTS / 2])} s, the last in`,
    `${seconds(times.at(-1))} s; at most ${most(times)} in 100 ms. First waits: at most ${most(waits)} end`,
    'in the same 100 ms.',
  )
  expect(most(waits)).toBeLessThan(CLIENTS / 5)
  await Promise.all(members.map(({ client }) => client.stop()))
})

const seconds = (milliseconds = 0) => (milliseconds / 1000).toFixed(1)

/** How many fall into the same tenth of a second, at most. */
function most(times: readonly number[]): number {
  const counts = new Map<number, number>()
  for (const time of times) {
    const tenth = Math.floor(time / 100)
    counts.set(tenth, (counts.get(tenth) ?? 0) + 1)
  }
  return Math.max(...counts.values())
}
