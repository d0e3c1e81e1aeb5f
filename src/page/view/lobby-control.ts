// What the lobby lists: the rooms of the reader, the public ones, and those visited lately.

import { batch, computed, signal } from '@preact/signals'
import { HttpRefusal } from '../../client/index.ts'
import { api, type MyRoom, type Room, type RoomKind } from '../api/api.ts'
import type { Identity } from '../identity/identity.ts'
import { recentRooms } from '../room/recent-rooms.ts'
import { createPages } from './base/pages.ts'
import type { LateDialogs } from './late-dialogs.tsx'

/** Somebody types the beginning of a name: one request for several keys. */
const PAUSE_MS = 250

/** What is said in the place of public rooms. */
export type LobbyNote = 'noRooms' | 'noOtherRooms' | 'noRoomFound' | 'roomsFailed'

/** What a list shows of a room. */
export interface RoomEntry {
  readonly id: string
  readonly name: string
  readonly kind?: RoomKind | undefined
}

export type LobbyControl = ReturnType<typeof createLobby>

/**
 * The lists load when the lobby is shown. `entered` and `lost` change them at once; `forget`
 * removes them when the reader changes.
 */
export function createLobby(identity: Identity, dialogs: LateDialogs) {
  const mine = createPages<MyRoom>(async (cursor) => {
    const page = await identity.authorized((token) => api.myRooms(token, cursor))
    return { items: page.rooms, next: page.next }
  })
  const listed = createPages<Room>(async (cursor) => {
    const q = query.peek().trim() || undefined
    const page = await identity.authorized((token) => api.rooms(token, { q, cursor }))
    return { items: page.rooms, next: page.next }
  })
  /** What the names of public rooms are to begin with, as it was typed. */
  const query = signal('')
  const failed = signal({ mine: false, listed: false })
  /** The code of why a room was not hidden. */
  const problem = signal<string | undefined>(undefined)
  /** The id of the open room, or ''. */
  const open = signal('')
  const recent = signal(recentRooms.list())
  /** Rooms that the reader came into since the list was loaded, by id. */
  const entered = signal<ReadonlyMap<string, RoomEntry>>(new Map())
  /** Rooms that the reader is in no more: the server may hear of it later than the page. */
  const gone = signal<ReadonlySet<string>>(new Set())
  let pause: ReturnType<typeof setTimeout> | undefined

  const myRooms = computed<readonly RoomEntry[]>(() => {
    const rooms = mine.items.value.filter(({ id }) => !gone.value.has(id))
    const known = idsOf(rooms)
    const added = [...entered.value.values()].filter(({ id }) => !known.has(id))
    return [
      ...added.reverse(),
      ...rooms.map((room) => ({ ...room, ...entered.value.get(room.id) })),
    ]
  })

  /** Those of the reader stand above, so they are found here only by their name. */
  const others = computed(() => {
    const known = idsOf(myRooms.value)
    const rooms = listed.items.value
    return query.value === '' ? rooms.filter(({ id }) => !known.has(id)) : rooms
  })

  async function load(of: 'mine' | 'listed', which: () => Promise<unknown>) {
    const isLost = await which().then(
      () => false,
      () => true,
    )
    failed.value = { ...failed.peek(), [of]: isLost }
  }

  const loadMine = () => load('mine', mine.load)
  const loadListed = () => load('listed', listed.load)

  function refresh() {
    recent.value = recentRooms.list()
    return Promise.all([loadMine(), loadListed()])
  }

  return {
    myRooms,
    moreOfMine: mine.next,
    others,
    moreOfOthers: listed.next,
    query,
    failed,
    problem,
    open,
    refresh,
    loadMoreOfMine: () => load('mine', mine.more),
    loadMoreOfOthers: () => load('listed', listed.more),
    create: () => dialogs.use(({ creation }) => creation.open()),

    /** The reader asks, so what the server says holds. */
    onRefresh: () => {
      gone.value = new Set()
      void refresh()
    },

    /** Visited lately, and in no list above. */
    visited: () => {
      const known = idsOf([...myRooms.value, ...listed.items.value])
      return recent.value.filter(({ id }) => !known.has(id))
    },

    note: (): LobbyNote | undefined => {
      if (failed.value.listed) return 'roomsFailed'
      // A page of a search may be empty and have a next one.
      if (listed.next.value !== null || others.value.length > 0) return undefined
      if (query.value !== '') return 'noRoomFound'
      return listed.items.value.length === 0 ? 'noRooms' : 'noOtherRooms'
    },

    onSearch: (typed: string) => {
      query.value = typed
      clearTimeout(pause)
      pause = setTimeout(() => void loadListed(), PAUSE_MS)
    },

    /** The reader is in a room, which has this name now. */
    entered: ({ id, name, kind }: RoomEntry) => {
      batch(() => {
        entered.value = new Map([...entered.peek(), [id, { id, name, kind }]])
        gone.value = new Set([...gone.peek()].filter((other) => other !== id))
      })
    },

    /** Takes a direct room out of the list. Gives whether it is out. */
    hide: async (roomId: string) => {
      problem.value = undefined
      try {
        await identity.authorized((token) => api.hideRoom(token, roomId))
      } catch (error) {
        problem.value = error instanceof HttpRefusal ? error.code : 'internal'
        return false
      }
      recentRooms.forget(roomId)
      batch(() => {
        entered.value = new Map([...entered.peek()].filter(([id]) => id !== roomId))
        mine.items.value = mine.items.peek().filter(({ id }) => id !== roomId)
        recent.value = recentRooms.list()
      })
      return true
    },

    /** The reader is in a room no more. */
    lost: (roomId: string) => {
      batch(() => {
        entered.value = new Map([...entered.peek()].filter(([id]) => id !== roomId))
        gone.value = new Set([...gone.peek(), roomId])
      })
      void refresh()
    },

    /** Another reader: removes the lists. */
    forget: () => {
      clearTimeout(pause)
      batch(() => {
        mine.clear()
        listed.clear()
        entered.value = new Map()
        gone.value = new Set()
        query.value = ''
        failed.value = { mine: false, listed: false }
        problem.value = undefined
        recent.value = recentRooms.list()
      })
    },

    /** Marks the open room. '' for none. */
    mark: (roomId: string) => {
      open.value = roomId
      recent.value = recentRooms.list()
    },
  }
}

const idsOf = (rooms: readonly { id: string }[]) => new Set(rooms.map(({ id }) => id))
