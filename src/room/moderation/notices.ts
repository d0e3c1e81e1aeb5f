// What people are told of what moderators did to them: a signal to /user/queue/notices, which is
// stored nowhere.

import type { Principal } from '../../auth/principal.ts'
import { encodeMessage, jsonMessage } from '../delivery/message-encoding.ts'
import { timestamp } from '../log/timestamp.ts'
import type { Role } from '../permissions.ts'
import type { Turn } from '../turn.ts'

/** What was done to somebody. */
interface Notice {
  readonly type: 'muted' | 'unmuted' | 'role' | 'message-deleted' | 'messages-deleted'
  readonly reason?: string | undefined
  /** Milliseconds since 1970. */
  readonly until?: number | undefined
  readonly role?: Role
  /** The seq of a message. */
  readonly target?: number
}

/** Tells somebody on each connection of theirs that listens, with the head of the log. */
export function tellNotice(turn: Turn, personId: string, by: Principal, notice: Notice): void {
  const { room, outbox } = turn
  const { until, ...rest } = notice
  const told = {
    ...rest,
    ...(until !== undefined && { until: timestamp(until) }),
    by: { id: by.id, name: by.name },
    seq: room.log.head(),
  }
  const message = jsonMessage(room.newId(), told)
  for (const connection of room.people.connectionsOf(personId)) {
    const { session } = connection
    if (session.phase !== 'connected') continue
    for (const subscription of session.subscriptions) {
      if (subscription.to !== 'notices') continue
      outbox.add(connection, encodeMessage(message, session, subscription))
    }
  }
}
