// A session made from a grant of POST /api/auth/*. It renews the access token in time. For an
// application that holds the refresh token itself, or with another `refresh` for one whose token is
// in the cookie.

import { renewalDue } from './connection/renewal-due.ts'
import { LONGEST_RETRY_AFTER_MS } from './connection/retry-after.ts'
import type { Session } from './options.ts'

/** What POST /api/auth/guest, register, login and refresh answer. `expiresIn` in seconds. */
export interface Grant {
  readonly accessToken: string
  readonly expiresIn: number
  readonly refreshToken?: string
  readonly user: { readonly id: string; readonly name: string }
}

/** A session that also tells its grant and when its token expires. */
export interface TokenSession extends Session {
  /** The newest grant. */
  readonly grant: Grant
  /** Milliseconds since 1970. */
  expiresAt(): number
}

/** What `createTokenSession` needs: a first grant, and how to get the next. */
export interface TokenSessionOptions {
  readonly grant: Grant
  /**
   * Gets the next grant, such as `createHttpApi(…).refresh`. Rejects with `status` 401 or 403 when
   * the sign-in is over.
   */
  readonly refresh: (grant: Grant) => Promise<Grant>
  /** Called with each new grant: store it for the next start. */
  readonly onGrant?: (grant: Grant) => void
  /** The clock, in milliseconds since 1970. */
  readonly now?: () => number
}

/**
 * Creates a session that renews its token at two thirds of its life. Concurrent calls share one
 * renewal. A guest who registers shows `grant.refreshToken` to POST /api/auth/register and goes on
 * with a new session of the grant in the answer. The old refresh token counts as stolen then.
 */
export function createTokenSession(options: TokenSessionOptions): TokenSession {
  const { grant, refresh, onGrant, now = Date.now } = options
  let held = grant
  let gotAt = now()
  let refused = false
  /** The server asked not to be called before this time, in milliseconds since 1970. */
  let earliest = 0
  /** The refusal that said so. */
  let busy: unknown
  /** One renewal at a time: a refresh token that is used twice counts as stolen. */
  let renewing: Promise<void> | undefined

  const life = () => held.expiresIn * 1000
  const isDue = () => refused || now() >= renewalDue(gotAt, gotAt + life())
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
      // Without a network, use the current token until it expires.
      const { status = 0, retryAfter = 0 } = Object(error)
      if (retryAfter > 0 && error !== busy) {
        busy = error
        earliest = now() + Math.min(retryAfter * 1000, LONGEST_RETRY_AFTER_MS)
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
