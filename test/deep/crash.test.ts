// Power cuts at random moments: the server is killed again and again in the middle of a storm, and
// started on the same storage. STORM_SEED plays a run again, CRASH_ROUNDS makes it longer.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BareServer, startBareServer } from '../support/bare-server.ts'
import { Doer } from '../support/doings.ts'
import { eventsOf, Follower } from '../support/follower.ts'
import { ask, guest, newRoom, type Person } from '../support/people.ts'
import { type Random, randomFrom } from '../support/random.ts'
import { connect, type StompSocket } from '../support/stomp-socket.ts'
import { faultsOf } from '../support/whole-log.ts'

const ROUNDS = Number(process.env.CRASH_ROUNDS ?? 30)
const SEED = Number(process.env.STORM_SEED ?? Math.floor(Math.random() * 2 ** 32))
const DOERS = ['Ada', 'Bo', 'Cem', 'Dee']
/** A round is cut off after so many answers at most, and so many milliseconds later at most. */
const MOST_TOLD = 250
const MOST_DELAY = 20
/** Rooms made in a round at most. */
const MOST_ROOMS = 5

const VARS = {
  SEND_PER_SECOND: 100_000,
  SEND_BURST: 1_000_000,
  FRAMES_PER_SECOND: 100_000,
  FRAMES_BURST: 1_000_000,
  ACCESS_MINUTES: 1440,
  PAGE_MAX: 1000,
}

let storage: string
let server: BareServer

beforeAll(async () => {
  storage = mkdtempSync(join(tmpdir(), 'stompbox-'))
  server = await startBareServer(storage, VARS)
})

afterAll(async () => {
  await server.kill()
  rmSync(storage, { recursive: true, force: true })
})

test(
  `[L1][L3][L4][L5][L6][STOMP K1] ${ROUNDS} power cuts at random moments lose nothing that was told (STORM_SEED=${SEED})`,
  async () => {
    const random = randomFrom(SEED)
    const people = await Promise.all(DOERS.map((name) => guest(server.url, name)))
    const [ada] = people as [Person]
    const room = await newRoom(server.url, ada)
    const shared: number[] = []
    const doers = people.map(
      (person) => new Doer(person, randomFrom(random.below(2 ** 32)), shared),
    )
    const follower = new Follower(await guest(server.url, 'Follower'), room)
    const founder = new Founder(await guest(server.url, 'Founder'))

    for (let round = 1; round <= ROUNDS; round++) {
      await cutOff(room, doers, follower, founder, random)
      server = await startBareServer(storage, VARS)
      const events = await eventsOf(server.url, ada, room)
      expect(faultsOf(events, doers), `round ${round}`).toEqual([])
      expect(follower.faults(events), `round ${round}`).toEqual([])
      expect(await founder.faults(), `round ${round}`).toEqual([])
    }
    const kinds = new Set((await eventsOf(server.url, ada, room)).map(({ type }) => type))
    expect([...kinds].sort()).toEqual(['delete', 'edit', 'message', 'reaction'])
  },
  ROUNDS * 10_000,
)

/** Lets everybody loose, and kills the server in the middle. */
async function cutOff(
  room: string,
  doers: readonly Doer[],
  follower: Follower,
  founder: Founder,
  random: Random,
): Promise<void> {
  // Sometimes the cut comes before anybody was told anything: while they come in.
  const least = random.oneIn(5) ? 0 : 1 + random.below(MOST_TOLD)
  const delay = random.below(MOST_DELAY)
  let count = 0
  let cut: Promise<void> | undefined
  const told = () => {
    if (count++ >= least) cut ??= pause(delay).then(() => server.kill())
  }
  const ends: Promise<{ code: number }>[] = []
  const comeIn = async (person: Person, work: (socket: StompSocket) => Promise<void>) => {
    const socket = await connect(server.url, person, room)
    ends.push(socket.closed)
    await work(socket)
  }
  const work = [
    comeIn(follower.person, (socket) => follower.listen(socket)),
    ...doers.map((doer) =>
      comeIn(doer.person, async (socket) => {
        await socket.ask('SUBSCRIBE', { id: 'errors', destination: '/user/queue/errors' })
        await doer.storm(socket, told)
      }),
    ),
    founder.found(),
  ]
  if (least === 0) told()
  const outcomes = await Promise.allSettled(work)
  await cut
  // Whoever was in the room was there until the cut; whoever was not has failed for that reason
  // alone.
  const codes = (await Promise.all(ends)).map(({ code }) => code)
  expect(codes.filter((code) => code !== 1006)).toEqual([])
  expect(cut, JSON.stringify(outcomes.map((each) => String(Object.values(each)[1])))).toBeDefined()
}

/** Somebody who makes rooms: one that was told of is there, and one that is listed opens. */
class Founder {
  readonly #person: Person
  readonly #rooms: string[] = []

  constructor(person: Person) {
    this.#person = person
  }

  async found(): Promise<void> {
    for (let made = 0; made < MOST_ROOMS; made++) {
      this.#rooms.push(await newRoom(server.url, this.#person))
    }
  }

  async faults(): Promise<string[]> {
    const token = this.#person.accessToken
    const { body } = await ask(server.url, 'GET', '/api/rooms?limit=200', { token })
    const listed = new Set<string>(body.rooms.map(({ id }: { id: string }) => id))
    const recent = this.#rooms.splice(0)
    const faults = recent.flatMap((id) => (listed.has(id) ? [] : [`${id} is not listed`]))
    for (const id of [...listed].slice(0, 2 * MOST_ROOMS)) {
      const events = await ask(server.url, 'GET', `/api/rooms/${id}/events`, { token })
      if (events.status !== 200) faults.push(`${id} does not open: ${events.status}`)
    }
    return faults
  }
}
