// The one way in which this folder says no.

export type TokenErrorCode = 'token-missing' | 'token-invalid' | 'token-expired' | 'session-too-old'

/** `code` is stable. The token itself is never in the message. */
export class TokenError extends Error {
  override readonly name = 'TokenError'
  readonly code: TokenErrorCode

  constructor(code: TokenErrorCode) {
    super(code)
    this.code = code
  }
}
