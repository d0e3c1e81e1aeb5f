// One connection through the fault proxy: two WebSockets, and what happens to the messages between
// them. A message passes whole, late, or never; a connection ends on both sides, or on one and
// later on the other.

import type { Duplex } from 'node:stream'
import type { RawData, WebSocket } from 'ws'
import { Lane } from './fault-lane.ts'
import type { Random } from './random.ts'
import { type Frame, framesIn } from './stomp-socket.ts'

/** `up`: from the client to the server. */
export type Direction = 'up' | 'down'

/**
 * How likely it is, for each message, that it is late, lost, cut in two (a client's), or the last
 * one.
 */
export interface Weather {
  readonly late: number
  readonly lost: number
  readonly split: number
  readonly cut: number
  /** Milliseconds that a message is late, at most. */
  readonly lateness: number
}

export const CALM: Weather = { late: 0, lost: 0, split: 0, cut: 0, lateness: 0 }

/**
 * How a connection ends: both sides are reset, or closed; or one side is cut, and the other lives
 * on for a while: what the client had said still arrives, or the client speaks to nobody.
 */
export const CUTS = ['reset', 'close', 'client side', 'server side'] as const
export type Cut = (typeof CUTS)[number]

/** Sees what happens at the server's edge. */
export interface Watch {
  /** The server was given a frame. */
  said(frame: Frame): void
  /** The server told a frame, whether or not it comes any further. */
  told(frame: Frame): void
  /** A message was lost silently. */
  lost(direction: Direction): void
}

export interface Side {
  readonly ws: WebSocket
  /** The TCP connection below. */
  readonly socket: Duplex & { resetAndDestroy?(): void }
}

export interface LinkNeeds {
  readonly client: Side
  readonly server: Side
  readonly weather: () => Weather
  readonly random: Readonly<Record<Direction, Random>>
  readonly watch: Watch
  /** Milliseconds that the other side outlives one that was cut, at most. */
  readonly linger: number
}

/** Codes that say how a close went and are never sent (RFC 6455, 7.4.1). */
const NOT_SENT: ReadonlySet<number> = new Set([1005, 1006, 1015])

export class Link {
  readonly #needs: LinkNeeds
  readonly #lanes: Readonly<Record<Direction, Lane>> = { up: new Lane(), down: new Lane() }
  readonly #toLose: Record<Direction, number> = { up: 0, down: 0 }
  #ending: ReturnType<typeof setTimeout> | undefined
  /** The session that CONNECTED told. */
  session: string | undefined
  /** Both sides are there, and no fault has ended it. */
  alive = true

  constructor(needs: LinkNeeds) {
    this.#needs = needs
    const { client, server, watch } = needs
    client.ws.on('message', (data, binary) => this.#pass('up', data, binary))
    server.ws.on('message', (data, binary) => {
      const frames = framesIn(data as Buffer)
      this.session ??= frames.find(({ command }) => command === 'CONNECTED')?.headers.session
      frames.forEach(watch.told)
      this.#pass('down', data, binary)
    })
    client.ws.on('close', (code) => this.#closed('up', code, server.ws))
    server.ws.on('close', (code, reason) => this.#closed('down', code, client.ws, reason))
    for (const { ws } of [client, server]) ws.on('error', () => undefined)
  }

  /** Loses the next messages of a direction. */
  lose(direction: Direction, count: number): void {
    this.#toLose[direction] += count
  }

  /** Keeps back what comes in a direction; the server's own socket is not read either. */
  hold(direction: Direction): void {
    this.#lanes[direction].hold()
    if (direction === 'down') this.#needs.server.ws.pause()
  }

  release(direction: Direction): void {
    if (direction === 'down') this.#needs.server.ws.resume()
    this.#lanes[direction].release()
  }

  cut(how: Cut): void {
    if (!this.alive) return
    this.alive = false
    const { client, server, linger, random } = this.#needs
    const { up, down } = this.#lanes
    const later = (end: () => void) => {
      this.#ending = setTimeout(end, random.down.below(linger))
    }
    switch (how) {
      case 'reset':
        reset(client)
        reset(server)
        break
      case 'close':
        close(client.ws, 1001)
        close(server.ws, 1001)
        break
      case 'client side':
        down.close()
        reset(client)
        later(() => reset(server))
        return
      case 'server side':
        up.close()
        reset(server)
        later(() => reset(client))
        return
    }
    up.close()
    down.close()
  }

  /** Everything that was kept back passes; what is half cut is cut. */
  calm(): void {
    this.release('down')
    for (const lane of Object.values(this.#lanes)) lane.flush()
    if (!this.#ending) return
    clearTimeout(this.#ending)
    this.end()
  }

  /** Cuts what is left of it. */
  end(): void {
    this.alive = false
    for (const lane of Object.values(this.#lanes)) lane.close()
    clearTimeout(this.#ending)
    reset(this.#needs.client)
    reset(this.#needs.server)
  }

  #pass(direction: Direction, data: RawData, binary: boolean): void {
    const { weather, random, watch } = this.#needs
    const fate = fateIn(weather(), random[direction])
    // A connection that never came to be says nothing about those that did.
    if (this.session !== undefined && (this.#toLose[direction] > 0 || fate.lost)) {
      this.#toLose[direction] = Math.max(0, this.#toLose[direction] - 1)
      watch.lost(direction)
    } else {
      const parts = direction === 'up' && fate.split ? halves(data as Buffer, fate.place) : [data]
      const deliver = () => this.#deliver(direction, parts as Buffer[], binary)
      this.#lanes[direction].push(deliver, fate.delay)
    }
    if (fate.cut) this.cut(fate.cut)
  }

  #deliver(direction: Direction, parts: readonly Buffer[], binary: boolean): void {
    const { client, server, watch } = this.#needs
    const { ws } = direction === 'up' ? server : client
    if (ws.readyState !== ws.OPEN) return
    if (direction === 'up') framesIn(Buffer.concat(parts)).forEach(watch.said)
    for (const part of parts) ws.send(part, { binary })
  }

  #closed(direction: Direction, code: number, other: WebSocket, reason?: Buffer): void {
    this.alive = false
    this.#lanes[direction].push(() => {
      if (NOT_SENT.has(code)) other.terminate()
      else close(other, code, reason)
    })
  }
}

/**
 * What becomes of a message. All dice are cast for each, so that the fate of one does not change
 * the next one's.
 */
function fateIn({ late, lost, split, cut, lateness }: Weather, random: Random) {
  const happens = (likely: number) => random.below(10_000) < likely * 10_000
  const [isLost, isLate, delay] = [happens(lost), happens(late), random.below(lateness + 1)]
  const [isSplit, place] = [happens(split), random.below(2 ** 30)]
  const [isCut, how] = [happens(cut), random.pick(CUTS)]
  return {
    lost: isLost,
    delay: isLate ? delay : 0,
    split: isSplit,
    place,
    cut: isCut ? how : undefined,
  }
}

/** Two parts of a message, neither of which is a lone line end: that would be a heart-beat. */
function halves(data: Buffer, place: number): Buffer[] {
  if (data.length < 4) return [data]
  let at = 2 + (place % (data.length - 3))
  // A text must not be cut inside of a letter.
  while (((data[at] ?? 0) & 0xc0) === 0x80) at--
  return at < 2 ? [data] : [data.subarray(0, at), data.subarray(at)]
}

function reset({ ws, socket }: Side): void {
  if (ws.readyState === ws.CLOSED) return
  // Node neither resets nor closes a socket whose end is on its way: that would never end.
  if (!socket.writableEnded) socket.resetAndDestroy?.()
  ws.terminate()
}

function close(ws: WebSocket, code: number, reason?: Buffer): void {
  if (ws.readyState === ws.OPEN) ws.close(code, reason)
}
