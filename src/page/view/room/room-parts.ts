// The parts of the open room, each wired to the others: what is known of it, its people, its pins
// and its conversation.

import type { Identity } from '../../identity/identity.ts'
import { rightsIn } from '../../room/rights.ts'
import type { RoomSession } from '../../room/room-session.ts'
import type { RoomNeeds } from '../dialogs/dialogs.tsx'
import type { LateDialogs } from '../late-dialogs.tsx'
import { createConversation } from './conversation.ts'
import { createNames } from './names.ts'
import { createPeople } from './people-control.ts'
import { createPins } from './pins.tsx'
import { createRoomAbout } from './room-about.ts'

/**
 * `onRoom`: the room's name is known. `onLost`: the reader is in a room no more. `onGone`: they
 * deleted or left it.
 */
export interface PartsNeeds {
  readonly identity: Identity
  readonly dialogs: LateDialogs
  readonly onRoom: () => void
  readonly onLost: (roomId: string) => void
  readonly onGone: () => void
}

/** @param session the open one */
export function createRoomParts(
  { identity, dialogs, onRoom, onLost, onGone }: PartsNeeds,
  session: () => RoomSession | undefined,
) {
  const about = createRoomAbout({
    identity,
    onKnown: (known) => {
      conversation.allow(known)
      people.onKnown()
      onRoom()
    },
    ...{ onLost, onGone },
  })
  const { room } = about
  const names = createNames()
  const onJump = (seq: number) => conversation.log.jump(seq)
  const people = createPeople({
    ...{ identity, room, names, dialogs },
    onOwnMute: (until) => conversation.pacing.mute(until),
  })
  const loadPins = () =>
    void session()
      ?.loadPins()
      .catch(() => {})
  // Their list shows what is known of them.
  const pins = createPins({
    ...{ identity, room, offered: about.offered, onJump },
    load: loadPins,
  })
  const share = () => dialogs.use(({ sharing }) => sharing.open())
  const conversation = createConversation({
    identity,
    session,
    rights: () => rightsIn(room.peek()),
    roleOf: people.roleOf,
    nameOf: names.of,
    mayShare: about.mayShare,
    onShare: share,
    room,
    others: {
      mayPin: pins.mayPin,
      isPinned: pins.isPinned,
      onPin: pins.set,
      onDeleteOther: (message) => dialogs.use(({ deleteMessage }) => deleteMessage(message)),
      onReport: (message) => dialogs.use(({ report }) => report(message)),
      mayAct: ({ sender }) => people.hasMenu(sender),
      onPerson: ({ sender }, button) => people.openMenu(sender, button),
    },
  })
  /** What the dialogs need. */
  const needs: RoomNeeds = {
    ...{ room, offered: about.offered, person: people.person },
    ...{ onChanged: about.know, onGone: about.gone, onJump },
    onDelete: (seq, reason) => session()?.remove(seq, reason === undefined ? {} : { reason }),
  }

  return {
    ...{ about, names, people, pins, conversation, needs, share, loadPins },
    openSettings: () => dialogs.use(({ settings }) => settings.open()),
  }
}
