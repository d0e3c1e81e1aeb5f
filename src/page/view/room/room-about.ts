// What is known of the open room, and what the reader may do with the room itself.

import { signal } from '@preact/signals'
import { api, type Role, type Room } from '../../api/api.ts'
import { membersApi } from '../../api/members.ts'
import type { Identity } from '../../identity/identity.ts'
import { recentRooms } from '../../room/recent-rooms.ts'
import { isLinked, mayInvite } from '../../room/rights.ts'
import { roomInLocation } from '../../room/room-link.ts'

/**
 * @param needs `onKnown`: the room as it is now. `onLost`: the reader is in it no more. `onGone`:
 *   they deleted or left it
 */
export function createRoomAbout({
  identity,
  onKnown,
  onLost,
  onGone,
}: {
  identity: Identity
  onKnown: (room: Room) => void
  onLost: (roomId: string) => void
  onGone: () => void
}) {
  const room = signal<Room | undefined>(undefined)
  /** The room, while the reader is in it: what may be done with it is offered. */
  const offered = signal<Room | undefined>(undefined)

  function know(known: Room) {
    room.value = known
    offered.value = known
    recentRooms.visit(known)
    onKnown(known)
  }

  /** A room that is not there is offered no more. */
  function lose(roomId: string) {
    recentRooms.forget(roomId)
    onLost(roomId)
  }

  /** Another role sees other settings. */
  async function lookAgain(roomId: string) {
    const seen = await identity.authorized((token) => api.room(token, roomId)).catch(() => {})
    if (seen && room.peek()?.id === roomId) know(seen)
  }

  return {
    room,
    offered,
    know,
    lose,

    /** Whether the reader may invite others, by the link of the room or by one of their own. */
    mayShare: () =>
      offered.value !== undefined && (isLinked(offered.value) || mayInvite(room.value)),

    gone: (roomId: string) => {
      lose(roomId)
      onGone()
    },

    /** Another room, or none. */
    forget: () => {
      room.value = undefined
      offered.value = undefined
    },

    /** The reader is in no room. */
    withdraw: () => {
      offered.value = undefined
    },

    /** Opens a direct room that the reader has blocked. If that fails, the room says so. */
    unblock: () =>
      identity
        .authorized((token) => membersApi.block(token, roomInLocation(), false))
        .catch(() => {}),

    /** Something of the room is new. */
    change: (change: Partial<Room>) => {
      const known = room.peek()
      if (known) know({ ...known, ...change })
    },

    /** Somebody was given a role. */
    onRole: (userId: string, role: Role) => {
      const known = room.peek()
      if (!known) return
      const isMine = identity.isMine(userId)
      const owner = role === 'owner' ? { owner: { name: '', ...known.owner, id: userId } } : {}
      if (isMine || role === 'owner') know({ ...known, ...owner, ...(isMine && { role }) })
      if (isMine) void lookAgain(known.id)
    },
  }
}
