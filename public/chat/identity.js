// @ts-check
// Who the reader is. The access token is in this page's memory alone, the refresh token in a cookie
// that no script sees; what localStorage keeps is a name: whom to expect, and how tabs hear of
// each other's sign-in and sign-out. No DOM.
import { accessOf, lives, renewalDue } from './access.js'
import { ApiError, api } from './api.js'
import { forgetOutboxes } from './outbox.js'
import { recentRooms } from './recent-rooms.js'
import {
  formerIn,
  knownIn,
  loadRecord,
  onRecord,
  sameReader,
  storeRecord,
} from './sign-in-record.js'
import { endsSignIn } from './verdict.js'

/** @typedef {import('./api.js').Grant} Grant */
/** @typedef {import('./access.js').Access} Access */
/** @typedef {import('./sign-in-record.js').Way} Way */
/** @typedef {import('./sign-in-record.js').SignInRecord} SignInRecord */

const LOCK = 'stompbox.identity'
const LOCK_MS = 30_000
/** After a renewal in the background that failed. */
const AGAIN_MS = 20_000
/** 401s that a newer token would not change. */
const NOT_THE_TOKEN = new Set(['credentials-invalid'])

/**
 * Whatever gives or takes the cookie: in one tab at a time, because a refresh token is good once.
 * @template T
 * @param {() => Promise<T>} act
 * @returns {Promise<T>}
 */
async function alone(act) {
  const signal = AbortSignal.timeout(LOCK_MS)
  try {
    return await navigator.locks.request(LOCK, { signal }, act)
  } catch (error) {
    throw signal.aborted && error === signal.reason ? new ApiError(0, 'unreachable') : error
  }
}

/** A tab whose turn is next finds nobody. @param {() => Promise<void>} farewell */
const forgotten = (farewell) => alone(() => farewell().then(() => storeRecord(null)))

/** @typedef {ReturnType<typeof createIdentity>} Identity */

/**
 * One for the page. `onChange` listeners hear of another reader, or none; `onUpdate` listeners of
 * news about the same one: a newer token, another name.
 */
export function createIdentity() {
  let kept = loadRecord()
  /** @type {Access | null} */
  let access = null
  /** @type {Promise<string> | null} */
  let renewal = null
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  /** The sign-out is ours: what the server says about it is no news. */
  let leaving = false
  /** @type {Set<() => void>} */
  const onChange = new Set()
  /** @type {Set<() => void>} */
  const onUpdate = new Set()

  /**
   * @param {SignInRecord} next
   * @param {Access} [fresh]
   */
  function adopt(next, fresh) {
    const before = kept
    kept = next
    const changed = !sameReader(before, next)
    if (changed) leave(knownIn(before), next)
    if (fresh) hold(fresh)
    for (const listener of changed ? onChange : onUpdate) listener()
  }

  /** @param {Access} fresh */
  function hold(fresh) {
    access = fresh
    clearTimeout(timer)
    timer = setTimeout(keepFresh, Math.max(1000, renewalDue(fresh) - Date.now()))
  }

  /**
   * Nothing of the person stays; but a guest whose time was over finds the rooms again.
   * @param {import('./sign-in-record.js').Known | null} before
   * @param {SignInRecord} next
   */
  function leave(before, next) {
    access = null
    clearTimeout(timer)
    if (!before) return
    forgetOutboxes()
    if (before.way !== 'guest' || next === null) recentRooms.clear()
  }

  /**
   * @param {Grant} grant
   * @param {Way} way
   */
  function keep(grant, way) {
    const now = Date.now()
    const { id, name } = grant.user
    const known = knownIn(kept)
    const since = known?.user.id === id ? known.since : now
    const next = { user: { id, name }, way, since }
    storeRecord(next)
    adopt(next, accessOf(grant, now))
    return grant.accessToken
  }

  async function renew() {
    const since = knownIn(kept)?.since
    return await alone(async () => {
      // Because another tab may have signed out while this one waited for its turn.
      sync()
      const known = knownIn(kept)
      if (!known || known.since !== since) throw new ApiError(401, 'token-missing')
      try {
        return keep(await api.refresh(), known.way)
      } catch (error) {
        const over = error instanceof ApiError && (error.status === 401 || endsSignIn(error.code))
        if (over) end(error.code)
        throw error
      }
    })
  }

  /** Renews once however many ask. */
  function renewOnce() {
    renewal ??= renew().finally(() => {
      renewal = null
    })
    return renewal
  }

  /** Renews in the background when less than a third of the token's life is left. */
  function keepFresh() {
    sync()
    if (!access || renewalDue(access) > Date.now()) return
    renewOnce().catch(() => {
      // Because whoever only listens asks for no token: nobody else would try again.
      clearTimeout(timer)
      if (access) timer = setTimeout(keepFresh, AGAIN_MS)
    })
  }

  async function livingToken() {
    if (access && lives(access, Date.now())) return access.token
    return await renewOnce()
  }

  /** What another tab has written since. */
  function sync() {
    const next = loadRecord()
    if (JSON.stringify(next) !== JSON.stringify(kept)) adopt(next)
  }

  /** @param {string} code why the sign-in is over */
  function end(code) {
    const known = knownIn(kept)
    if (!known || leaving) return
    // Because another tab may have signed in again already.
    if (sameReader(loadRecord(), known)) {
      storeRecord({ code, name: known.user.name, way: known.way })
    }
    sync()
  }

  /**
   * Calls with a token that has a minute to live; once more with a new one if the gateway does
   * not take it. Throws ApiError.
   * @template T
   * @param {(token: string) => Promise<T>} call
   * @returns {Promise<T>}
   */
  async function authorized(call) {
    const token = await livingToken()
    try {
      return await call(token)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (endsSignIn(error.code)) end(error.code)
      if (error.status !== 401 || NOT_THE_TOKEN.has(error.code) || !knownIn(kept)) throw error
      if (access?.token === token) access = { ...access, expiresAt: access.issuedAt }
      return await call(await livingToken())
    }
  }

  /** @param {() => Promise<void>} farewell */
  async function signOut(farewell) {
    leaving = true
    try {
      await farewell().catch((error) => {
        // Because a session that is over already needs no farewell.
        if (!(error instanceof ApiError && error.status === 401)) throw error
        storeRecord(null)
      })
      sync()
    } finally {
      leaving = false
    }
  }

  onRecord(sync)

  return {
    /** Known from the sign-in on; that it still holds shows when something is asked. */
    get user() {
      return knownIn(kept)?.user ?? null
    },

    get way() {
      return kept?.way ?? 'guest'
    },

    /** Who was signed in until it was ended, and why. */
    get former() {
      return formerIn(kept)
    },

    /** The newest access token, perhaps expired. */
    get accessToken() {
      return access?.token ?? null
    },

    /** @param {string} name */
    signInAsGuest: (name) => alone(async () => void keep(await api.signInAsGuest(name), 'guest')),

    /**
     * @param {string} username
     * @param {string} password
     */
    signIn: (username, password) =>
      alone(async () => void keep(await api.signIn(username, password), 'password')),

    /**
     * A new account; a guest's own where somebody is signed in.
     * @param {import('./api.js').Registration} account
     */
    register: async (account) => {
      /** @param {string} [token] */
      const register = (token) =>
        alone(async () => void keep(await api.register(account, token), 'password'))
      await (knownIn(kept) ? authorized(register) : register())
    },

    /** A provider has signed somebody in: the cookie says whom. */
    welcomeBack: () => alone(async () => void keep(await api.refresh(), 'provider')),

    signOut: () => signOut(() => forgotten(() => api.signOut(access?.token))),
    signOutEverywhere: () =>
      signOut(() => authorized((token) => forgotten(() => api.endSessions(token)))),
    end,
    authorized,

    /** @param {string} userId */
    isMine: (userId) => knownIn(kept)?.user.id === userId,
    keepFresh,

    /** Returns the function that stops listening. @param {() => void} listener */
    onChange: (listener) => listen(onChange, listener),
    /** Returns the function that stops listening. @param {() => void} listener */
    onUpdate: (listener) => listen(onUpdate, listener),
  }
}

/**
 * @param {Set<() => void>} listeners
 * @param {() => void} listener
 */
function listen(listeners, listener) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
