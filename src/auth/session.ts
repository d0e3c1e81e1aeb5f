// What passes between whoever keeps the sessions of a person and whoever asks: shapes alone.

import type { Principal, Role } from './principal.ts'

/** What a token says that must still hold: asked of the account at each HTTP request and each entry. */
export interface Bearer {
  readonly sessionId: string
  /** Of the account, when the token was made; 0 in a token of a trusted issuer. */
  readonly version: number
  /** The token is a trusted issuer's: its session is nobody's here, until it is ended. */
  readonly foreign: boolean
  /** When the token ends; seconds since 1970. */
  readonly expiresAt: number
}

/** A session opened or renewed: what a new access token says, and the refresh token beside it. */
export interface SessionGrant {
  readonly principal: Principal
  readonly sessionId: string
  /** Seconds since 1970. */
  readonly signedInAt: number
  readonly version: number
  readonly refreshToken: string
  /** Seconds. */
  readonly refreshExpiresIn: number
}

/** A session as its owner sees it; times in milliseconds since 1970. */
export interface SessionView {
  readonly id: string
  readonly device: string
  readonly signedInAt: number
  readonly lastUsedAt: number
}

/** An account as an administrator sees it; `createdAt` in milliseconds since 1970. */
export interface AccountView {
  readonly id: string
  readonly name: string
  readonly kind: 'guest' | 'account'
  /** What a password is asked with; null where there is none. */
  readonly username: string | null
  readonly roles: readonly Role[]
  readonly disabled: boolean
  readonly createdAt: number
}

/** A sign-in that has succeeded: what the account is made with when there is none yet. */
export interface Opening {
  readonly name: string
  readonly kind: 'guest' | 'account'
  /** Of the password that it was opened with; kept, because a change of the password asks for it. */
  readonly username?: string | undefined
  /** The provider that it was opened by. */
  readonly login?: ProviderLogin | undefined
  /** Such as "Firefox on Linux". */
  readonly device: string
}

/** A provider's subject as a way in. */
export interface ProviderLogin {
  readonly issuer: string
  readonly subject: string
  /** Its id in the configuration, when it was linked. */
  readonly provider: string
  /** What the person is called there. */
  readonly label: string
}

/** A way in of an account; `linkedAt` in milliseconds since 1970, null where nobody noted it. */
export interface AccountLogin extends ProviderLogin {
  readonly id: string
  readonly linkedAt: number | null
}

/** The ways in to an account. */
export interface LoginsView {
  readonly password: { readonly username: string; readonly linkedAt: number | null } | null
  readonly providers: readonly AccountLogin[]
}

/** What ends of a person's sockets: one session's, or those older than a version of the account. */
export interface Revocation {
  readonly personId: string
  /** Null: every session. */
  readonly sessionId: string | null
  /** Tokens of an account version below this one; null: of every version. */
  readonly below: number | null
  readonly code: 'session-ended' | 'refresh-reused' | 'account-disabled' | 'roles-changed'
  /** When the last token that it concerns has ended; seconds since 1970. */
  readonly until: number
}
