// @ts-check
// What localStorage knows of the sign-in, and so every tab and the next visit: a name, never a token.

/** @typedef {import('./api.js').User} User */
/** @typedef {'guest' | 'password' | 'provider'} Way how somebody signed in */
/** `since` tells one sign-in from the next. @typedef {{ user: User, way: Way, since: number }} Known */
/** Somebody whose sign-in was ended, and why. @typedef {{ code: string, name: string, way: Way }} Former */
/** @typedef {Known | Former | null} SignInRecord */

const STORAGE_KEY = 'stompbox.identity'

/** @returns {SignInRecord} */
export function loadRecord() {
  try {
    const kept = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? 'null')
    const known = typeof kept?.user?.id === 'string' && typeof kept.since === 'number'
    return known || typeof kept?.code === 'string' ? kept : null
  } catch {
    return null
  }
}

/** @param {SignInRecord} record */
export function storeRecord(record) {
  if (record) localStorage.setItem(STORAGE_KEY, JSON.stringify(record))
  else localStorage.removeItem(STORAGE_KEY)
}

/** Another tab has written. @param {() => void} listener */
export function onRecord(listener) {
  globalThis.addEventListener('storage', ({ key }) => {
    if (key === STORAGE_KEY || key === null) listener()
  })
}

/** @param {SignInRecord} record */
export const knownIn = (record) => (record && 'user' in record ? record : null)

/** @param {SignInRecord} record */
export const formerIn = (record) => (record && 'code' in record ? record : null)

/**
 * Whether two records show the same to whoever looks at the page.
 * @param {SignInRecord} one
 * @param {SignInRecord} other
 */
export const sameReader = (one, other) => faceOf(one) === faceOf(other)

/** @param {SignInRecord} record */
function faceOf(record) {
  if (!record) return ''
  return 'user' in record ? `${record.user.id} ${record.since}` : record.code
}
