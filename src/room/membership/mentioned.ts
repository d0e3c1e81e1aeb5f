// Which members a text mentions, among those who may read it.

import type { Principal } from '../../auth/principal.ts'
import { nameKey } from '../../name-key.ts'
import { MENTIONED_ROWS, MENTIONS } from '../limits/message-limits.ts'
import { type Mentions, mentionedKeys, mentionsAt } from '../log/mentions.ts'
import { may } from '../permissions.ts'
import type { RoomState } from '../room-state.ts'
import { permissionsOf, roleOf } from './roles.ts'

/** Whom somebody mentions: one query where the text has an `@`, and none elsewhere. */
export function mentionsIn(room: RoomState, by: Principal, content: string): Mentions {
  const places = mentionedKeys(content)
  if (places.length === 0) return {}
  const bearers = new Map<string, string[]>()
  const keys = [...new Set(places.flat())]
  for (const { id, name } of room.members.named(keys, MENTIONS, MENTIONED_ROWS)) {
    const key = nameKey(name)
    bearers.set(key, [...(bearers.get(key) ?? []), id])
  }
  const mayMentionRoom = may(roleOf(room, by), 'mentionRoom', permissionsOf(room))
  return mentionsAt(places, bearers, mayMentionRoom)
}
