// The newest access token, in this page's memory alone: renewed in time, once however many ask.

import { endsSignIn, renewalDue } from '../../client/index.ts'
import { ApiError } from '../api/request.ts'
import type { Access } from './access.ts'
import { lives } from './access.ts'

/** After a renewal in the background that failed. */
const AGAIN_MS = 20_000
/** The most that a server's Retry-After is waited for. */
const LONGEST_ASKED_MS = 600_000
/** 401s that a newer token would not change. */
const NOT_THE_TOKEN = new Set(['credentials-invalid'])

/**
 * `renew` gets the next token and has it held; `look` hears what other tabs did; `end` is told that
 * the sign-in is over, and `isKnown` whether there is one.
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
  /** In the background nothing is asked before this; milliseconds since 1970. */
  let earliest = 0

  function renewOnce() {
    renewal ??= renew().finally(() => {
      renewal = null
    })
    return renewal
  }

  /** Renews in the background when less than a third of the token's life is left. */
  function keepFresh() {
    look()
    if (!access || renewalDue(access.issuedAt, access.expiresAt) > Date.now()) return
    if (Date.now() < earliest) return
    renewOnce().catch((error) => {
      const asked = error instanceof ApiError ? (error.retryAfter ?? 0) * 1000 : 0
      const wait = Math.max(AGAIN_MS, Math.min(asked, LONGEST_ASKED_MS))
      earliest = asked > 0 ? Date.now() + wait : 0
      // A page that only listens asks for no token: nothing else would try again.
      clearTimeout(timer)
      if (access) timer = setTimeout(keepFresh, wait)
    })
  }

  /** One that lives, perhaps the next one. Throws ApiError. */
  async function validToken() {
    if (access && lives(access, Date.now())) return access.token
    return await renewOnce()
  }

  /** The gateway did not take it: the next to be given is another. */
  function refuse(token: string) {
    if (access?.token === token) access = { ...access, expiresAt: access.issuedAt }
  }

  /**
   * Calls with a token that has a minute to live; once more with a new one if the gateway does
   * not take it. Throws ApiError.
   */
  async function authorized<T>(call: (token: string) => Promise<T>): Promise<T> {
    const token = await validToken()
    try {
      return await call(token)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (endsSignIn(error.code)) end(error.code)
      if (error.status !== 401 || NOT_THE_TOKEN.has(error.code) || !isKnown()) throw error
      refuse(token)
      return await call(await validToken())
    }
  }

  return {
    keepFresh,

    /** Perhaps expired. */
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
        keepFresh,
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
