// Many members of a room who are given the log at once.

import { gather } from './gather.ts'
import { measured, type Ordeal } from './ordeal.ts'
import { Victims } from './victims.ts'
import { LONG, type World } from './world.ts'

const READERS = 1000

/** By name: how many events everybody is behind, and what they say in CONNECT. */
const KINDS = {
  behind: { events: LONG.messages, connect: 'multi-frame:true\n', about: '' },
  // Fewer, since each event is a WebSocket message for each of them.
  'behind-single': { events: 2000, connect: '', about: ', a WebSocket message for each' },
}
export type Backlog = keyof typeof KINDS
export const BEHIND = Object.keys(KINDS) as Backlog[]

/** Everybody comes back at once and is behind in the log, while one member talks. */
export async function behind(world: World, attack: Backlog): Promise<Ordeal> {
  const { events, connect, about } = KINDS[attack]
  const { longRoomId: roomId } = world
  const server = await world.serve()
  const head = await world.head(server, roomId)
  const crowd = await gather(server, world.readers, roomId, READERS, { connect })
  try {
    const victims = await Victims.enter(server.url, world.victims.slice(0, 1), roomId)
    const name = {
      attack,
      about: `${READERS.toLocaleString('en')} readers are behind by ${events.toLocaleString('en')} events${about}`,
    }
    return await measured(name, server, victims, async () => {
      const after = head - events
      const say = `SUBSCRIBE\nid:behind\ndestination:/topic/chat/room/${roomId}\nafter:${after}\n\n\0`
      const replay = { readers: READERS, say, messages: events, awake: false }
      const { ms, deliveries } = await crowd.measure({ replay })
      return `${deliveries.toLocaleString('en')} deliveries in ${(ms / 1000).toFixed(1)} s`
    })
  } finally {
    crowd.close()
    await server.close()
  }
}
