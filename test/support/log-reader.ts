// A reader of the log that costs little: it follows seq and prev through a hundred thousand events,
// and can stop to read as a laptop does whose lid is closed.

import { WebSocket } from 'ws'
import { type Person, ticketUrl } from './people.ts'
import { type Close, credentials, frameText } from './stomp-socket.ts'

/** Where an event stands, and what a trip wrote into it. */
const EVENT = /\nseq:(\d+)\nprev:(\d+)\n|trip-(\d+)/g

export class LogReader {
  /** The last seq heard; before any, the one that it started after. */
  seq: number
  /** Events that did not follow the one before. */
  faults = 0
  /** Events heard. */
  count = 0
  /** The number of the last trip heard. */
  trip = 0
  /** The code of the ERROR. */
  error: string | undefined
  readonly closed: Promise<Close>
  readonly #socket: WebSocket
  readonly #waiting = new Set<() => void>()

  constructor(socket: WebSocket, after: number) {
    this.#socket = socket
    this.seq = after
    socket.on('message', (data: Buffer) => this.#hear(data.toString('latin1')))
    socket.on('error', () => undefined)
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => resolve({ code, reason: String(reason) }))
    })
  }

  /** Reads nothing more from its TCP connection, which fills up. */
  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  /** Sends one WebSocket message. */
  say(frames: string): void {
    this.#socket.send(frames)
  }

  close(): void {
    this.#socket.terminate()
  }

  /** Waits until something is so, looking whenever something was heard. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      const heard = new Promise<'heard'>((resolve) => {
        this.#waiting.add(() => resolve('heard'))
      })
      const end = await Promise.race([heard, this.closed])
      if (end !== 'heard' && !holds()) throw new Error(`closed ${end.code} at ${this.seq}`)
    }
  }

  #hear(text: string): void {
    for (const [, seq, prev, trip] of text.matchAll(EVENT)) {
      if (trip !== undefined) {
        this.trip = Number(trip)
        continue
      }
      if (Number(prev) !== this.seq || Number(seq) !== this.seq + 1) this.faults++
      this.seq = Number(seq)
      this.count++
    }
    if (text.includes('ERROR\n')) this.error = /\ncode:(.*)\n/.exec(text)?.[1]
    for (const check of [...this.#waiting]) check()
    this.#waiting.clear()
  }
}

/** Comes into a room and hears its log after a seq. */
export async function readLog(
  url: string,
  person: Person,
  room: string,
  after: number,
): Promise<LogReader> {
  const socket = new WebSocket(await ticketUrl(url, person, room), ['v12.stomp'], {
    perMessageDeflate: false,
    skipUTF8Validation: true,
  })
  const reader = new LogReader(socket, after)
  await new Promise<void>((resolve, reject) => {
    socket.on('open', resolve)
    socket.on('error', reject)
  })
  const subscription = { id: 'log', destination: `/topic/chat/room/${room}`, after, receipt: 'r' }
  socket.send(frameText('CONNECT', credentials(person)) + frameText('SUBSCRIBE', subscription))
  await new Promise<void>((resolve) => socket.once('message', () => resolve()))
  return reader
}
