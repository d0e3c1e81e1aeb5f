// The one way in which this folder says no.

/** The codes of this folder, which are codes of the table of refusals, too. */
type TokenErrorCode = 'token-invalid' | 'token-expired' | 'token-early' | 'unavailable'

/**
 * What is wrong with a token, for the developer who sent it. `keys`: the issuer's keys cannot be
 * fetched.
 */
export type TokenErrorReason =
  | 'too-long'
  | 'malformed'
  | 'crit'
  | 'algorithm'
  | 'type'
  | 'key'
  | 'signature'
  | 'issuer'
  | 'audience'
  | 'claims'
  | 'nbf'
  | 'iat'
  | 'lifetime'
  | 'keys'

/**
 * `code` and `reason` are stable. The token itself is never in the message. `cause` is for the log:
 * the error behind it, if the fault is not the token's.
 */
export class TokenError extends Error {
  override readonly name = 'TokenError'
  readonly code: TokenErrorCode
  readonly reason: TokenErrorReason | undefined

  constructor(code: TokenErrorCode, reason?: TokenErrorReason, options?: ErrorOptions) {
    super(reason === undefined ? code : `${code}: ${reason}`, options)
    this.code = code
    this.reason = reason
  }
}
