// Who the reader is. The access token is in this page's memory alone, the refresh token in a cookie
// that no script sees; what localStorage keeps is a name: whom to expect, and how tabs hear of
// each other's sign-in and sign-out. No DOM.

import { endsSignIn } from '../../client/index.ts'
import type { Grant } from '../api/api.ts'
import { api } from '../api/api.ts'
import { ApiError } from '../api/request.ts'
import { recentRooms } from '../room/recent-rooms.ts'
import type { Access } from './access.ts'
import { accessOf } from './access.ts'
import { createAccessHolder } from './access-holder.ts'
import type { Known, SignInRecord, Way } from './sign-in-record.ts'
import {
  formerIn,
  knownIn,
  loadRecord,
  onRecord,
  sameReader,
  storeRecord,
} from './sign-in-record.ts'
import { withTabLock } from './tab-lock.ts'
import { waysIn } from './ways-in.ts'

/** A tab whose turn is next finds nobody. */
const forgotten = (farewell: () => Promise<void>) =>
  withTabLock(() => farewell().then(() => storeRecord(null)))

export type Identity = ReturnType<typeof createIdentity>

/**
 * One for the page. `onChange` listeners hear of another reader, or none; `onUpdate` listeners of
 * news about the same one: a newer token, another name. `onLeave`: nothing of the person may stay.
 */
export function createIdentity({ onLeave }: { onLeave: () => void }) {
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
  const onChange: Set<() => void> = new Set()
  const onUpdate: Set<() => void> = new Set()

  function adopt(next: SignInRecord, fresh?: Access) {
    const before = kept
    kept = next
    const changed = !sameReader(before, next)
    if (changed) leave(knownIn(before), next)
    if (fresh) access.hold(fresh)
    for (const listener of changed ? onChange : onUpdate) listener()
  }

  /** Nothing of the person stays; but a guest whose time was over finds the rooms again. */
  function leave(before: Known | null, next: SignInRecord) {
    access.drop()
    if (!before) return
    onLeave()
    if (before.way !== 'guest' || next === null) recentRooms.clear()
  }

  function keep(grant: Grant, way: Way) {
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
    return await withTabLock(async () => {
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

  /** @param code why the sign-in is over */
  function end(code: string) {
    const known = knownIn(kept)
    if (!known || leaving) return
    // Another tab may have signed in again already.
    if (sameReader(loadRecord(), known)) {
      storeRecord({ code, name: known.user.name, way: known.way })
    }
    sync()
  }

  async function signOut(farewell: () => Promise<void>) {
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

    validToken: access.validToken,
    refuse: access.refuse,

    ...waysIn({ keep, authorized, outdate: access.outdate, isKnown: () => knownIn(kept) !== null }),

    signOut: () => signOut(() => forgotten(() => api.signOut(access.token ?? undefined))),
    signOutEverywhere: () =>
      signOut(() => authorized((token) => forgotten(() => api.endSessions(token)))),
    end,
    authorized,

    isMine: (userId: string) => knownIn(kept)?.user.id === userId,
    keepFresh: access.keepFresh,

    /** Returns the function that stops listening. */
    onChange: (listener: () => void) => listen(onChange, listener),
    /** Returns the function that stops listening. */
    onUpdate: (listener: () => void) => listen(onUpdate, listener),
  }
}

function listen(listeners: Set<() => void>, listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
