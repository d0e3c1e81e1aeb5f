// How a guest attacks: with as many sockets as it may have, each of which comes back when it was
// thrown out.

import { setTimeout as pause } from 'node:timers/promises'
import { SOCKETS } from './limits.ts'
import { Line } from './line.ts'
import type { Scene } from './orders.ts'
import { Tally } from './tally.ts'
import { message, stomp } from './ws-bytes.ts'

/** An attack under way. */
export class Assault {
  readonly tally = new Tally()
  readonly scene: Scene
  /** URLs with tickets that were not used yet. */
  readonly tickets: string[] = []
  #until = Number.POSITIVE_INFINITY

  constructor(scene: Scene) {
    this.scene = scene
  }

  get over(): boolean {
    return performance.now() > this.#until
  }

  endIn(ms: number): void {
    this.#until = performance.now() + ms
  }

  get log(): string {
    return `destination:/topic/chat/room/${this.scene.roomId}`
  }

  get signals(): string {
    return `destination:/topic/rooms/${this.scene.roomId}`
  }

  get authorization(): string {
    return `Authorization:Bearer ${this.scene.person.accessToken}`
  }

  get connect(): string {
    return stomp('CONNECT', ['accept-version:1.2', 'host:/', this.authorization])
  }
}

/** What one does on a connection that is open, until it is over. */
export type Conduct = (line: Line, assault: Assault) => Promise<void>

export interface Attack {
  /** In a few words. */
  readonly about: string
  prepare?(assault: Assault): Promise<void>
  run(assault: Assault): Promise<void>
}

/** Milliseconds until who was not let in tries again. */
const REFUSED_PAUSE = 50
/** Milliseconds in which CONNECTED must have come. */
const TIMEOUT = 5000

const ERRORS = stomp('SUBSCRIBE', ['id:errors', 'destination:/user/queue/errors'])

/** An attack in the session of a member, on each of its sockets at the same time. */
export function inSession(about: string, conduct: Conduct, sockets = SOCKETS): Attack {
  return onSockets(
    about,
    async (line, assault) => {
      await line.send(message(assault.connect))
      await line.hear('CONNECTED', TIMEOUT)
      // Where mild refusals are heard they do not end the connection.
      await line.send(message(ERRORS))
      await conduct(line, assault)
    },
    sockets,
  )
}

/** An attack on sockets that are open, and nothing more. */
export function onSockets(about: string, conduct: Conduct, sockets = SOCKETS): Attack {
  const again = async (assault: Assault) => {
    while (!assault.over) {
      const line = enter(assault)
      const end = setInterval(() => assault.over && line.close(), 20)
      if (await line.opened) {
        assault.tally.done++
        await conduct(line, assault)
      } else await pause(REFUSED_PAUSE)
      clearInterval(end)
      line.close()
    }
  }
  return {
    about,
    async run(assault) {
      await Promise.all(Array.from({ length: sockets }, () => again(assault)))
    },
  }
}

function enter(assault: Assault): Line {
  const { url, roomId, person } = assault.scene
  const ticket = assault.tickets.pop()
  if (ticket) return new Line(ticket, {}, assault.tally)
  const headers = { Authorization: `Bearer ${person.accessToken}` }
  return new Line(`${url}/chat?room=${roomId}`, headers, assault.tally)
}

/** The same bytes again and again. */
export const flood =
  (bytes: (assault: Assault) => Buffer): Conduct =>
  async (line, assault) => {
    const all = bytes(assault)
    while (!line.over) await line.send(all)
  }

/**
 * The same frames so many times, each time when the RECEIPT of those before has come; then on a new
 * connection.
 */
export const rounds =
  (count: number, text: (assault: Assault) => string): Conduct =>
  async (line, assault) => {
    const all = text(assault)
    for (let round = 0; round < count && !line.over; round++) {
      // An UNSUBSCRIBE that is not known is refused, so what asks for a RECEIPT is a subscription.
      const mark = `round-${round}`
      const ask = stomp('SUBSCRIBE', [
        `id:${mark}`,
        'destination:/user/queue/errors',
        `receipt:${mark}`,
      ])
      const undo = stomp('UNSUBSCRIBE', [`id:${mark}`])
      await line.send(message(all + ask + undo))
      await line.hear(`receipt-id:${mark}\n`, TIMEOUT)
    }
  }
