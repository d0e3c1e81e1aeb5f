// Frames that are begun and hardly ever ended, so that their deadline keeps the room awake: for how
// long they do.

import { setTimeout as pause } from 'node:timers/promises'
import { ask } from '../../support/people.ts'
import { Line } from './line.ts'
import { Tally } from './tally.ts'
import type { World } from './world.ts'
import { message, stomp } from './ws-bytes.ts'

export const HALF_FRAMES = 'half-frames'

/** A tenth of what it is in wrangler.toml, so that it does not take minutes. */
const FRAME_SECONDS = 1
const EVERY = 850
const SECONDS = 12

export interface Awake {
  /** Seconds that one connection tried to keep the room awake, and that it was. */
  readonly tried: number
  readonly awake: number
  readonly told: string
}

export async function halfFrames(world: World): Promise<Awake> {
  const server = await world.serve({ FRAME_SECONDS })
  const { roomId, attacker, victims } = world
  const active = async (): Promise<number> => {
    const token = victims[0]?.accessToken
    const { body } = await ask(server.url, 'GET', `/api/rooms/${roomId}/cost`, { token })
    return body.counts.activeSeconds
  }
  const tally = new Tally()
  const headers = { Authorization: `Bearer ${attacker.accessToken}` }
  const line = new Line(`${server.url}/chat?room=${roomId}`, headers, tally)
  try {
    await line.opened
    const authorization = `Authorization:${headers.Authorization}`
    await line.send(message(stomp('CONNECT', ['accept-version:1.2', 'host:/', authorization])))
    await line.hear('CONNECTED', 5000)
    const before = await active()
    const typing = 'SEND\ndestination:/pub/typing\n\n{"typing":true}\0'
    const [head, tail] = [typing.slice(0, 10), typing.slice(10)]
    // Each message ends a frame and begins the next.
    const begun = performance.now()
    await line.send(message(head))
    while (performance.now() - begun < 1000 * SECONDS && !line.over) {
      await pause(EVERY)
      await line.send(message(tail + head))
    }
    const rest = 1000 * SECONDS - (performance.now() - begun)
    if (rest > 0) await pause(rest)
    const awake = (await active()) - before
    const told = Object.keys(tally.told).join(', ') || 'nothing'
    return { tried: SECONDS, awake, told }
  } finally {
    line.close()
    await server.close()
  }
}
