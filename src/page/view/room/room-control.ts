// The open room: what is known of it, its conversation, and the session that feeds both.

import { batch, effect, signal } from '@preact/signals'
import type { ChatEvent, People, Person, State } from '../../../client/index.ts'
import type { Room } from '../../api/api.ts'
import { type Notice, openRoomSession, type RoomSession } from '../../room/room-session.ts'
import { createRoomParts, type PartsNeeds } from './room-parts.ts'
import { isPause } from './status.tsx'
import { toldText } from './told-bar.tsx'

/** Identifies an open room, so that late callbacks of an earlier one are ignored. */
type Visit = object

/** Why a connection ends where there is no room, and where the reader is none of it any more. */
const GONE = new Set(['room-deleted', 'room-unknown'])
const PUT_OUT = new Set(['kicked', 'left', 'banned'])

const CONNECTING: State = { phase: 'connecting', again: false }

export type RoomControl = ReturnType<typeof createRoom>

/**
 * The open room; at first there is none.
 *
 * @param needs `onEntered`: the reader is in the room, as it is now. `onNews`: somebody else wrote
 */
export function createRoom({
  onEntered,
  onNews,
  ...needs
}: PartsNeeds & { onEntered: (room: Room) => void; onNews: () => void }) {
  const { identity } = needs
  let session: RoomSession | undefined
  let visit: Visit | undefined
  /** The id of the room that was opened last. */
  let shown = ''
  /** Whether its pins were asked for. */
  let isKnown = false

  /** `pause`: the state began as a longer wait. */
  const connection = signal({ state: CONNECTING, pause: false })
  const typing = signal<readonly Person[]>([])
  /** What a moderator did to the reader last, until they have closed the line about it. */
  const told = signal<Notice | undefined>(undefined)
  const parts = createRoomParts(needs, () => session)
  const { about, names, people, pins, conversation } = parts
  const { room } = about
  const { log } = conversation
  const { isMine } = identity

  // A guest who was refused has become an account: the room opens.
  identity.onUpdate(() => {
    const { state } = connection.peek()
    const refused = state.phase === 'ended' && state.code === 'accounts-only'
    if (visit && refused && identity.way !== 'guest') open(shown)
  })

  function close() {
    session?.close()
    conversation.leave()
    session = visit = undefined
    about.forget()
  }

  function clear() {
    names.forget()
    people.clear()
    pins.pins.value = []
    typing.value = []
    told.value = undefined
  }

  /** The names of those who write, and of those whom they mention. */
  function meet(messages: readonly ChatEvent[]) {
    names.learn(messages.map(({ sender }) => sender))
    const mentioned = messages.flatMap(({ mentions = [] }) => mentions)
    if (mentioned.some((id) => names.of(id) === undefined)) people.members.loadOnce()
  }

  /** What was said is gone for everyone. */
  function erase() {
    clear()
    conversation.erase()
  }

  function onState(state: State, roomId: string, anew: boolean) {
    connection.value = { state, pause: isPause(state) }
    if (state.phase === 'connected' && !isKnown) {
      isKnown = true
      parts.loadPins()
    }
    if (state.phase !== 'ended') return
    // The log was replaced, so read it again. Only once, because this could repeat for ever.
    if (state.code === 'after-unknown' && !anew) return open(roomId, true)
    conversation.end()
    told.value = undefined
    // A reader who was replaced is still in the room in another tab or browser.
    if (state.code !== 'replaced') about.withdraw()
    if (GONE.has(state.code)) about.lose(roomId)
    if (state.code === 'room-deleted') erase()
    if (PUT_OUT.has(state.code)) needs.onLost(roomId)
  }

  effect(() => {
    const known = room.value
    if (known && connection.value.state.phase === 'connected') onEntered(known)
  })

  function open(roomId: string, anew = false) {
    close()
    const mine: Visit = {}
    visit = mine
    shown = roomId
    isKnown = false
    const here =
      <T extends unknown[]>(hear: (...news: T) => void): ((...news: T) => void) =>
      (...news) => {
        if (visit === mine) batch(() => hear(...news))
      }

    batch(() => {
      clear()
      about.withdraw()
      conversation.open(roomId)
    })
    session = openRoomSession(roomId, identity, {
      onState: here((state) => onState(state, roomId, anew)),
      onRoom: here(about.know),
      onRoomChange: here(about.change),
      onHistory: here((messages, more) => {
        meet(messages)
        log.prepend(messages, more)
        const own = messages.findLast(({ type, sender }) => type === 'message' && isMine(sender.id))
        if (own) conversation.pacing.spoke(own.at)
      }),
      onMessage: here((message) => {
        meet([message])
        log.append(message)
        if (message.type !== 'message') people.hear(message)
        else if (isMine(message.sender.id)) conversation.pacing.spoke(message.at)
        else onNews()
      }),
      onChanged: here(conversation.change),
      onOutgoing: here((entry) => {
        if (entry.code === 'muted') void people.lookForMute()
        if (entry.kind === 'message') log.show(entry)
        else log.showChange(entry)
      }),
      onSettled: here(log.forget),
      onPeople: here((next: People) => {
        names.learn(next.here)
        people.people.value = next
      }),
      onRole: here((userId, role) => {
        about.onRole(userId, role)
        people.onRole(userId, role)
      }),
      onNotice: here((notice) => {
        const { type, until, reason } = notice
        if (type === 'muted' || type === 'unmuted') conversation.pacing.mute(until, reason)
        if (toldText(notice)) told.value = notice
      }),
      onPins: here((next) => {
        pins.pins.value = next
      }),
      onTyping: here((next: readonly Person[]) => {
        typing.value = next
      }),
    })
  }

  return {
    ...about,
    ...parts,
    connection,
    typing,
    told,
    isMine,
    open: (roomId: string) => open(roomId),
    openAgain: () => open(shown),
    close,
    hurry: () => session?.hurry(),
    probe: () => session?.probe(),

    /** Another reader: removes what was read and written here. */
    forget: () => {
      close()
      clear()
      conversation.forget()
    },

    get name() {
      return room.value?.name ?? ''
    },
  }
}
