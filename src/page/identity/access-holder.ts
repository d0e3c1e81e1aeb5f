// Holds the newest access token in memory and renews it in time. Concurrent calls share one
// renewal.

import { endsSignIn, HttpRefusal, LONGEST_RETRY_AFTER_MS, renewalDue } from '../../client/index.ts'
import type { Access } from './access.ts'
import { isUsable } from './access.ts'

/** The wait after a failed renewal in the background. */
const AGAIN_MS = 20_000
/** Codes of a 401 that a newer token would not change. */
const NOT_THE_TOKEN = new Set(['credentials-invalid'])

/**
 * `renew` gets and holds the next token. `look` reads what other tabs did. `end` is called when the
 * sign-in is over. `isKnown`: whether somebody is signed in.
 */
export function createAccessHolder({
  renew,
  look,
  end,
  isKnown,
}: {
  renew: () => Promise<string>
  look: () => void
  end: (code: string) => void
  isKnown: () => boolean
}) {
  let access: Access | null = null
  let renewal: Promise<string> | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  /** No renewal in the background before this time, in milliseconds since 1970. */
  let earliest = 0

  function renewOnce() {
    renewal ??= renew().finally(() => {
      renewal = null
    })
    return renewal
  }

  /** Renews in the background when less than a third of the token's life is left. */
  function renewIfDue() {
    look()
    if (!access || renewalDue(access.issuedAt, access.expiresAt) > Date.now()) return
    if (Date.now() < earliest) return
    renewOnce().catch((error) => {
      const asked = error instanceof HttpRefusal ? (error.retryAfter ?? 0) * 1000 : 0
      const wait = Math.max(AGAIN_MS, Math.min(asked, LONGEST_RETRY_AFTER_MS))
      earliest = asked > 0 ? Date.now() + wait : 0
      // A page that only reads asks for no token, so nothing else would try again.
      clearTimeout(timer)
      if (access) timer = setTimeout(renewIfDue, wait)
    })
  }

  /**
   * A valid token, renewed if necessary.
   *
   * @throws HttpRefusal
   */
  async function validToken() {
    if (access && isUsable(access, Date.now())) return access.token
    return await renewOnce()
  }

  /** The server refused this token, so the next one must be another. */
  function refuse(token: string) {
    if (access?.token === token) access = { ...access, expiresAt: access.issuedAt }
  }

  /**
   * Calls with a token that is valid for another minute, and once more with a new one if the server
   * refuses it.
   *
   * @throws HttpRefusal
   */
  async function authorized<T>(call: (token: string) => Promise<T>): Promise<T> {
    const token = await validToken()
    try {
      return await call(token)
    } catch (error) {
      if (!(error instanceof HttpRefusal)) throw error
      if (endsSignIn(error.code)) end(error.code)
      if (error.status !== 401 || NOT_THE_TOKEN.has(error.code) || !isKnown()) throw error
      refuse(token)
      return await call(await validToken())
    }
  }

  return {
    renewIfDue,

    /** May be expired. */
    get token() {
      return access?.token ?? null
    },

    /** Milliseconds since 1970. */
    get expiresAt() {
      return access?.expiresAt
    },

    hold: (fresh: Access) => {
      access = fresh
      clearTimeout(timer)
      timer = setTimeout(
        renewIfDue,
        Math.max(1000, renewalDue(fresh.issuedAt, fresh.expiresAt) - Date.now()),
      )
    },

    drop: () => {
      access = null
      clearTimeout(timer)
    },

    validToken,
    refuse,

    /** The next to be given is another, though nobody refused this one. */
    outdate: () => {
      if (access) refuse(access.token)
    },
    authorized,
  }
}
