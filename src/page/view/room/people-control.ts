// The people of the open room: who is here, who its members are, and what may be done to them.

import { batch, computed, type ReadonlySignal, signal } from '@preact/signals'
import { createRef } from 'preact'
import { type ChatEvent, HttpRefusal, type People, type Person } from '../../../client/index.ts'
import type { Role, Room } from '../../api/api.ts'
import { type Member, membersApi } from '../../api/members.ts'
import type { Identity } from '../../identity/identity.ts'
import { rightsIn, usualRole } from '../../room/rights.ts'
import { createPages } from '../base/pages.ts'
import type { PersonNeeds } from '../dialogs/room/person-menu-control.ts'
import type { LateDialogs } from '../late-dialogs.tsx'

const PAGE = 50
/** Somebody types the beginning of a name: one request for several keys. */
const PAUSE_MS = 250
const NOBODY: People = { here: [], count: 0 }

export type PeopleControl = ReturnType<typeof createPeople>

/** Loads members when the list is shown or searched; who is here comes from the room's signals. */
export function createPeople({
  identity,
  room,
  dialogs,
  onOwnMute,
}: {
  identity: Identity
  room: ReadonlySignal<Room | undefined>
  dialogs: LateDialogs
  /** Until when the reader is muted, if they are. */
  onOwnMute: (until: string | undefined) => void
}) {
  const panel = createRef<HTMLElement>()
  const people = signal<People>(NOBODY)
  /** What people are, as far as it was told. */
  const roles = signal<ReadonlyMap<string, Role>>(new Map())
  const query = signal('')
  const failed = signal(false)
  const problem = signal<string | undefined>(undefined)
  let pause: ReturnType<typeof setTimeout> | undefined
  /** The members whose names begin with the query, as far as they were loaded. */
  const pages = createPages<Member>(async (cursor) => {
    const q = query.peek().trim()
    const page = { limit: PAGE, cursor, ...(q !== '' && { q }) }
    const { id = '' } = room.peek() ?? {}
    const answer = await identity.authorized((token) => membersApi.list(token, id, page))
    return { items: answer.members, next: answer.next }
  })
  const members = pages.items
  /** Whether they were asked for in this room. */
  let isAsked = false

  const roleOf = (userId: string): Role =>
    userId === room.value?.owner?.id ? 'owner' : (roles.value.get(userId) ?? usualRole(room.value))

  const isFound = ({ name }: { name: string }) => folded(name).startsWith(folded(query.value))
  const here = computed(() => {
    const found = people.value.here.filter(isFound)
    return found.toSorted((a, b) => Number(identity.isMine(b.id)) - Number(identity.isMine(a.id)))
  })
  const others = computed(() => {
    const ids = new Set(people.value.here.map(({ id }) => id))
    return members.value.filter(({ id }) => !ids.has(id))
  })

  async function load(which: () => Promise<readonly Member[] | undefined> = pages.load) {
    if (!room.peek()) return
    isAsked = true
    try {
      const loaded = await which()
      if (!loaded) return
      batch(() => {
        failed.value = false
        note(loaded)
        noteOwn(loaded)
      })
    } catch {
      failed.value = true
    }
  }

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
    members.value = members.value.map((one) => (one.id === userId ? { ...one, role } : one))
  }

  function lose(userId: string) {
    members.value = members.value.filter(({ id }) => id !== userId)
  }

  /** Whether somebody is muted, as far as the list has them. */
  const isMuted = (userId: string) =>
    isAhead(members.value.find(({ id }) => id === userId)?.mutedUntil)

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
    isMuted,
    attempt,
    onLeave: () => panel.current?.hidePopover(),
    unmute: ({ id: userId }) =>
      void attempt(async (token, id) => {
        await membersApi.mute(token, id, userId, {})
        await load()
      }),
    onMuted: () => void load(),
    onRole,
    onKicked: lose,
  }

  return {
    panel,
    people,
    here,
    others,
    query,
    next: pages.next,
    failed,
    problem,
    person,
    roleOf,
    isMuted,
    usualRole: () => usualRole(room.value),
    onRole,
    isMine: identity.isMine,
    more: () => load(pages.more),

    /** Whether there is a menu of somebody: there is always something to do, but to oneself. */
    hasMenu: ({ id }: Pick<Person, 'id'>) => room.value !== undefined && !identity.isMine(id),

    openMenu: (somebody: Person, button: HTMLElement) =>
      dialogs.use((loaded) => loaded.person.open(somebody, button)),

    /** The list is on the screen, so it is loaded. */
    onShown: () => void load(),

    /** A message of the reader was refused because they are muted: until when? */
    lookForMute: () =>
      attempt(async (token, id) => {
        const { members: found } = await membersApi.list(token, id, {
          q: identity.user?.name ?? '',
        })
        noteOwn(found)
      }),

    /** The room is known: on a wide screen its people are shown beside it. */
    onKnown: () => {
      if (!isAsked && panel.current?.checkVisibility()) void load()
    },

    onSearch: (typed: string) => {
      query.value = typed
      clearTimeout(pause)
      pause = setTimeout(() => void load(), PAUSE_MS)
    },

    /** An event of the room told who came or went for good. */
    hear: ({ type, user }: ChatEvent) => {
      if (type === 'left' && user) lose(user.id)
      if (type === 'joined' && isAsked) void load()
    },

    /** Another room. */
    clear: () => {
      clearTimeout(pause)
      isAsked = false
      batch(() => {
        pages.clear()
        people.value = NOBODY
        roles.value = new Map()
        query.value = ''
        failed.value = false
        problem.value = undefined
      })
    },
  }
}

/** Whether a moment is still to come. */
const isAhead = (iso: string | undefined) => iso !== undefined && Date.parse(iso) > Date.now()

/** Names as they are searched: composed alike, without case. */
const folded = (text: string) => text.trim().normalize('NFC').toLowerCase()
