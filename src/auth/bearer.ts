// What a token says that must still hold, what ends that, and the header in which a token comes.

/**
 * What a token says that must still hold: asked of the account at each HTTP request and each entry.
 */
export interface Bearer {
  readonly sessionId: string
  /** Of the account, when the token was made; 0 in a token of a trusted issuer. */
  readonly version: number
  /** The token is a trusted issuer's: its session is nobody's here, until it is ended. */
  readonly federated: boolean
  /** When the token ends; seconds since 1970. */
  readonly expiresAt: number
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

/**
 * The token of `Authorization: Bearer …` (RFC 6750, section 2.1); undefined where there is no such
 * header or scheme.
 */
export function bearerToken(authorization: string | null | undefined): string | undefined {
  return /^Bearer +([^ ]+) *$/i.exec(authorization ?? '')?.[1]
}
