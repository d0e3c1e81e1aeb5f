// @ts-check
// Which refusals, wherever they come from, mean that the reader has to sign in again. Pure.

const SIGN_IN_ENDS = new Set(['account-disabled', 'refresh-reused', 'session-ended'])

/** @param {string} code */
export const endsSignIn = (code) => SIGN_IN_ENDS.has(code)
