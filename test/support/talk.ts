// Much talk in a room, and how long a word takes from one to another meanwhile.

import type { LogReader } from './log-reader.ts'
import type { Person } from './people.ts'
import { connect, frameText, type StompSocket } from './stomp-socket.ts'

/** Frames in one WebSocket message, and such messages of a talker on the way at a time. */
const BULK = 100
const WINDOW = 2

/** Bytes of a message. */
const CONTENT = 'x'.repeat(500)

const SEND = { destination: '/pub/send/message', 'content-type': 'text/plain' }

/** Says so many messages, by all talkers together, and waits for the last RECEIPT. */
export async function talk(talkers: readonly StompSocket[], messages: number): Promise<void> {
  let left = Math.ceil(messages / BULK)
  await Promise.all(
    talkers.flatMap((talker) =>
      Array.from({ length: WINDOW }, async () => {
        while (left > 0) {
          const receipt = `bulk-${left--}`
          const frames = Array.from({ length: BULK - 1 }, () => frameText('SEND', SEND, CONTENT))
          frames.push(frameText('SEND', { ...SEND, receipt }, CONTENT))
          talker.raw(frames.join(''))
          await talker.frames.find(({ headers }) => headers['receipt-id'] === receipt)
          talker.frames.items.length = 0
        }
      }),
    ),
  )
}

export interface Latency {
  /** Milliseconds. */
  readonly p50: number
  readonly p95: number
  readonly trips: number
}

/**
 * How long a message takes from a sender to a reader, one after the other, while some work is done.
 */
export async function latencyDuring(
  sender: StompSocket,
  reader: LogReader,
  work: Promise<unknown>,
): Promise<Latency> {
  const times: number[] = []
  let done = false
  const end = work.finally(() => {
    done = true
  })
  while (!done) {
    const begun = performance.now()
    const trip = reader.trip + 1
    sender.say('SEND', SEND, `trip-${trip}`)
    await reader.until(() => reader.trip >= trip)
    times.push(performance.now() - begun)
  }
  await end
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.floor(times.length * share)] ?? Number.NaN
  return { p50: at(0.5), p95: at(0.95), trips: times.length }
}

/** The highest that something was while some work was done, looked at ten times a second. */
export async function highestDuring(look: () => number, work: Promise<unknown>): Promise<number> {
  let highest = look()
  const timer = setInterval(() => {
    highest = Math.max(highest, look())
  }, 100)
  await work.finally(() => clearInterval(timer))
  return Math.max(highest, look())
}

/** So many connections of one person. */
export const talkersOf = (url: string, person: Person, room: string, count: number) =>
  Promise.all(Array.from({ length: count }, () => connect(url, person, room)))
