// @ts-check
// The rooms this browser visited lately: how a private room, listed nowhere, is found again.

/** `visibility`: not known of rooms that an older page kept. @typedef {{ id: string, name: string, visibility?: import('./api.js').Visibility }} RecentRoom */

const STORAGE_KEY = 'stompbox.recent'
const KEPT = 8

export const recentRooms = {
  /** @returns {RecentRoom[]} the latest first */
  list: () => {
    try {
      const kept = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '[]')
      return Array.isArray(kept) ? kept : []
    } catch {
      return []
    }
  },

  /** @param {RecentRoom} room */
  visit: ({ id, name, visibility }) => {
    const others = recentRooms.list().filter((room) => room.id !== id)
    localStorage.setItem(
      STORAGE_KEY,
      JSON.stringify([{ id, name, visibility }, ...others].slice(0, KEPT)),
    )
  },

  /** @param {string} id */
  forget: (id) => {
    const others = recentRooms.list().filter((room) => room.id !== id)
    localStorage.setItem(STORAGE_KEY, JSON.stringify(others))
  },

  clear: () => localStorage.removeItem(STORAGE_KEY),
}
