// @ts-check
// Who the reader is. The access token is in this page's memory alone, the refresh token in a cookie
// that no script sees; what localStorage keeps is a name: whom to expect, and how tabs hear of
// each other's sign-in and sign-out. No DOM.
import { endsSignIn } from '../client/verdict.js'
import { accessOf } from './access.js'
import { createAccessHolder } from './access-holder.js'
import { api } from './api.js'
import { recentRooms } from './recent-rooms.js'
import { ApiError } from './request.js'
import {
  formerIn,
  knownIn,
  loadRecord,
  onRecord,
  sameReader,
  storeRecord,
} from './sign-in-record.js'
import { alone } from './turn.js'
import { waysIn } from './ways-in.js'

/** @typedef {import('./api.js').Grant} Grant */
/** @typedef {import('./access.js').Access} Access */
/** @typedef {import('./sign-in-record.js').Way} Way */
/** @typedef {import('./sign-in-record.js').SignInRecord} SignInRecord */

/** A tab whose turn is next finds nobody. @param {() => Promise<void>} farewell */
const forgotten = (farewell) => alone(() => farewell().then(() => storeRecord(null)))

/** @typedef {ReturnType<typeof createIdentity>} Identity */

/**
 * One for the page. `onChange` listeners hear of another reader, or none; `onUpdate` listeners of
 * news about the same one: a newer token, another name. `onLeave`: nothing of the person may stay.
 * @param {{ onLeave: () => void }} needs
 */
export function createIdentity({ onLeave }) {
  let kept = loadRecord()
  const access = createAccessHolder({
    renew,
    look: sync,
    end,
    isKnown: () => knownIn(kept) !== null,
  })
  const { authorized } = access
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
    if (fresh) access.hold(fresh)
    for (const listener of changed ? onChange : onUpdate) listener()
  }

  /**
   * Nothing of the person stays; but a guest whose time was over finds the rooms again.
   * @param {import('./sign-in-record.js').Known | null} before
   * @param {SignInRecord} next
   */
  function leave(before, next) {
    access.drop()
    if (!before) return
    onLeave()
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
      // Another tab may have signed out while this one waited for its turn.
      sync()
      const known = knownIn(kept)
      if (!known || known.since !== since) throw new ApiError(401, 'token-missing')
      const grant = await api.refresh(known.user.id).catch((error) => {
        const over = error instanceof ApiError && (error.status === 401 || endsSignIn(error.code))
        if (over) end(error.code)
        throw error
      })
      // Where there are no locks another tab may have signed out while this one asked.
      sync()
      if (knownIn(kept)?.since !== since) throw new ApiError(401, 'token-missing')
      return keep(grant, known.way)
    })
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
    // Another tab may have signed in again already.
    if (sameReader(loadRecord(), known)) {
      storeRecord({ code, name: known.user.name, way: known.way })
    }
    sync()
  }

  /** @param {() => Promise<void>} farewell */
  async function signOut(farewell) {
    leaving = true
    try {
      await farewell().catch((error) => {
        // A session that is over already needs no farewell.
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
      return access.token
    },

    /** When the newest access token ends. */
    get expiresAt() {
      return access.expiresAt
    },

    livingToken: access.living,
    refuse: access.refuse,

    ...waysIn({ keep, authorized, isKnown: () => knownIn(kept) !== null }),

    signOut: () => signOut(() => forgotten(() => api.signOut(access.token ?? undefined))),
    signOutEverywhere: () =>
      signOut(() => authorized((token) => forgotten(() => api.endSessions(token)))),
    end,
    authorized,

    /** @param {string} userId */
    isMine: (userId) => knownIn(kept)?.user.id === userId,
    keepFresh: access.keepFresh,

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
