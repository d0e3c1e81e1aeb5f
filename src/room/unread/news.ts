// What is new for whom, of those who watch the room in their list of rooms (U1). Where nobody does,
// all of this is one comparison. None of it throws.

import { PUSHED_MEMBERS } from '../limits/glance-limits.ts'
import type { Event } from '../log/event.ts'
import type { Mentions } from '../log/mentions.ts'
import type { RoomState } from '../room-state.ts'
import type { Turn } from '../turn.ts'

type Watched = Pick<RoomState, 'watchers' | 'members'>

/** An event was appended. R4: in a large room a message is news for those whom it mentions. */
export function noteEvent(room: Watched, event: Event): void {
  const { watchers } = room
  if (watchers.size === 0 || !isNews(event)) return
  if (event.type === 'renamed' || !isLarge(room)) watchers.noteAll()
  else if (event.type !== 'delete') noteMentions(room, event)
}

/** Somebody is mentioned, or no more. */
export function noteMentions(
  { watchers }: Pick<Watched, 'watchers'>,
  { mentions, mentionsRoom }: Mentions,
): void {
  if (mentionsRoom) watchers.noteAll()
  else for (const personId of mentions ?? []) watchers.note(personId)
}

/** What the turn did to members. Whoever is none any more watches no more. */
export function noteMembership({ room: { watchers }, membership }: Turn): void {
  for (const { type, member } of membership) {
    const isGone = type === 'left' || type === 'kicked' || member.role === 'banned'
    if (isGone) watchers.remove(member.id)
    else watchers.note(member.id)
  }
}

type NewsEvent = Extract<Event, { type: 'message' | 'edit' | 'delete' | 'renamed' }>

/** Whether an event changes what a glance shows to others. */
function isNews(event: Event): event is NewsEvent {
  const { type } = event
  if (type === 'renamed') return event.name !== undefined
  return type === 'message' || type === 'edit' || type === 'delete'
}

function isLarge({ members }: Watched): boolean {
  try {
    return members.hasMoreThan(PUSHED_MEMBERS)
  } catch (error) {
    // The event stands all the same.
    console.error(error)
    return false
  }
}
