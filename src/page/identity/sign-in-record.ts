// The sign-in as localStorage keeps it, for other tabs and the next visit: a name, never a token.

import type { User } from '../api/api.ts'

/** How somebody signed in. */
export type Way = 'guest' | 'password' | 'provider'
/** `since` distinguishes one sign-in from the next. */
export type Known = { user: User; way: Way; since: number }
/** Somebody whose sign-in has ended, and why. */
type Former = { code: string; name: string; way: Way }
/** Who is signed in, who was, or nobody. */
export type StoredReader = Known | Former | null

const STORAGE_KEY = 'stompbox.identity'

/** What is stored; null also for what cannot be read. */
export function loadRecord(): StoredReader {
  try {
    const kept = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? 'null')
    const known = typeof kept?.user?.id === 'string' && typeof kept.since === 'number'
    return known || typeof kept?.code === 'string' ? kept : null
  } catch {
    return null
  }
}

/** Null: removes what is stored. */
export function storeRecord(record: StoredReader) {
  if (record) localStorage.setItem(STORAGE_KEY, JSON.stringify(record))
  else localStorage.removeItem(STORAGE_KEY)
}

/** Calls the listener when another tab has written. */
export function onRecord(listener: () => void) {
  globalThis.addEventListener('storage', ({ key }) => {
    if (key === STORAGE_KEY || key === null) listener()
  })
}

/** Who is signed in, or null. */
export const knownIn = (record: StoredReader) => (record && 'user' in record ? record : null)

/** Whose sign-in has ended, or null. */
export const formerIn = (record: StoredReader) => (record && 'code' in record ? record : null)

/** Whether two records mean the same sign-in. */
export const sameReader = (one: StoredReader, other: StoredReader) => faceOf(one) === faceOf(other)

function faceOf(record: StoredReader) {
  if (!record) return ''
  return 'user' in record ? `${record.user.id} ${record.since}` : record.code
}
