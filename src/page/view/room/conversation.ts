// The conversation in the open room: the log, the composer and the menu of a message. They offer
// only what the reader may do.

import type { ReadonlySignal } from '@preact/signals'
import type { ChatEvent } from '../../../client/index.ts'
import type { Role, Room } from '../../api/api.ts'
import type { Identity } from '../../identity/identity.ts'
import { type Rights, rightsIn } from '../../room/rights.ts'
import type { RoomSession } from '../../room/room-session.ts'
import { createLog } from '../log/log-control.ts'
import { createMessageMenu, type MenuNeeds } from '../log/message-menu.tsx'
import { type ClosedReason, createComposer } from './composer-control.ts'
import { createPacing } from './pacing.ts'

/**
 * @param needs `rights`: of the reader in the room. `roleOf`: what somebody is in it. `others`:
 * what is done with a message outside the conversation
 */
export function createConversation({
  identity,
  session,
  rights,
  roleOf,
  nameOf,
  others,
  mayShare,
  onShare,
  room,
}: {
  identity: Identity
  session: () => RoomSession | undefined
  rights: () => Rights
  roleOf: (userId: string) => Role
  nameOf: (userId: string) => string | undefined
  mayShare: () => boolean
  onShare: () => void
  room: ReadonlySignal<Room | undefined>
  others: Pick<MenuNeeds, 'mayAct' | 'onPerson' | 'mayPin' | 'isPinned' | 'onPin' | 'onReport'> & {
    onDeleteOther: (message: ChatEvent) => void
  }
}) {
  /** Nothing can be done here any more. */
  let over = false
  const composer = createComposer({
    onSend: (content, replyTo) => session()?.send(content, replyTo ? { replyTo } : {}),
    onRevise: (seq, content) => session()?.edit(seq, content),
    onType: (typing) => session()?.typing(typing),
  })
  const pacing = createPacing({
    ...{ composer, room },
    onMute: () => {
      const known = room.peek()
      if (known) allow(known)
    },
  })
  const menu = createMessageMenu({
    isMine: identity.isMine,
    mayWrite: () => log.access.value.mayWrite,
    mayDelete: ({ sender }) =>
      identity.isMine(sender.id)
        ? log.access.value.mayWrite
        : rights().mayActOn('deleteMessage', roleOf(sender.id)),
    // A direct room has no moderators.
    mayReport: ({ sender }) =>
      room.peek()?.kind !== 'direct' && !identity.isMine(sender.id) && rights().may('report'),
    onReact: ({ seq }, reaction, on) => session()?.react(seq, reaction, on),
    ...others,
    onReply: (message) => composer.answer(message),
    onEdit: ({ seq, content = '' }) => composer.revise(seq, content),
    onDelete: (message) => {
      if (identity.isMine(message.sender.id)) session()?.remove(message.seq)
      else others.onDeleteOther(message)
    },
  })
  const log = createLog({
    me: () => identity.user ?? { id: '', name: '' },
    isMine: identity.isMine,
    nameOf,
    ...{ mayShare, onShare },
    loadOlder: async () => session()?.loadOlder(),
    onTrimmed: (firstSeq) => session()?.olderFrom(firstSeq),
    message: {
      onReact: ({ seq }, reaction, on) => session()?.react(seq, reaction, on),
      hasMenu: (message) => !over && menu.isOffered(message),
      onMenu: menu.open,
    },
    entry: {
      retry: (key) => session()?.retry(key),
      edit: (key) => {
        const { kind, body } = session()?.withdraw(key) ?? {}
        if (kind === 'edit') composer.revise(body?.seq ?? 0, body?.content ?? '')
        else if (body) composer.giveBack(body.content ?? '', log.find(body.replyTo))
      },
      discard: (key) => session()?.withdraw(key),
    },
  })

  function offer(may: boolean) {
    log.access.value = { mayWrite: may }
    if (!may) menu.close()
  }

  /** Offers what the reader may do. Unknown: everything, because the server refuses by itself. */
  function allow(known: Room) {
    pacing.look()
    const closed = known.role && (closedBecause(known) ?? (pacing.isMuted() && 'closedMuted'))
    offer(!closed)
    composer.allow(closed || undefined)
  }

  return {
    log,
    composer,
    menu,
    pacing,
    allow,

    /** A message that is shown has changed. */
    change: (message: ChatEvent) => {
      log.change(message)
      if (message.deleted === undefined) return
      if (composer.answered.peek()?.seq === message.seq) composer.answered.value = undefined
      menu.lose(message.seq)
    },

    /** Opens another room. */
    open: (roomId: string) => {
      log.clear()
      over = false
      offer(true)
      composer.open(roomId)
    },

    /** Closes the conversation for good. */
    end: () => {
      over = true
      offer(false)
      composer.close()
      log.giveUp()
    },

    /** Shows nothing of it any more. */
    erase: () => {
      log.clear()
      log.giveUp()
    },

    leave: () => {
      menu.close()
      pacing.clear()
    },

    /** Another reader: removes what was read and written here. */
    forget: () => {
      log.clear()
      composer.forget()
    },
  }
}

/** Why the reader may not write in a room, if so. */
function closedBecause(room: Room): ClosedReason | undefined {
  if (rightsIn(room).may('write')) return undefined
  if (room.archived) return 'closedArchived'
  if (rightsIn({ ...room, ...thawed(room) }).may('write')) return 'closedFrozen'
  return room.role === 'reader' && room.kind !== 'broadcast' ? 'readersOnly' : 'closedToRole'
}

const thawed = ({ settings }: Room) =>
  settings ? { settings: { ...settings, frozen: false } } : {}
