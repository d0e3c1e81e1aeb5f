// @ts-check
// What a closed socket or a refused request means: come back, when, with which token, or not at all;
// and whether the frame that waited for its RECEIPT is to blame. Pure.

/**
 * `refused`: the token was. `after`: the server wants to be left alone for so many milliseconds.
 * @typedef {{ kind: 'reconnect', wait: 'usual' | 'long', code?: string, refused?: true, after?: number }} Reconnect
 */
/** @typedef {Reconnect | { kind: 'end', code: string }} Verdict */
/** What an ERROR was about, as far as it said. @typedef {{ code: string, receipt?: string, subscription?: string, destination?: string }} StompError */
/** @typedef {{ code: number, reason: string, error?: StompError }} Close */

const TOKEN_TROUBLE = 4401
const WAIT_FIRST = new Set([1013, 4429])
const OURS = 1011
const DO_NOT_RECONNECT = { from: 4500, to: 4999 }
/** Newer connections took the place of this one: to come back by itself would end one of those. */
const REPLACED = 4409
const FRAME_IS_TO_BLAME = new Map([
  [1002, 'frame-malformed'],
  [1008, 'not-allowed'],
  [1009, 'content-too-large'],
])
const SIGN_IN_OVER = new Set(['account-disabled', 'refresh-reused', 'session-ended'])

/** The sign-in is over: no newer token would help. @param {string} code */
export const endsSignIn = (code) => SIGN_IN_OVER.has(code)

/**
 * @param {Close} close
 * @returns {Verdict}
 */
export function verdictOfClose(close) {
  const code = close.error?.code ?? close.reason
  const forever = close.code >= DO_NOT_RECONNECT.from && close.code <= DO_NOT_RECONNECT.to
  if (forever) return { kind: 'end', code: code || 'not-allowed' }
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
 * @param {unknown} error what a request with a token was refused with
 * @returns {Verdict}
 */
export function verdictOfRequest(error) {
  const { status, code, after } = refusalIn(error)
  if ([403, 404, 410].includes(status) || endsSignIn(code)) return { kind: 'end', code }
  if (status === 401) return { kind: 'reconnect', wait: 'usual', code, refused: true }
  return tryAgain(status, code, after)
}

/**
 * @param {unknown} error what the application failed with to give a token
 * @returns {Verdict}
 */
export function verdictOfTokenless(error) {
  const { status, code, after } = refusalIn(error)
  // Whoever cannot renew has to sign in again.
  return status === 401 || status === 403 ? { kind: 'end', code } : tryAgain(status, code, after)
}

/**
 * @param {number} status
 * @param {string} code
 * @param {number} after
 * @returns {Verdict}
 */
const tryAgain = (status, code, after) => ({
  kind: 'reconnect',
  wait: status === 429 || status === 503 ? 'long' : 'usual',
  code,
  ...(after > 0 ? { after } : {}),
})

/** @param {unknown} error */
function refusalIn(error) {
  const { status = 0, code = 'unreachable', retryAfter = 0 } = Object(error)
  const after = Number(retryAfter) * 1000 || 0
  return { status: Number(status), code: String(code), after }
}

/**
 * The code to hold against the frame that waited for a RECEIPT. `sure`: it would be refused again.
 * @param {Close} close
 * @param {string} receipt
 * @returns {{ code: string, sure: boolean } | undefined}
 */
export function blameOf({ code, reason, error }, receipt) {
  const fallback = FRAME_IS_TO_BLAME.get(code)
  if (error?.receipt === receipt) {
    if (fallback !== undefined) return { code: error.code, sure: true }
    return code === OURS ? { code: error.code, sure: false } : undefined
  }
  if (fallback === undefined || isAboutAnother(error)) return undefined
  if (error) return { code: error.code, sure: true }
  // The ERROR may be lost, and may have been about something else.
  return { code: reason || fallback, sure: false }
}

/** What is said of a frame that could not be read, and so of none that can be named. */
const UNREAD = new Set(['frame-too-large', 'frame-malformed'])

/**
 * An entry asks for a RECEIPT, so an ERROR about it names that: one that names nothing is about an UNSUBSCRIBE, or
 * an ACK.
 * @param {StompError | undefined} error
 */
const isAboutAnother = (error) =>
  error !== undefined && (error.receipt !== undefined || !UNREAD.has(error.code))
