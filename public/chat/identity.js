// @ts-check
// Who the reader is: one guest, kept in localStorage, its access token renewed before it expires.
// Shared by the tabs of a browser. No DOM.
import { ApiError, api } from './api.js'

/** @typedef {import('./api.js').User} User */
/** @typedef {import('./api.js').Grant} Grant */
/**
 * `ids`: every id this person had since they typed their name (an expired guest gets a new one).
 * @typedef {{ accessToken: string, issuedAt: number, expiresAt: number, user: User,
 *   ids: string[] }} Kept
 */

const STORAGE_KEY = 'stompbox.identity'
const IDS_KEPT = 20
const SPARE_MS = 60_000

/** @returns {Kept | null} */
function load() {
  try {
    const kept = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? 'null')
    return typeof kept?.accessToken === 'string' && Array.isArray(kept.ids) ? kept : null
  } catch {
    return null
  }
}

/** @typedef {ReturnType<typeof createIdentity>} Identity */

/** One for the page. `onChange` listeners hear of every new user id and of nothing else. */
export function createIdentity() {
  let kept = load()
  /** @type {Promise<string> | null} */
  let renewal = null
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  /** @type {Set<() => void>} */
  const listeners = new Set()

  /** @param {Kept | null} next */
  function adopt(next) {
    const before = kept?.user.id
    kept = next
    clearTimeout(timer)
    if (kept) timer = setTimeout(keepFresh, Math.max(1000, renewalDue(kept) - Date.now()))
    if (before !== kept?.user.id) for (const listener of listeners) listener()
  }

  /**
   * @param {Grant} grant
   * @param {string[]} ids
   */
  function keep(grant, ids) {
    const now = Date.now()
    /** @type {Kept} */
    const next = {
      accessToken: grant.accessToken,
      issuedAt: now,
      expiresAt: now + grant.expiresIn * 1000,
      user: grant.user,
      ids: [...new Set([grant.user.id, ...ids])].slice(0, IDS_KEPT),
    }
    localStorage.setItem(STORAGE_KEY, JSON.stringify(next))
    adopt(next)
    return grant.accessToken
  }

  /** @param {Kept} old */
  async function renew(old) {
    if (old.expiresAt > Date.now()) {
      try {
        return keep(await api.refresh(old.accessToken), old.ids)
      } catch (error) {
        if (!(error instanceof ApiError && error.status === 401)) throw error
      }
    }
    // Too late to renew: the same name comes back as a new guest.
    return keep(await api.signInAsGuest(old.user.name), old.ids)
  }

  /** Renews once however many ask. */
  function renewOnce() {
    if (!kept) return Promise.reject(new ApiError(401, 'token-missing'))
    renewal ??= renew(kept).finally(() => {
      renewal = null
    })
    return renewal
  }

  /** Renews in the background when less than a third of the token's life is left. */
  function keepFresh() {
    adopt(load() ?? kept)
    if (!kept || renewalDue(kept) > Date.now()) return
    // Because the next authorized call tries again and tells whoever waits for it.
    renewOnce().catch(() => {})
  }

  async function livingToken() {
    if (kept && kept.expiresAt - Date.now() > spareOf(kept)) return kept.accessToken
    return await renewOnce()
  }

  globalThis.addEventListener('storage', (event) => {
    if (event.key === STORAGE_KEY) adopt(load())
  })
  adopt(kept)

  return {
    get user() {
      return kept?.user ?? null
    },

    /** The newest access token, perhaps expired. */
    get accessToken() {
      return kept?.accessToken ?? null
    },

    /** Signs in as somebody else: what the person before wrote is no longer "mine". */
    signIn: async (/** @type {string} */ name) => {
      keep(await api.signInAsGuest(name), [])
    },

    /**
     * Calls with a token that has a minute to live; once more with a new one if the gateway does
     * not take it. Throws ApiError.
     * @template T
     * @param {(token: string) => Promise<T>} call
     * @returns {Promise<T>}
     */
    authorized: async (call) => {
      const token = await livingToken()
      try {
        return await call(token)
      } catch (error) {
        if (!(error instanceof ApiError && error.status === 401)) throw error
        if (kept?.accessToken === token) kept = { ...kept, expiresAt: kept.issuedAt }
        return await call(await livingToken())
      }
    },

    isMine: (/** @type {string} */ userId) => kept?.ids.includes(userId) ?? false,
    keepFresh,

    /** Returns the function that stops listening. */
    onChange: (/** @type {() => void} */ listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** A third of the token's life. @param {Kept} kept */
const thirdOf = ({ issuedAt, expiresAt }) => (expiresAt - issuedAt) / 3

/** @param {Kept} kept */
const renewalDue = (kept) => kept.expiresAt - thirdOf(kept)

/** What a token must still have to be used: a minute, unless its whole life is short. @param {Kept} kept */
const spareOf = (kept) => Math.min(SPARE_MS, thirdOf(kept))
