// Access tokens out of a grant of POST /api/auth/*: the one there is while it lives, the next one in time. For
// applications that hold the refresh token themselves; where it is in the cookie, the same with another `refresh`.

import type { Session } from './options.ts'

const RENEW_AT = 2 / 3
/** The most that a server's Retry-After is waited for. */
const LONGEST_ASKED_MS = 600_000

/** What POST /api/auth/guest, register, login and refresh answer. `expiresIn` in seconds. */
export interface Grant {
  readonly accessToken: string
  readonly expiresIn: number
  readonly refreshToken?: string
  readonly user: { readonly id: string; readonly name: string }
}

export interface TokenSession extends Session {
  /** The newest. */
  readonly grant: Grant
  expiresAt(): number
}

export interface TokenSessionOptions {
  readonly grant: Grant
  /**
   * The next grant, such as `createHttpApi(…).refresh`. Rejects with `status` 401 or 403 where there
   * is none any more.
   */
  readonly refresh: (grant: Grant) => Promise<Grant>
  /** Each new one: to be kept for the next start. */
  readonly onGrant?: (grant: Grant) => void
  /** Milliseconds since 1970. */
  readonly now?: () => number
}

/** A session that renews its token at two thirds of its life, once however many ask. */
export function createTokenSession(options: TokenSessionOptions): TokenSession {
  const { grant, refresh, onGrant, now = Date.now } = options
  let held = grant
  let gotAt = now()
  let refused = false
  /** The server does not want to be asked before this; milliseconds since 1970. */
  let earliest = 0
  /** Why not. */
  let busy: unknown
  /** One at a time: a refresh token that comes twice counts as stolen. */
  let renewing: Promise<void> | undefined

  const life = () => held.expiresIn * 1000
  const isDue = () => refused || now() >= gotAt + life() * RENEW_AT
  const lives = () => !refused && now() < gotAt + life()

  async function renew() {
    if (now() < earliest) throw busy
    const next = await refresh(held)
    held = next
    gotAt = now()
    refused = false
    onGrant?.(next)
  }

  async function renewOnce() {
    renewing ??= renew().finally(() => {
      renewing = undefined
    })
    try {
      await renewing
    } catch (error) {
      // Without a network the token there is serves until its end.
      const { status = 0, retryAfter = 0 } = Object(error)
      if (retryAfter > 0 && error !== busy) {
        busy = error
        earliest = now() + Math.min(retryAfter * 1000, LONGEST_ASKED_MS)
      }
      if (status === 401 || status === 403 || !lives()) throw error
    }
  }

  return {
    get grant() {
      return held
    },

    accessToken: async () => {
      if (isDue()) await renewOnce()
      return held.accessToken
    },

    refused: (_code, token) => {
      if (token === held.accessToken) refused = true
    },

    expiresAt: () => gotAt + life(),
  }
}
