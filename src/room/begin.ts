// What a turn begins with: nothing read, said or left over yet.

import { Outbox } from './delivery/outbox.ts'
import type { Connection } from './ports.ts'
import type { Behind, Parts, Turn } from './turn.ts'

/** @param behind of a room that has just woken up, where some subscription is. */
export const begin = (parts: Parts, now: number, behind: Behind | undefined): Turn => ({
  room: { ...parts, connections: listedOnce(parts) },
  now,
  outbox: new Outbox(),
  leftovers: { lost: new Map(), queues: new Set(), behind },
  fresh: { events: [], size: 0, answers: [] },
  replays: { bytes: 0, stretches: new Map() },
  queued: { bytes: 0 },
  read: { frames: 0 },
})

/** The platform makes a new list for each call, and no connection comes or goes in a turn. */
function listedOnce({ people, connections }: Parts): () => readonly Connection[] {
  let listed: readonly Connection[] | undefined
  return () => {
    if (listed) return listed
    listed = connections()
    // Some have gone without a word.
    if (listed.length < people.size) people.build(listed)
    return listed
  }
}
