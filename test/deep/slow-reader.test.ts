// R2: a reader that takes nothing costs bounded memory and delays nobody, and has every event once
// in the end; and so has one that is a hundred thousand events behind.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type BareServer, startBareServer } from '../support/bare-server.ts'
import { readLog } from '../support/log-reader.ts'
import { ask, guest, newRoom, type Person } from '../support/people.ts'
import { connect, frameText } from '../support/stomp-socket.ts'
import { highestDuring, type Latency, latencyDuring, talk, talkersOf } from '../support/talk.ts'

/** Messages that pass while a reader takes nothing: eighty megabytes of frames. */
const MANY = 100_000
/** Bytes by which the memory of the server may grow meanwhile. */
const GROWTH = 64 * 2 ** 20
/** Milliseconds after which a test has failed. */
const TIMEOUT = 180_000

const VARS = {
  SEND_PER_SECOND: 1_000_000,
  SEND_BURST: 10_000_000,
  FRAMES_PER_SECOND: 1_000_000,
  FRAMES_BURST: 10_000_000,
}

interface Scene {
  readonly server: BareServer
  readonly ada: Person
  readonly room: string
  head(): Promise<number>
}

async function setScene(vars: Record<string, number>): Promise<Scene> {
  const storage = mkdtempSync(join(tmpdir(), 'stompbox-'))
  const server = await startBareServer(storage, { ...VARS, ...vars })
  onTestFinished(async () => {
    await server.kill()
    rmSync(storage, { recursive: true, force: true })
  })
  const ada = await guest(server.url, 'Ada')
  const room = await newRoom(server.url, ada)
  const path = `/api/rooms/${room}/events?limit=1`
  const head = async () =>
    (await ask(server.url, 'GET', path, { token: ada.accessToken })).body.head
  return { server, ada, room, head }
}

/** What the others notice: how long a word takes, and the bytes that the server held at most. */
interface Noticed extends Latency {
  readonly memory: number
}

/**
 * It is as before, or as after, give or take what else a busy machine does in one of these times.
 */
function expectUndisturbed(now: Noticed, before: Noticed, after: Noticed): void {
  // The memory is not a number where the system does not tell it.
  expect(now.memory - before.memory).not.toBeGreaterThan(GROWTH)
  expect(now.trips).toBeGreaterThan(20)
  expect(now.p50).toBeLessThan(4 * Math.max(before.p50, after.p50) + 50)
  expect(now.p95).toBeLessThan(6 * Math.max(before.p95, after.p95) + 200)
}

const inMegabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`
const inWords = ({ p50, p95, trips, memory }: Noticed) =>
  `p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms of ${trips} trips, ${inMegabytes(memory)} at most`

test(
  `[R2][L6] ${MANY} messages pass a reader that takes nothing: memory stays flat, nobody waits, it misses none; nor does one who comes back to all of them`,
  async () => {
    const { server, ada, room, head } = await setScene({ STALL_SECONDS: 300 })
    const { url } = server
    const talkers = await talkersOf(url, await guest(url, 'Talker'), room, 3)
    const sender = await connect(url, ada, room)
    const listener = await readLog(url, ada, room, 0)
    const during = async (work: Promise<unknown>): Promise<Noticed> => {
      const latency = latencyDuring(sender, listener, work)
      const memory = await highestDuring(() => server.memory(), latency)
      return { ...(await latency), memory }
    }
    await during(talk(talkers, MANY / 4))
    const before = await during(talk(talkers, MANY / 4))

    const start = await head()
    const slow = await readLog(url, await guest(url, 'Slow'), room, start)
    slow.pause()
    const stalled = await during(talk(talkers, MANY))
    expect(slow.count).toBe(0)

    slow.resume()
    const end = await head()
    await slow.until(() => slow.seq >= end)
    expect({ faults: slow.faults, count: slow.count }).toEqual({
      faults: 0,
      count: slow.seq - start,
    })
    slow.close()

    // Somebody who was never here is given all of it, while the others talk on.
    const late = await readLog(url, await guest(url, 'Late'), room, 0)
    const replay = late.until(() => late.seq >= end)
    const replaying = await during(Promise.all([replay, talk(talkers, 5000)]))
    expect({ faults: late.faults, count: late.count }).toEqual({ faults: 0, count: late.seq })
    expect(listener.faults).toBe(0)

    const after = await during(talk(talkers, MANY / 4))
    console.log(
      [
        `before: ${inWords(before)}`,
        `while ${MANY} pass a stalled reader: ${inWords(stalled)}`,
        `while ${end} are replayed: ${inWords(replaying)}`,
        `after: ${inWords(after)}`,
      ].join('\n'),
    )
    expectUndisturbed(stalled, before, after)
    // What V8 and SQLite keep grows with all that was said, slow readers or not.
    expectUndisturbed(replaying, { ...before, memory: stalled.memory }, after)
  },
  TIMEOUT,
)

test(
  '[R2][L6] a reader that takes nothing for too long is told to come back, and misses none',
  async () => {
    const { server, ada, room, head } = await setScene({ STALL_SECONDS: 1 })
    const { url } = server
    const talkers = await talkersOf(url, ada, room, 2)
    const sleeper = await guest(url, 'Sleeper')
    const { left } = await leaving(server, ada, room, sleeper)
    const slow = await readLog(url, sleeper, room, 0)
    slow.pause()
    await talk(talkers, MANY / 5)
    await left

    slow.resume()
    expect(await slow.closed).toEqual({ code: 4000, reason: 'too-slow' })
    expect(slow.error).toBe('too-slow')
    const end = await head()
    expect(slow.seq).toBeLessThan(end)
    const again = await readLog(url, sleeper, room, slow.seq)
    await again.until(() => again.seq >= end)
    expect(slow.faults + again.faults).toBe(0)
    expect(slow.count + again.count).toBe(end)
  },
  TIMEOUT,
)

test(
  '[R2] whoever says much and takes none of the answers costs bounded memory, and is told to come back',
  async () => {
    const { server, ada, room } = await setScene({ STALL_SECONDS: 10 })
    const bo = await guest(server.url, 'Bo')
    const { left } = await leaving(server, ada, room, bo)
    const witness = await connect(server.url, ada, room)
    const channel = `/topic/rooms/${room}/marks`
    await witness.ask('SUBSCRIBE', { id: 'marks', destination: channel })
    const deaf = await readLog(server.url, bo, room, 0)
    const memory = server.memory()
    deaf.pause()
    let gone = false
    const end = left.finally(() => {
      gone = true
    })
    // A hundred megabytes of answers, unless it is ended before; what it says is read as quickly as
    // it comes.
    const headers = { transaction: 't', receipt: 'x'.repeat(8000) }
    const frames = frameText('BEGIN', headers) + frameText('ABORT', headers)
    const saying = async () => {
      for (let n = 1; n <= 600 && !gone; n++) {
        deaf.say(frames.repeat(10) + frameText('SEND', { destination: channel }, `mark ${n}`))
        await Promise.race([witness.frames.find(({ body }) => body === `mark ${n}`), end])
      }
      await end
    }
    const highest = await highestDuring(() => server.memory(), saying())
    console.log(`memory: ${inMegabytes(memory)}, then ${inMegabytes(highest)} at most`)
    expect(highest - memory).not.toBeGreaterThan(GROWTH)
    deaf.resume()
    expect(await deaf.closed).toEqual({ code: 4000, reason: 'too-slow' })
  },
  TIMEOUT,
)

/** `left` resolves when the room has told others that somebody is gone. */
async function leaving({ url }: BareServer, witness: Person, room: string, who: Person) {
  const socket = await connect(url, witness, room)
  await socket.ask('SUBSCRIBE', { id: 'signals', destination: `/topic/rooms/${room}` })
  const left = socket.frames.find(
    ({ body }) => body.includes('"left"') && JSON.parse(body).user.id === who.id,
    TIMEOUT,
  )
  return { left }
}
