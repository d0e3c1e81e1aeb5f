// The one way in which the protocol layer says no.

/** The codes of this folder, which are codes of the table of refusals, too. */
type StompErrorCode =
  | 'frame-malformed'
  | 'frame-too-large'
  | 'command-unknown'
  | 'version-unsupported'

/** A breach of STOMP: `code` is stable, `detail` says what was wrong, without the bytes. */
export class StompError extends Error {
  override readonly name = 'StompError'
  readonly code: StompErrorCode
  readonly detail: string

  constructor(code: StompErrorCode, detail: string) {
    super(`${code}: ${detail}`)
    this.code = code
    this.detail = detail
  }
}

/** The error of a frame that is not written as STOMP demands. */
export const malformed = (detail: string) => new StompError('frame-malformed', detail)
