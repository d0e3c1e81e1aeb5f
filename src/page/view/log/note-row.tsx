// What happened in the room, as a quiet line of the log: who came, who left, what was renamed.

import type { ChatEvent } from '../../../client/index.ts'
import { isolated, type TextKey, text } from '../base/language.ts'
import { Time } from '../base/time.tsx'

/** A system event: see "System events" in docs/protocol.md. */
export const NoteRow = ({ event }: { event: ChatEvent }) => (
  <li class="note" data-seq={event.seq} data-note={event.type}>
    <span>{noteText(event)}</span> <Time iso={event.at} style="clock" />
  </li>
)

const ROLES: Record<string, TextKey> = {
  owner: 'noteOwner',
  moderator: 'noteModerator',
  writer: 'noteWriter',
  reader: 'noteReader',
  banned: 'noteBanned',
}

const nameOf = (name: string | undefined) => isolated(name || text('somebody'))

/** @param event one of the types in log-state.ts */
function noteText({ type, sender, user, why, role = '', ...room }: ChatEvent): string {
  const [by, who] = [nameOf(sender.name), nameOf(user?.name)]
  switch (type) {
    case 'joined':
      return text('noteJoined', who)
    case 'left':
      return why === 'kicked' ? text('noteKicked', [by, who]) : text('noteLeft', who)
    case 'role':
      return text(ROLES[role] ?? 'noteWriter', who)
    case 'pinned':
      return text('notePinned', by)
    case 'unpinned':
      return text('noteUnpinned', by)
    default:
      return renamed(room)
  }
}

function renamed({ name, description, archived }: Partial<ChatEvent>): string {
  const parts = [
    name !== undefined && text('noteName', nameOf(name)),
    description !== undefined && text('noteDescription'),
    archived !== undefined && text(archived ? 'noteArchived' : 'noteRestored'),
  ]
  return parts.filter((part) => part !== false).join(' ')
}
