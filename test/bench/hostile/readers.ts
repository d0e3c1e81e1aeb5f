// Many members of a room who are given the log at once.

import { gather } from './gather.ts'
import { measured, type Ordeal } from './ordeal.ts'
import { Victims } from './victims.ts'
import { LONG, type World } from './world.ts'

export const BEHIND = 'behind'
const READERS = 1000

/** Everybody comes back at once and is behind by the whole log, while one member talks. */
export async function behind(world: World): Promise<Ordeal> {
  const { longRoomId: roomId } = world
  const server = await world.serve()
  const head = await world.head(server, roomId)
  const crowd = await gather(server, world.readers, roomId, READERS, 'nothing')
  try {
    const victims = await Victims.enter(server.url, world.victims.slice(0, 1), roomId)
    const about = `${READERS.toLocaleString('en')} readers are behind by ${LONG.messages.toLocaleString('en')} events`
    return await measured({ attack: BEHIND, about }, server, victims, async () => {
      const say = `SUBSCRIBE\nid:behind\ndestination:/topic/chat/room/${roomId}\nafter:0\n\n\0`
      const replay = { readers: READERS, say, messages: head, awake: false }
      const { ms, deliveries } = await crowd.measure({ replay })
      return `${deliveries.toLocaleString('en')} deliveries in ${(ms / 1000).toFixed(1)} s`
    })
  } finally {
    crowd.close()
    await server.close()
  }
}
