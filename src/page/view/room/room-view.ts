// The open room: its header, its conversation, and the session that feeds them.

import type { Room } from '../../api/api.ts'
import type { Identity } from '../../identity/identity.ts'
import { recentRooms } from '../../room/recent-rooms.ts'
import type { RoomSession } from '../../room/room-session.ts'
import { openRoomSession } from '../../room/room-session.ts'
import { find } from '../base/dom.ts'
import { createConversation } from './conversation.ts'
import { createAdmission, createEntryChoice } from './entry-rule.ts'
import { createPeopleView } from './people-view.ts'
import { createDeletion } from './room-deletion.ts'
import { createSharing } from './sharing.ts'
import { createStatusView } from './status-view.ts'
import { createTypingView } from './typing-view.ts'

/** Identifies an open room, so that late callbacks of an earlier one are ignored. */
type Visit = object

/**
 * @param needs `onRoom`: the room's name is known. `onNews`: somebody else wrote. `onLost`: there
 *   is no such room any more. `onGone`: the reader deleted it. `onRegister`: a guest wants to
 *   become an account
 */
export function createRoomView({
  identity,
  onRoom,
  onNews,
  onLost,
  onGone,
  mayRegister,
  onRegister,
}: {
  identity: Identity
  onRoom: () => void
  onNews: () => void
  onLost: () => void
  onGone: () => void
  mayRegister: () => boolean
  onRegister: () => void
}) {
  let session: RoomSession | undefined
  let visit: Visit | undefined
  let room: Room | undefined
  /** The id of the room that was opened last. */
  let shown = ''

  const title = find('room-title', HTMLElement)
  const lock = find('room-private', HTMLElement)
  const people = createPeopleView({ isMine: identity.isMine })
  const typing = createTypingView()
  const sharing = createSharing()
  const status = createStatusView({
    onHurry: () => session?.hurry(),
    onReturn: () => open(shown),
  })
  const admission = createAdmission({
    ...{ identity, mayRegister, onRegister },
    onAdmitted: () => open(shown),
  })
  const entryChoice = createEntryChoice({ identity })
  const deletion = createDeletion({
    identity,
    onDeleted: (roomId) => {
      lose(roomId)
      onGone()
    },
  })
  const conversation = createConversation({
    identity,
    session: () => session,
    isOwner: () => room !== undefined && identity.isMine(room.owner.id),
  })
  const { log } = conversation

  /** What may be done with the room itself. */
  function offer(known: Room | undefined) {
    sharing.offer(known)
    deletion.offer(known)
    entryChoice.offer(known)
  }

  /** A room that is not there is offered no more. */
  function lose(roomId: string) {
    recentRooms.forget(roomId)
    onLost()
  }

  function close() {
    session?.close()
    conversation.leave()
    admission.show(undefined)
    session = visit = room = undefined
  }

  function open(roomId: string, anew = false) {
    close()
    const mine: Visit = {}
    visit = mine
    shown = roomId
    const here =
      <T extends unknown[]>(hear: (...news: T) => void): ((...news: T) => void) =>
      (...news) => {
        if (visit === mine) hear(...news)
      }

    title.textContent = ''
    lock.hidden = true
    people.clear()
    typing.show([])
    offer(undefined)
    conversation.open(roomId)
    session = openRoomSession(roomId, identity, {
      onState: here((state) => {
        status.show(state)
        admission.show(state)
        if (state.phase !== 'ended') return
        // The log was replaced, so read it again. Only once, because this could repeat for ever.
        if (state.code === 'after-unknown' && !anew) return open(roomId, true)
        conversation.end()
        // A reader who was replaced is still in the room in another tab or browser.
        if (state.code !== 'replaced') offer(undefined)
        if (state.code === 'room-deleted' || state.code === 'room-unknown') lose(roomId)
      }),
      onRoom: here((known: Room) => {
        room = known
        title.textContent = known.name
        lock.hidden = known.visibility !== 'private'
        offer(known)
        conversation.allow(known.standing)
        recentRooms.visit(known)
        onRoom()
      }),
      onHistory: here(log.prepend),
      onMessage: here((message) => {
        log.append(message)
        if (!identity.isMine(message.sender.id)) onNews()
      }),
      onChanged: here(log.change),
      onOutgoing: here((entry) => {
        if (entry.kind === 'message') log.show(entry)
        else log.showChange(entry)
      }),
      onSettled: here(log.forget),
      onPeople: here(people.show),
      onStanding: here(conversation.allow),
      onTyping: here(typing.show),
    })
  }

  return {
    open: (roomId: string) => open(roomId),
    close,

    /** Another reader: removes what was read and written here. */
    forget: () => {
      close()
      people.clear()
      typing.show([])
      conversation.forget()
    },

    probe: () => session?.probe(),
    get roomName() {
      return room?.name ?? ''
    },
  }
}
