// @ts-check
// What a closed socket or a refused request means for the connection: come back, when, or not at
// all. Pure.
import { ApiError } from './api.js'

/**
 * `now`: at once the first time. `usual`: after the back-off. `long`: the back-off starts higher.
 * @typedef {{ kind: 'reconnect', wait: 'now' | 'usual' | 'long', code?: string }
 *   | { kind: 'end', code: string }} Verdict
 */

const TOKEN_TROUBLE = 4401
const WAIT_FIRST = new Set([1013, 4429])
const DO_NOT_RECONNECT = { from: 4500, to: 4999 }
const FRAME_IS_TO_BLAME = new Map([
  [1002, 'frame-malformed'],
  [1008, 'not-allowed'],
  [1009, 'content-too-large'],
])
/** The reader's sign-in is over: what follows is the sign-in view. */
const SIGN_IN_ENDS = new Set(['account-disabled', 'refresh-reused', 'session-ended'])
const ENDS = new Set([
  ...SIGN_IN_ENDS,
  'banned',
  'guests-refused',
  'not-allowed',
  'origin-refused',
  'principal-mismatch',
  'room-deleted',
  'room-unknown',
])

/**
 * @param {number} closeCode
 * @param {string} [errorCode] the `code` of the ERROR frame before the close
 * @returns {Verdict}
 */
export function verdictOfClose(closeCode, errorCode) {
  const code = errorCode ?? ''
  if (closeCode >= DO_NOT_RECONNECT.from && closeCode <= DO_NOT_RECONNECT.to) {
    return { kind: 'end', code: code || 'not-allowed' }
  }
  if (ENDS.has(code)) return { kind: 'end', code }
  if (closeCode === TOKEN_TROUBLE) return { kind: 'reconnect', wait: 'now' }
  const wait = WAIT_FIRST.has(closeCode) ? 'long' : 'usual'
  return { kind: 'reconnect', wait, ...(code === '' ? {} : { code }) }
}

/**
 * @param {unknown} error what `prepare` threw
 * @returns {Verdict}
 */
export function verdictOfError(error) {
  if (!(error instanceof ApiError)) return { kind: 'reconnect', wait: 'usual' }
  const { status, code } = error
  if (ENDS.has(code)) return { kind: 'end', code }
  if (status === 401) return { kind: 'reconnect', wait: 'now' }
  if ([403, 404, 410].includes(status)) return { kind: 'end', code }
  if (status === 429 || status === 503) return { kind: 'reconnect', wait: 'long', code }
  return { kind: 'reconnect', wait: 'usual' }
}

/**
 * Whether a refusal, wherever it came from, means that the reader has to sign in again.
 * @param {string} code
 */
export const endsSignIn = (code) => SIGN_IN_ENDS.has(code)

/**
 * The code to hold against the last frame sent, where sending it again would be refused again.
 * @param {number} closeCode
 * @param {string} [errorCode]
 * @returns {string | undefined}
 */
export function blameOfClose(closeCode, errorCode) {
  const fallback = FRAME_IS_TO_BLAME.get(closeCode)
  return fallback === undefined ? undefined : (errorCode ?? fallback)
}
