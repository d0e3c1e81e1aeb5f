// What is known of the open room, and what the reader may do with the room itself: share it, set
// it, leave it, delete it.

import { signal } from '@preact/signals'
import type { ChatEvent } from '../../../client/index.ts'
import type { Role, Room } from '../../api/api.ts'
import { membersApi } from '../../api/members.ts'
import { moderationApi } from '../../api/moderation.ts'
import type { Identity } from '../../identity/identity.ts'
import { recentRooms } from '../../room/recent-rooms.ts'
import { roomInLocation } from '../../room/room-link.ts'
import { createActDialog } from './act-dialog.tsx'
import { createDeletion } from './room-deletion.tsx'
import { createRoomSettings } from './room-settings-control.ts'
import { createSharing } from './sharing.tsx'

/**
 * @param needs `onKnown`: the room as it is now. `onLost`: there is no such room any more.
 *   `onGone`: the reader deleted or left it. `onModerate`: shows what moderators look through
 */
export function createRoomAbout({
  identity,
  onKnown,
  onLost,
  onGone,
  onModerate,
}: {
  identity: Identity
  onKnown: (room: Room) => void
  onLost: () => void
  onGone: () => void
  onModerate: () => void
}) {
  const room = signal<Room | undefined>(undefined)
  const sharing = createSharing(identity, room)
  const acts = createActDialog(identity)
  const deletion = createDeletion({ identity, onDeleted: gone })
  const settings = createRoomSettings({
    identity,
    room,
    onChanged: know,
    onLeave: leave,
    onDelete: deletion.open,
    onModerate,
  })

  /** What may be done with the room itself. */
  function offer(known: Room | undefined) {
    sharing.offer(known)
    deletion.offer(known)
  }

  function know(known: Room) {
    room.value = known
    offer(known)
    recentRooms.visit(known)
    onKnown(known)
  }

  /** A room that is not there is offered no more. */
  function lose(roomId: string) {
    recentRooms.forget(roomId)
    onLost()
  }

  function gone(roomId: string) {
    lose(roomId)
    onGone()
  }

  /** The reader leaves for good, once they are sure. */
  function leave() {
    const { id, name } = room.peek() ?? { id: '', name: '' }
    acts.ask({
      ...{ title: 'leaveTitle', name, note: 'leaveNote', label: 'leaveRoom' },
      run: (token) => membersApi.remove(token, id, 'me'),
      onDone: () => gone(id),
    })
  }

  return {
    room,
    sharing,
    acts,
    deletion,
    settings,
    offer,
    know,
    lose,

    /** Another room, or none. */
    forget: () => {
      room.value = undefined
    },

    /** Opens a direct room that the reader has blocked. If that fails, the room says so. */
    unblock: () =>
      identity
        .authorized((token) => membersApi.block(token, roomInLocation(), false))
        .catch(() => {}),

    /** Shows a message to the moderators. */
    report: ({ seq, sender }: ChatEvent) => {
      const { id = '' } = room.peek() ?? {}
      acts.ask({
        ...{ title: 'reportTitle', name: sender.name, note: 'reportNote', label: 'report' },
        reason: true,
        run: (token, { reason }) => moderationApi.report(token, id, seq, reason ?? ''),
        onDone: () => {},
      })
    },

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
    },
  }
}
