// What a token says that must still hold, what ends that, and the header in which a token comes.

/**
 * The claims of a token that must still hold. The account is asked at each HTTP request and each
 * entry.
 */
export interface Bearer {
  readonly sessionId: string
  /** Of the account, when the token was made; 0 in a token of a trusted issuer. */
  readonly version: number
  /** The token is a trusted issuer's. Nothing is stored of its session until it is ended. */
  readonly federated: boolean
  /** When the token ends; seconds since 1970. */
  readonly expiresAt: number
}

/**
 * Which sockets of a person end: those of one session, or those older than a version of the
 * account.
 */
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
