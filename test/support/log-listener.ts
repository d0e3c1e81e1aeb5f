// Somebody who hears the log of a room with @stomp/stompjs, from its beginning.

import { enter } from './chatter.ts'
import { Inbox } from './inbox.ts'
import type { Person } from './people.ts'
import type { Server } from './server.ts'

/** Goes into a room with a fresh ticket and listens to the log; gives the events as they come. */
export async function listenToLog({ url }: Pick<Server, 'url'>, person: Person, room: string) {
  const events = new Inbox<Record<string, unknown>>()
  const { client } = await enter(url, person, room)
  const take = ({ body }: { body: string }) => events.add(JSON.parse(body))
  client.subscribe(`/topic/chat/room/${room}`, take, { after: '0' })
  return { client, events }
}
