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
  /** What people are, as far as it was told. */
  const roles = signal<ReadonlyMap<string, Role>>(new Map())
  const problem = signal<string | undefined>(undefined)
  const members = createMemberList({
    ...{ identity, room },
    onLoaded: (loaded) =>
      batch(() => {
        note(loaded)
        names.learn(loaded)
        noteOwn(loaded)
      }),
  })

  const roleOf = (userId: string): Role =>
    userId === room.value?.owner?.id ? 'owner' : (roles.value.get(userId) ?? usualRole(room.value))

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

  function note(known: readonly Pick<Member, 'id' | 'role'>[]) {
    roles.value = new Map([...roles.value, ...known.map(({ id, role }) => [id, role] as const)])
  }

  /** The reader may be muted since before the page was opened. */
  function noteOwn(known: readonly Member[]) {
    const me = known.find(({ id }) => identity.isMine(id))
    if (me) onOwnMute(me.mutedUntil)
  }

  function onRole(userId: string, role: Role) {
    note([{ id: userId, role }])
    members.change(userId, role)
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

  /** What the menu of a person needs. */
  const person: PersonNeeds = {
    rights: computed(() => rightsIn(room.value)),
    roleOf,
    setRole,
    isMuted: members.isMuted,
    attempt,
    onLeave: () => panel.current?.hidePopover(),
    unmute: ({ id: userId }) =>
      void attempt(async (token, id) => {
        await membersApi.mute(token, id, userId, {})
        await members.load()
      }),
    onMuted: () => void members.load(),
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
    roleOf,
    usualRole: () => usualRole(room.value),
    onRole,
    isMine: identity.isMine,

    /** Whether there is a menu of somebody: there is always something to do, but to oneself. */
    hasMenu: ({ id }: Pick<Person, 'id'>) => room.value !== undefined && !identity.isMine(id),

    openMenu: (somebody: Person, button: HTMLElement) =>
      dialogs.use((loaded) => loaded.person.open(somebody, button)),

    /** A message of the reader was refused because they are muted: until when? */
    lookForMute: () =>
      attempt(async (token, id) => {
        const { members: found } = await membersApi.list(token, id, {
          q: identity.user?.name ?? '',
        })
        noteOwn(found)
      }),

    /** The room is known: on a wide screen its people are shown beside it. */
    onKnown: () => members.onKnown(panel.current?.checkVisibility() ?? false),

    /** An event of the room told who came or went for good. */
    hear: ({ type, user }: ChatEvent) => {
      if (type === 'left' && user) members.lose(user.id)
      if (type === 'joined') members.onJoined()
    },

    /** Another room. */
    clear: () => {
      batch(() => {
        members.clear()
        people.value = NOBODY
        roles.value = new Map()
        problem.value = undefined
      })
    },
  }
}

/** Names as they are searched: composed alike, without case. */
const folded = (text: string) => nameKey(text.trim())
