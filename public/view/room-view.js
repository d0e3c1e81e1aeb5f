// @ts-check
// The open room: its header, its log, its composer, and the session that feeds them.
import { recentRooms } from '../chat/recent-rooms.js'
import { openRoomSession } from '../chat/room-session.js'
import { createComposer } from './composer.js'
import { createDeletion } from './deletion.js'
import { find } from './dom.js'
import { createAdmission, createEntryChoice } from './entry-rule.js'
import { createLogView } from './log-view.js'
import { createMessageMenu } from './message-menu.js'
import { createPeopleView } from './people-view.js'
import { createSharing } from './sharing.js'
import { createStatusView } from './status-view.js'
import { createTypingView } from './typing-view.js'

/** @typedef {import('../chat/api.js').Room} Room */
/** A room that is open: callbacks of one that was left are not heard. @typedef {{}} Visit */

/**
 * @param {{
 *   identity: import('../chat/identity.js').Identity,
 *   onRoom: () => void,
 *   onNews: () => void,
 *   onGone: () => void,
 *   mayRegister: () => boolean,
 *   onRegister: () => void,
 * }} needs `onRoom`: the room's name is known. `onNews`: somebody else wrote. `onGone`: deleted. `onRegister`: a guest
 * wants to become an account
 */
export function createRoomView({ identity, onRoom, onNews, onGone, mayRegister, onRegister }) {
  /** @type {import('../chat/room-session.js').RoomSession | undefined} */
  let session
  /** @type {Visit | undefined} */
  let visit
  /** @type {Room | undefined} */
  let room
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
  const deletion = createDeletion({ identity, onDeleted: onGone })
  const composer = createComposer({
    onSend: (content) => session?.send(content),
    onRevise: (seq, content) => session?.edit(seq, content),
    onType: (typing) => session?.typing(typing),
  })
  const menu = createMessageMenu({
    isMine: identity.isMine,
    mayDelete: ({ sender }) =>
      identity.isMine(sender.id) || (room !== undefined && identity.isMine(room.owner.id)),
    onReact: ({ seq }, reaction, on) => session?.react(seq, reaction, on),
    onEdit: ({ seq, content = '' }) => composer.revise(seq, content),
    onDelete: ({ seq }) => session?.remove(seq),
  })
  const log = createLogView({
    scroller: find('log-scroll', HTMLElement),
    list: find('log', HTMLElement),
    start: find('log-start', HTMLElement),
    hint: find('log-hint', HTMLElement),
    empty: find('log-empty', HTMLElement),
    me: () => identity.user ?? { id: '', name: '' },
    isMine: identity.isMine,
    loadOlder: async () => session?.loadOlder(),
    onTrimmed: (firstSeq) => session?.olderFrom(firstSeq),
    onReact: ({ seq }, reaction, on) => session?.react(seq, reaction, on),
    onMenu: menu.open,
    actions: {
      retry: (key) => session?.retry(key),
      edit: (key) => {
        const { kind, body } = session?.withdraw(key) ?? {}
        if (kind === 'edit') composer.revise(body?.seq ?? 0, body?.content ?? '')
        else if (body) composer.giveBack(body.content ?? '')
      },
      discard: (key) => session?.withdraw(key),
    },
  })

  function close() {
    session?.close()
    menu.close()
    admission.show(undefined)
    session = visit = room = undefined
  }

  /** @param {string} roomId */
  function open(roomId, anew = false) {
    close()
    /** @type {Visit} */
    const mine = {}
    visit = mine
    shown = roomId
    /**
     * @template {unknown[]} T
     * @param {(...news: T) => void} hear
     * @returns {(...news: T) => void}
     */
    const here =
      (hear) =>
      (...news) => {
        if (visit === mine) hear(...news)
      }

    title.textContent = ''
    lock.hidden = true
    log.clear()
    people.clear()
    typing.show([])
    deletion.offer(undefined)
    entryChoice.offer(undefined)
    sharing.show({ id: roomId, name: '' })
    composer.open(roomId)
    session = openRoomSession(roomId, identity, {
      onState: here((state) => {
        status.show(state)
        admission.show(state)
        if (state.phase !== 'ended') return
        // The log is not the one that was read: it is read anew; once, because twice would not end.
        if (state.code === 'after-unknown' && !anew) return open(roomId, true)
        composer.close()
        log.giveUp()
        if (state.code === 'room-deleted' || state.code === 'room-unknown') {
          recentRooms.forget(roomId)
        }
      }),
      onRoom: here((/** @type {Room} */ known) => {
        room = known
        title.textContent = known.name
        lock.hidden = known.visibility !== 'private'
        sharing.show(known)
        deletion.offer(known)
        entryChoice.offer(known)
        composer.allow(mayWrite(known.standing))
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
      onStanding: here((/** @type {import('../chat/api.js').Standing} */ standing) =>
        composer.allow(mayWrite(standing)),
      ),
      onTyping: here(typing.show),
    })
  }

  return {
    /** @param {string} roomId */
    open: (roomId) => open(roomId),
    close,

    /** Another reader: what was read and written here is gone. */
    forget: () => {
      close()
      log.clear()
      people.clear()
      typing.show([])
      composer.forget()
    },

    probe: () => session?.probe(),
    get roomName() {
      return room?.name ?? ''
    },
  }
}

/** @param {import('../chat/api.js').Standing | undefined} standing nothing is known of a server that does not say */
const mayWrite = (standing) => standing !== 'reader' && standing !== 'banned'
