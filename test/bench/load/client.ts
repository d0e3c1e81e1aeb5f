// One member of a room, as cheap as a client can be: it greets, says messages that carry marks, and
// counts marks.

import { blankMark, MARK_LENGTH, Marks, noCounts, writeDigits, writeMark } from './marks.ts'
import type { Member } from './member.ts'
import { frame, Wire } from './wire.ts'

/** How a member talks. */
export interface Talk {
  /**
   * How many of its messages may be on the way: an own one that comes back makes room for the next.
   */
  readonly window: number
  /** One message in so many has its time taken. */
  readonly timed: number
}

const KEY_DIGITS = 12
const BLANK_KEY = 'k'.repeat(KEY_DIGITS)

export class Client {
  /** Since the last reset. */
  counts = noCounts()
  sent = 0
  /** Bytes heard since the last reset. */
  bytes = 0
  /** When the WebSocket was opened and each step of the greeting was answered; milliseconds. */
  readonly steps: number[] = []
  readonly #member: Member
  readonly #index: number
  readonly #wire: Wire
  readonly #marks: Marks
  #content: number
  #message: Buffer
  #markPlaces: readonly number[]
  #keyPlaces: readonly number[]
  #keys = (Date.now() % 1e6) * 1e6
  #answer = ''
  #talks = false
  #talk: Talk | undefined

  /**
   * @param index of this member: its mark.
   * @param content bytes of each message's content.
   */
  constructor(member: Member, index: number, content: number, lost: (reason: string) => void) {
    this.#member = member
    this.#index = index
    this.#marks = new Marks(index)
    this.#content = content
    this.#message = this.#blank()
    this.#markPlaces = places(this.#message, blankMark(index))
    this.#keyPlaces = places(this.#message, BLANK_KEY)
    this.#wire = new Wire(member, {
      opened: () => this.#step(),
      heard: (bytes) => this.#hear(bytes),
      lost: (reason) => lost(`member ${index}: ${reason}`),
    })
  }

  get entered(): boolean {
    return this.steps.length > this.#member.greeting.length
  }

  /** Makes the content of each message longer, or shorter. */
  lengthen(bytes: number): void {
    this.#content += bytes
    this.#message = this.#blank()
    this.#markPlaces = places(this.#message, blankMark(this.#index))
    this.#keyPlaces = places(this.#message, BLANK_KEY)
  }

  reset(): void {
    this.counts = noCounts()
    this.sent = this.bytes = 0
  }

  beat(): void {
    if (this.#member.beat) this.#wire.write(frame(this.#member.beat))
  }

  /** Says something that is no message. */
  say(text: string): void {
    this.#wire.write(frame(text))
  }

  talk(talk: Talk): void {
    this.#talk = talk
    this.send(talk.window, talk.timed)
  }

  hush(): void {
    this.#talk = undefined
  }

  close(): void {
    this.#wire.close()
  }

  /** Sends so many messages in one write. */
  send(count: number, timed: number): void {
    this.#talks = true
    const message = this.#message
    const bytes = Buffer.allocUnsafe(count * message.length)
    const now = performance.now()
    for (let index = 0; index < count; index++) {
      const isTimed = this.sent++ % timed === 0
      for (const at of this.#markPlaces) writeMark(message, at, isTimed, now)
      for (const at of this.#keyPlaces) writeDigits(message, at, KEY_DIGITS, ++this.#keys)
      message.copy(bytes, index * message.length)
    }
    this.#wire.write(bytes)
  }

  #blank(): Buffer {
    const mark = blankMark(this.#index)
    const text = this.#member.message
      .replace('{content}', mark.padEnd(this.#content, 'x'))
      .replace('{mark}', mark)
      .replace('{key}', BLANK_KEY)
    return frame(text)
  }

  #hear(bytes: Buffer): void {
    if (!this.entered) {
      this.#greet(bytes)
      return
    }
    this.bytes += bytes.length
    const own = this.counts.roundTrips.length
    this.#marks.count(bytes, performance.now(), this.counts, this.#talks)
    const back = this.counts.roundTrips.length - own
    if (back > 0 && this.#talk) this.send(back, this.#talk.timed)
  }

  #greet(bytes: Buffer): void {
    this.#answer += bytes.toString('latin1')
    const { until = '' } = this.#member.greeting[this.steps.length - 1] ?? {}
    if (this.#answer.includes(until)) this.#step()
  }

  /** What was waited for has come: on with the greeting. */
  #step(): void {
    const next = this.#member.greeting[this.steps.length]
    this.steps.push(performance.now())
    this.#answer = ''
    if (next?.say !== undefined) this.say(next.say)
    if (next && next.until === undefined) this.#step()
  }
}

/** Where a text stands in bytes. */
function places(bytes: Buffer, text: string): number[] {
  const found: number[] = []
  for (let at = bytes.indexOf(text); at !== -1; at = bytes.indexOf(text, at + MARK_LENGTH)) {
    found.push(at)
  }
  return found
}
