// Decides what follows a closed socket or a refused request: reconnect, when, with which token, or
// not at all. Also decides whether the entry that waited for its RECEIPT caused the close. Pure.

/**
 * `refused`: the server refused the token. `after`: milliseconds to wait, if the server said so.
 */
type Reconnect = {
  kind: 'reconnect'
  wait: 'usual' | 'long'
  code?: string
  refused?: true
  after?: number
}
/** What follows: another connect, or the end of the client with its code. */
export type RetryDecision = Reconnect | { kind: 'end'; code: string; detail?: string }
/** What an ERROR is about, by its headers. `detail`: what its body adds to its `message`. */
export type StompError = {
  code: string
  receipt?: string
  subscription?: string
  destination?: string
  detail?: string
}
/** How a socket closed, and what an ERROR before said. */
export type Close = { code: number; reason: string; error?: StompError }

const TOKEN_TROUBLE = 4401
const WAIT_FIRST = new Set([1013, 4429])
const SERVER_ERROR = 1011
const DO_NOT_RECONNECT = { from: 4500, to: 4999 }
/** Newer connections took this one's place. A reconnect would end one of those. */
const REPLACED = 4409
const FRAME_IS_TO_BLAME = new Map([
  [1002, 'frame-malformed'],
  [1008, 'not-allowed'],
  [1009, 'content-too-large'],
])
const SIGN_IN_OVER = new Set(['account-disabled', 'refresh-reused', 'session-ended'])

/** Whether a code means that the sign-in is over, so that no newer token would help. */
export const endsSignIn = (code: string) => SIGN_IN_OVER.has(code)

/** What follows on a close, by its code: see "Refusals" in docs/protocol.md. */
export function decisionAfterClose(close: Close): RetryDecision {
  const code = close.error?.code ?? close.reason
  const forever = close.code >= DO_NOT_RECONNECT.from && close.code <= DO_NOT_RECONNECT.to
  const detail = detailIn(close.error)
  if (forever) return { kind: 'end', code: code || 'not-allowed', ...detail }
  if (close.code === REPLACED || code === 'replaced') return { kind: 'end', code: 'replaced' }
  if (endsSignIn(code)) return { kind: 'end', code }
  const wait = WAIT_FIRST.has(close.code) ? 'long' : 'usual'
  return {
    kind: 'reconnect',
    wait,
    ...(code === '' ? {} : { code }),
    ...(close.code === TOKEN_TROUBLE ? { refused: true } : {}),
  }
}

/**
 * What follows on a refused request.
 *
 * @param error the rejection of a request that carried a token
 */
export function decisionAfterRefusal(error: unknown): RetryDecision {
  const { status, code, after } = refusalIn(error)
  if ([403, 404, 410].includes(status) || endsSignIn(code)) {
    return { kind: 'end', code, ...detailIn(error) }
  }
  if (status === 401) return { kind: 'reconnect', wait: 'usual', code, refused: true }
  return tryAgain(status, code, after)
}

/**
 * What follows when there is no token.
 *
 * @param error the rejection of `session.accessToken`
 */
export function decisionWithoutToken(error: unknown): RetryDecision {
  const { status, code, after } = refusalIn(error)
  // Somebody who cannot renew has to sign in again.
  return status === 401 || status === 403 ? { kind: 'end', code } : tryAgain(status, code, after)
}

const tryAgain = (status: number, code: string, after: number): RetryDecision => ({
  kind: 'reconnect',
  wait: status === 429 || status === 503 ? 'long' : 'usual',
  code,
  ...(after > 0 ? { after } : {}),
})

/** What the server added for the one who is refused. */
function detailIn(error: unknown): { detail?: string } {
  const { detail } = Object(error)
  return typeof detail === 'string' ? { detail } : {}
}

function refusalIn(error: unknown) {
  const { status = 0, code = 'unreachable', retryAfter = 0 } = Object(error)
  const after = Number(retryAfter) * 1000 || 0
  return { status: Number(status), code: String(code), after }
}

/**
 * The code of the refusal, if the close is the answer to the SEND. `sure`: it would be refused
 * again.
 */
export function blameFor(
  { code, reason, error }: Close,
  receipt: string,
): { code: string; sure: boolean } | undefined {
  const fallback = FRAME_IS_TO_BLAME.get(code)
  if (error?.receipt === receipt) {
    if (fallback !== undefined) return { code: error.code, sure: true }
    return code === SERVER_ERROR ? { code: error.code, sure: false } : undefined
  }
  if (fallback === undefined || isAboutAnother(error)) return undefined
  if (error) return { code: error.code, sure: true }
  // The ERROR may be lost, or may be about another frame.
  return { code: reason || fallback, sure: false }
}

/** Codes for a frame that could not be parsed. Their ERROR cannot name the frame. */
const UNREAD = new Set(['frame-too-large', 'frame-malformed'])

/**
 * Every entry asks for a RECEIPT, so an ERROR about it names that. An ERROR without one is about an
 * UNSUBSCRIBE or an ACK.
 */
const isAboutAnother = (error: StompError | undefined) =>
  error !== undefined && (error.receipt !== undefined || !UNREAD.has(error.code))
