// The people of the open room: who is here, who its members are, and what may be done to them.

import { batch, computed, type ReadonlySignal, signal } from '@preact/signals'
import { createRef } from 'preact'
import { type ChatEvent, HttpRefusal, type People, type Person } from '../../../client/index.ts'
import { nameKey } from '../../../name-key.ts'
import type { Role, Room } from '../../api/api.ts'
import { type Member, membersApi } from '../../api/members.ts'
import type { Identity } from '../../identity/identity.ts'
import { rightsIn, usualRole } from '../../room/rights.ts'
import type { PersonNeeds } from '../dialogs/room/person-menu-control.ts'
import type { LateDialogs } from '../late-dialogs.tsx'
import { createKnownMembers } from './known-members.ts'
import { createMemberList } from './member-list.ts'
import type { Names } from './names.ts'

const NOBODY: People = { here: [], count: 0 }

export type PeopleControl = ReturnType<typeof createPeople>

/** Loads members when the list is shown or searched; who is here comes from the room's signals. */
export function createPeople({
  identity,
  room,
  names,
  dialogs,
  onOwnMute,
}: {
  identity: Identity
  room: ReadonlySignal<Room | undefined>
  names: Names
  dialogs: LateDialogs
  /** Until when the reader is muted, if they are. */
  onOwnMute: (until: string | undefined) => void
}) {
  const panel = createRef<HTMLElement>()
  const people = signal<People>(NOBODY)
  const rights = computed(() => rightsIn(room.value))
  const known = createKnownMembers(room)
  const problem = signal<string | undefined>(undefined)
  const members = createMemberList({
    ...{ identity, room },
    onLoaded: (loaded) =>
      batch(() => {
        known.note(loaded)
        names.learn(loaded)
        noteOwn(loaded)
      }),
  })

  const isFound = ({ name }: { name: string }) =>
    folded(name).startsWith(folded(members.query.value))
  const here = computed(() => {
    const found = people.value.here.filter(isFound)
    return found.toSorted((a, b) => Number(identity.isMine(b.id)) - Number(identity.isMine(a.id)))
  })
  const others = computed(() => {
    const ids = new Set(people.value.here.map(({ id }) => id))
    return members.items.value.filter(({ id }) => !ids.has(id))
  })

  /** The reader may be muted since before the page was opened. */
  function noteOwn(loaded: readonly Member[]) {
    const me = loaded.find(({ id }) => identity.isMine(id))
    if (me) onOwnMute(me.mutedUntil)
  }

  function onRole(userId: string, role: Role) {
    known.change(userId, role)
    if (identity.isMine(userId) && role !== 'banned') members.again()
  }

  const setRole = ({ id: userId }: Pick<Person, 'id'>, role: Role) =>
    attempt(async (token, id) => {
      await membersApi.setRole(token, id, userId, role)
      onRole(userId, role)
    })

  /** Does something in the room. A refusal is shown. */
  async function attempt(does: (token: string, roomId: string) => Promise<void>) {
    const { id = '' } = room.peek() ?? {}
    problem.value = undefined
    try {
      await identity.authorized((token) => does(token, id))
    } catch (error) {
      problem.value = error instanceof HttpRefusal ? error.code : 'internal'
    }
  }

  /** Those whose names begin with a name, the first of them. */
  const listed = async (token: string, roomId: string, q: string) =>
    (await membersApi.list(token, roomId, { q })).members

  /** Asks what somebody is whom no list has shown yet, if the reader may do anything about it. */
  async function lookFor({ id: userId, name }: Person) {
    const { id = '' } = room.peek() ?? {}
    if (known.has(userId) || !rights.peek().may('keepOrder')) return true
    const found = await identity.authorized((token) => listed(token, id, name)).catch(() => [])
    if (room.peek()?.id !== id) return false
    known.note(found)
    return true
  }

  /** What the menu of a person needs. */
  const person: PersonNeeds = {
    rights,
    roleOf: known.roleOf,
    setRole,
    isMuted: known.isMuted,
    attempt,
    onLeave: () => panel.current?.hidePopover(),
    unmute: ({ id: userId }) =>
      void attempt(async (token, id) => {
        known.note([await membersApi.mute(token, id, userId, {})])
      }),
    onMuted: (member) => known.note([member]),
    onRole,
    onKicked: members.lose,
  }

  return {
    panel,
    people,
    here,
    others,
    members,
    problem,
    person,
    roleOf: known.roleOf,
    isMuted: known.isMuted,
    usualRole: () => usualRole(room.value),
    onRole,
    isMine: identity.isMine,

    /** Whether there is a menu of somebody: there is always something to do, but to oneself. */
    hasMenu: ({ id }: Pick<Person, 'id'>) => room.value !== undefined && !identity.isMine(id),

    openMenu: async (somebody: Person, button: HTMLElement) => {
      if (!(await lookFor(somebody))) return
      dialogs.use((loaded) => loaded.person.open(somebody, button))
    },

    /** A message of the reader was refused because they are muted: until when? */
    lookForMute: () =>
      attempt(async (token, id) => {
        noteOwn(await listed(token, id, identity.user?.name ?? ''))
      }),

    /** The room is known: on a wide screen its people are shown beside it. */
    onKnown: () => members.onKnown(panel.current?.checkVisibility() ?? false),

    /** An event of the room told who came or went for good. */
    hear: ({ type, user }: ChatEvent) => {
      if (type === 'left' && user) members.lose(user.id)
      if (type === 'joined') members.again()
    },

    /** Another room. */
    clear: () => {
      batch(() => {
        members.clear()
        people.value = NOBODY
        known.forget()
        problem.value = undefined
      })
    },
  }
}

/** Names as they are searched: composed alike, without case. */
const folded = (text: string) => nameKey(text.trim())
