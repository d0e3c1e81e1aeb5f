// The mark of a message: who sent it, and when. It stands once in whatever a member hears of a
// message, so that to count messages is to look for it, natively, wherever frames begin or end.

/**
 * In nothing else that is heard. The first of it is looked for: one byte is found three times as
 * fast as more.
 */
const SIGN = '#~^'
const SIGN_0 = SIGN.charCodeAt(0)
const SIGN_1 = SIGN.charCodeAt(1)
const SIGN_2 = SIGN.charCodeAt(2)
/** Decimal digits of the sender, and of the moment in microseconds. */
const SENDER_DIGITS = 4
const MOMENT_DIGITS = 11

const SENDER_AT = SIGN.length
/** One letter: whether the moment is to be looked at. */
const TIMED_AT = SENDER_AT + SENDER_DIGITS
const MOMENT_AT = TIMED_AT + 1
const TIMED = 't'.charCodeAt(0)
const UNTIMED = 'u'.charCodeAt(0)
const ZERO = '0'.charCodeAt(0)

export const MARK_LENGTH = MOMENT_AT + MOMENT_DIGITS

/** A mark to be filled in. */
export const blankMark = (sender: number): string =>
  `${SIGN}${String(sender).padStart(SENDER_DIGITS, '0')}u${'0'.repeat(MOMENT_DIGITS)}`

/** Fills in a mark at a place. @param moment milliseconds, as `performance.now` tells them. */
export function writeMark(bytes: Buffer, at: number, timed: boolean, moment: number): void {
  bytes[at + TIMED_AT] = timed ? TIMED : UNTIMED
  writeDigits(bytes, at + MOMENT_AT, MOMENT_DIGITS, Math.round(moment * 1000))
}

export function writeDigits(bytes: Buffer, at: number, digits: number, value: number): void {
  let rest = value
  for (let index = at + digits - 1; index >= at; index--) {
    const next = Math.floor(rest / 10)
    bytes[index] = ZERO + rest - 10 * next
    rest = next
  }
}

function readDigits(bytes: Buffer, at: number, digits: number): number {
  let value = 0
  for (let index = at; index < at + digits; index++) value = 10 * value + (bytes[index] ?? 0) - ZERO
  return value
}

/** What is told of the marks of a stream. */
export interface Counts {
  heard: number
  /** Milliseconds that marks took to here: of all that are timed. */
  readonly latencies: number[]
  /** The same of the own ones. */
  readonly roundTrips: number[]
}

export const noCounts = (): Counts => ({ heard: 0, latencies: [], roundTrips: [] })

/** So much of a mark may have come without being counted. */
const CARRIED = MARK_LENGTH - 1

/** Finds the marks of one stream, however it is cut. */
export class Marks {
  readonly #own: number
  /** The end of what came before, where a mark may have begun. */
  #carried = Buffer.alloc(0)

  /** @param own the sender whose marks are the member's own. */
  constructor(own: number) {
    this.#own = own
  }

  /** @param talks whether own marks may come: looking at each for that is dear. */
  count(bytes: Buffer, now: number, counts: Counts, talks: boolean): void {
    const seam = Buffer.concat([this.#carried, bytes.subarray(0, CARRIED)])
    this.#count(seam, this.#carried.length, now, counts, talks)
    this.#count(bytes, bytes.length, now, counts, talks)
    // The bytes are gone when this returns, so the tail is copied.
    this.#carried = bytes.length < CARRIED ? tail(seam) : Buffer.from(tail(bytes))
  }

  /** Counts the marks that begin before `end` and are whole. */
  #count(bytes: Buffer, end: number, now: number, counts: Counts, talks: boolean): void {
    const last = Math.min(end - 1, bytes.length - MARK_LENGTH)
    let at = bytes.indexOf(SIGN_0)
    while (at !== -1 && at <= last) {
      // A WebSocket header may hold any byte.
      if (bytes[at + 1] !== SIGN_1 || bytes[at + 2] !== SIGN_2) {
        at = bytes.indexOf(SIGN_0, at + 1)
        continue
      }
      counts.heard++
      const own = talks && readDigits(bytes, at + SENDER_AT, SENDER_DIGITS) === this.#own
      const timed = bytes[at + TIMED_AT] === TIMED
      if (own || timed) {
        const latency = now - readDigits(bytes, at + MOMENT_AT, MOMENT_DIGITS) / 1000
        if (timed) counts.latencies.push(latency)
        if (own) counts.roundTrips.push(latency)
      }
      at = bytes.indexOf(SIGN_0, at + MARK_LENGTH)
    }
  }
}

const tail = (bytes: Buffer) => bytes.subarray(Math.max(0, bytes.length - CARRIED))
