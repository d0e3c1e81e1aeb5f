// A glance: the room as one member sees it in the list of their rooms (U1).

import type { Principal } from '../../auth/principal.ts'
import { Refusal } from '../../refusals.ts'
import { GLANCED_EVENTS, PREVIEW } from '../limits/glance-limits.ts'
import { profileFor } from '../membership/direct-room.ts'
import { type MemberRoom, type MemberRow, memberRoomOf } from '../membership/member.ts'
import { demandEntry, readableAfter } from '../membership/roles.ts'
import type { RoomState } from '../room-state.ts'
import { unreadOf } from './count-unread.ts'
import type { Unread } from './unread.ts'

/** A room as one member sees it in the list of their rooms. Times in milliseconds since 1970. */
export interface RoomGlance extends MemberRoom, Unread {
  /** Until when they may not write. */
  readonly mutedUntil?: number
  /** The newest message that they may read and that is not deleted. None: no such property. */
  readonly last?: GlancedMessage
}

/** What a glance shows of a message, as the message is now. */
export interface GlancedMessage {
  readonly seq: number
  /** When it was sent. */
  readonly at: number
  /** As they were then. */
  readonly sender: { readonly id: string; readonly name: string }
  /** Its first characters: PREVIEW at most, and no part of one. */
  readonly preview: string
}

/** The room as a member sees it; undefined for whoever is none, and where it is deleted. */
export function glanceOf(room: RoomState, personId: string): RoomGlance | undefined {
  if (room.deletion.isDone) return undefined
  const row = room.members.get(personId)
  const profile = profileFor(room.profile.get(), room.members, personId)
  const kept = memberRoomOf(profile, row, room.ownLists.get(personId) === 'hidden')
  const unread = unreadOf(room, personId)
  if (!row || !kept || !unread) return undefined
  const { mutedUntil } = row
  const last = lastMessage(room, row)
  return {
    ...kept,
    ...unread,
    ...(mutedUntil !== undefined && { mutedUntil }),
    ...(last && { last }),
  }
}

/** P1: none where the newest message is one that they may not read. */
function lastMessage(room: RoomState, row: MemberRow): GlancedMessage | undefined {
  const floor = readableFrom(room, row)
  const message = floor === undefined ? undefined : room.log.lastMessage(GLANCED_EVENTS)
  if (!message || message.seq <= (floor ?? 0)) return undefined
  const { seq, at, content } = message
  const { id, name } = message.sender
  return { seq, at, sender: { id, name }, preview: previewOf(content) }
}

/**
 * The seq after which a member may read, whatever a token of theirs says; undefined: they may not
 * come in now.
 */
function readableFrom(room: RoomState, { id, name, guest }: MemberRow): number | undefined {
  const member: Principal = { id, name, roles: [], ...(guest && { guest }) }
  try {
    demandEntry(room, member)
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
  return readableAfter(room, member)
}

const CHARACTERS = new Intl.Segmenter()

/** What may follow a place before it is known whether a character goes on there. */
const LOOKED_AHEAD = 32

/** The beginning of a text. It ends at a NUL, as a quote does. */
export function previewOf(content: string): string {
  const [text = ''] = content.split('\0', 1)
  if (text.length <= PREVIEW) return text
  const { length } = [...text.slice(0, 2 * PREVIEW)].slice(0, PREVIEW).join('')
  if (length === text.length) return text
  const segments = CHARACTERS.segment(text.slice(0, length + LOOKED_AHEAD))
  const end = segments.containing(length)?.index ?? length
  // Something that never ends, as a letter under a pile of marks, is cut all the same.
  return text.slice(0, end || length)
}
