// The rooms that this browser visited lately. A private room is in no list, so this is how to find
// it.

import type { RoomKind } from '../api/api.ts'

/** `kind` is unknown for rooms that an older version of the page stored. */
type RecentRoom = { id: string; name: string; kind?: RoomKind }

const STORAGE_KEY = 'stompbox.recent'
const KEPT = 8

/** A list in localStorage, the same in all tabs: the eight visited last. */
export const recentRooms = {
  /** @returns the latest first */
  list: (): RecentRoom[] => {
    try {
      const kept = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '[]')
      return Array.isArray(kept) ? kept : []
    } catch {
      return []
    }
  },

  visit: ({ id, name, kind }: RecentRoom) => {
    const others = recentRooms.list().filter((room) => room.id !== id)
    localStorage.setItem(
      STORAGE_KEY,
      JSON.stringify([{ id, name, kind }, ...others].slice(0, KEPT)),
    )
  },

  forget: (id: string) => {
    const others = recentRooms.list().filter((room) => room.id !== id)
    localStorage.setItem(STORAGE_KEY, JSON.stringify(others))
  },

  clear: () => localStorage.removeItem(STORAGE_KEY),
}
