// The types of token-session.js.

import type { Session } from './room-client.js'

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

/** A session that renews its token at two thirds of its life, once however many ask. */
export function createTokenSession(options: {
  readonly grant: Grant
  /** The next grant, such as `createHttpApi(…).refresh`. Rejects with `status` 401 or 403 where there is none any more. */
  readonly refresh: (grant: Grant) => Promise<Grant>
  /** Each new one: to be kept for the next start. */
  readonly onGrant?: (grant: Grant) => void
  /** Milliseconds since 1970. */
  readonly now?: () => number
}): TokenSession
