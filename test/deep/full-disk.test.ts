// A disk that is full at random moments of a storm: what cannot be kept is told to nobody, and all
// goes on when there is room again. The system is told to let no file of the server grow.
// STORM_SEED plays a run again.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type BareServer, startBareServer } from '../support/bare-server.ts'
import { Doer } from '../support/doings.ts'
import { eventsOf, Follower } from '../support/follower.ts'
import { ask, guest, newRoom, type Person, ticketUrl } from '../support/people.ts'
import { randomFrom } from '../support/random.ts'
import { connect, type StompSocket, upgrade } from '../support/stomp-socket.ts'
import { faultsOf } from '../support/whole-log.ts'

const ROUNDS = 8
const HERE = process.platform === 'linux'
const SEED = Number(process.env.STORM_SEED ?? Math.floor(Math.random() * 2 ** 32))
/** Bytes that still find room, at most. */
const MOST_ROOM = 400_000

const VARS = {
  SEND_PER_SECOND: 100_000,
  SEND_BURST: 1_000_000,
  FRAMES_PER_SECOND: 100_000,
  FRAMES_BURST: 1_000_000,
  PAGE_MAX: 1000,
}

/** Lets no file of a process grow beyond so many bytes. */
function limitFiles({ pid }: BareServer, bytes: number | 'unlimited'): void {
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`])
}

const sizeOfLargest = (folder: string) =>
  Math.max(...readdirSync(folder).map((file) => statSync(join(folder, file)).size))

async function startServer() {
  const storage = mkdtempSync(join(tmpdir(), 'stompbox-'))
  const server = await startBareServer(storage, VARS)
  onTestFinished(async () => {
    await server.kill()
    rmSync(storage, { recursive: true, force: true })
  })
  return { storage, server }
}

test.runIf(HERE)(
  `[L1][L3][L4][L5][L6][R3] a disk that is full ${ROUNDS} times loses nothing that was told (STORM_SEED=${SEED})`,
  async () => {
    const { storage, server } = await startServer()
    const { url } = server
    const random = randomFrom(SEED)
    const people = await Promise.all(['Ada', 'Bo', 'Cem'].map((name) => guest(url, name)))
    const [ada] = people as [Person]
    const room = await newRoom(url, ada)
    const shared: number[] = []
    const doers = people.map(
      (person) => new Doer(person, randomFrom(random.below(2 ** 32)), shared),
    )
    const follower = new Follower(await guest(url, 'Follower'), room)

    let kept = 0
    for (let round = 1; round <= ROUNDS; round++) {
      const sockets: StompSocket[] = []
      for (const person of [follower.person, ...people]) {
        const socket = await connect(url, person, room)
        await socket.ask('SUBSCRIBE', { id: 'errors', destination: '/user/queue/errors' })
        sockets.push(socket)
      }
      const [ears, ...mouths] = sockets as [StompSocket, ...StompSocket[]]
      const largest = sizeOfLargest(join(storage, 'storage', 'RoomObject'))
      limitFiles(server, largest + random.below(MOST_ROOM))
      await Promise.all([
        follower.listen(ears),
        ...doers.map((doer, index) => doer.storm(mouths[index] as StompSocket, () => undefined)),
      ])
      limitFiles(server, 'unlimited')
      // Whoever was there was cut off, with no word of what could not be kept: all of them may come
      // back.
      const ends = await Promise.all(sockets.map(({ closed }) => closed))
      expect(ends.map(({ code }) => code)).toEqual([1006, 1006, 1006, 1006])

      const events = await eventsOf(url, ada, room)
      expect(faultsOf(events, doers), `round ${round}`).toEqual([])
      expect(follower.faults(events), `round ${round}`).toEqual([])
      expect(events.length).toBeGreaterThanOrEqual(kept)
      kept = events.length
    }
    expect(kept).toBeGreaterThan(ROUNDS)
  },
  120_000,
)

test.runIf(HERE)(
  '[R1][R3][A3] while nothing can be written everybody is refused with a code, and then nothing of it is there',
  async () => {
    const { server } = await startServer()
    const { url } = server
    const ada = await guest(url, 'Ada')
    const [room, quiet, doomed] = [
      await newRoom(url, ada),
      await newRoom(url, ada),
      await newRoom(url, ada),
    ]
    const [speaker, listener] = [await connect(url, ada, room), await connect(url, ada, room)]
    await listener.ask('SUBSCRIBE', { id: 'log', destination: `/topic/chat/room/${room}` })
    await speaker.ask('SEND', { destination: '/pub/send/message' }, 'one')
    const ticket = await ticketUrl(url, ada, quiet)
    const token = ada.accessToken

    limitFiles(server, 0)
    speaker.say('SEND', { destination: '/pub/send/message', receipt: 'two' }, 'two')
    for (const { closed } of [speaker, listener]) expect((await closed).code).toBe(1006)
    expect(speaker.frames.items.some(({ headers }) => headers['receipt-id'] === 'two')).toBe(false)
    expect(listener.frames.items.some(({ body }) => body.includes('two'))).toBe(false)
    const deletion = () => ask(url, 'DELETE', `/api/rooms/${doomed}`, { token })
    const account = { username: 'ada.again', password: 'correct horse battery' }
    const answers = [
      await ask(url, 'POST', '/api/auth/guest', { body: { name: 'Bo' } }),
      await ask(url, 'POST', '/api/auth/register', { body: account }),
      await ask(url, 'POST', '/api/rooms', { token, body: { name: 'another' } }),
      await deletion(),
      await upgrade(ticket),
    ]
    for (const answer of answers) {
      if (!('status' in answer)) throw new Error('somebody came in')
      expect(answer.status).toBeGreaterThanOrEqual(500)
      expect(answer.body.code).toMatch(/^(internal|unavailable)$/)
    }

    limitFiles(server, 'unlimited')
    expect(await eventsOf(url, ada, room)).toMatchObject([{ seq: 1, content: 'one' }])
    // Its log may have gone before the list could be told: asked again it is done, though not at
    // the first try.
    await expect.poll(async () => (await deletion()).status).toBeOneOf([204, 404])
    const { body } = await ask(url, 'GET', '/api/rooms', { token })
    expect(body.rooms.map(({ id }: { id: string }) => id).sort()).toEqual([room, quiet].sort())
    expect(await upgrade(ticket)).not.toHaveProperty('status')
    expect((await ask(url, 'POST', '/api/auth/register', { body: account })).status).toBe(201)
    const again = await connect(url, ada, room)
    const { headers } = await again.ask('SEND', { destination: '/pub/send/message' }, 'two')
    expect(headers.seq).toBe('2')
  },
)
