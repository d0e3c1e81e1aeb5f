// Who the reader is. The access token is in memory, and the refresh token in a cookie that no
// script can read. localStorage keeps a name, by which tabs learn of each other's sign-in and
// sign-out. No DOM.

import { endsSignIn, HttpRefusal } from '../../client/index.ts'
import type { Grant } from '../api/api.ts'
import { api } from '../api/api.ts'
import { recentRooms } from '../room/recent-rooms.ts'
import type { Access } from './access.ts'
import { accessOf } from './access.ts'
import { createAccessHolder } from './access-holder.ts'
import type { Known, StoredReader, Way } from './sign-in-record.ts'
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

/** Signs out with the record deleted inside the lock, so the next tab finds nobody. */
const forgotten = (farewell: () => Promise<void>) =>
  withTabLock(() => farewell().then(() => storeRecord(null)))

export type Identity = ReturnType<typeof createIdentity>

/**
 * Create one for the page. `onChange`: another reader, or none. `onUpdate`: the same reader with a
 * newer token or another name. `onLeave`: delete everything of the person.
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
  /** This tab is signing out, so `session-ended` is expected. */
  let leaving = false
  const onChange: Set<() => void> = new Set()
  const onUpdate: Set<() => void> = new Set()

  function adopt(next: StoredReader, fresh?: Access) {
    const before = kept
    kept = next
    const changed = !sameReader(before, next)
    if (changed) leave(knownIn(before), next)
    if (fresh) access.hold(fresh)
    for (const listener of changed ? onChange : onUpdate) listener()
  }

  /** Deletes everything of the person. A guest whose session has ended keeps the list of rooms. */
  function leave(before: Known | null, next: StoredReader) {
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
      // Another tab may have signed out while this one waited for the lock.
      sync()
      const known = knownIn(kept)
      if (!known || known.since !== since) throw new HttpRefusal(401, 'token-missing')
      const grant = await api.refresh(known.user.id).catch((error) => {
        const over =
          error instanceof HttpRefusal && (error.status === 401 || endsSignIn(error.code))
        if (over) end(error.code)
        throw error
      })
      // Without locks, another tab may have signed out during the request.
      sync()
      if (knownIn(kept)?.since !== since) throw new HttpRefusal(401, 'token-missing')
      return keep(grant, known.way)
    })
  }

  /** Reads what another tab has written. */
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
        // A session that has ended already needs no sign-out.
        if (!(error instanceof HttpRefusal && error.status === 401)) throw error
        storeRecord(null)
      })
      sync()
    } finally {
      leaving = false
    }
  }

  onRecord(sync)

  return {
    /** The reader, from the sign-in on. Only a request shows whether the session is still valid. */
    get user() {
      return knownIn(kept)?.user ?? null
    },

    get way() {
      return kept?.way ?? 'guest'
    },

    /** Who was signed in until the session ended, and why it did. */
    get former() {
      return formerIn(kept)
    },

    /** The newest access token. It may be expired. */
    get accessToken() {
      return access.token
    },

    /** When the newest access token expires. */
    get expiresAt() {
      return access.expiresAt
    },

    validToken: access.validToken,
    refuse: access.refuse,

    ...waysIn({ keep, authorized, outdate: access.outdate, isKnown: () => knownIn(kept) !== null }),

    signOut: () => signOut(() => forgotten(() => api.signOut(access.token ?? undefined))),
    signOutEverywhere: () =>
      signOut(() => authorized((token) => forgotten(() => api.endSessions(token)))),
    /**
     * The socket says why the sign-in is over. A tab that is signing out is waited for: its sockets
     * hear of that before it does. Never throws.
     */
    end: (code: string) => withTabLock(async () => end(code)).catch(() => end(code)),
    authorized,

    isMine: (userId: string) => knownIn(kept)?.user.id === userId,
    renewIfDue: access.renewIfDue,

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
