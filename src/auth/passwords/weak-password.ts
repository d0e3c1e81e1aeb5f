// Passwords that somebody who guesses tries first: NIST SP 800-63B, section 5.1.1.2, and OWASP
// ASVS, V2.1.7.

import { COMMON_PASSWORDS } from './common-passwords.ts'

/** The service’s own name is among the first guesses, too. */
const PRODUCT = 'stompbox'
/** Shorter words are not looked for in a password. */
const MIN_WORD = 3

/**
 * Whether a new password is one of the most common, a date, one character repeated, or one of these
 * names with nothing but digits and signs around it. Upper and lower case are one.
 */
export function isWeakPassword(password: string, username: string): boolean {
  const text = folded(password)
  if (text === '' || COMMON_PASSWORDS.has(text) || text === folded(username)) return true
  return DATE.test(text) || REPEATED.test(text) || [PRODUCT, username].some(isAlike(text))
}

/** Day, month and year in eight digits, in any order that people write them. */
const DATE = /^(?:(?:0[1-9]|[12]\d|3[01]){2}(?:19|20)\d\d|(?:19|20)\d\d(?:0[1-9]|[12]\d|3[01]){2})$/
const REPEATED = /^(.)\1*$/su

const isAlike = (text: string) => (name: string) => {
  const word = wordOf(folded(name))
  return word.length >= MIN_WORD && wordOf(text) === word
}

/** Without the digits and signs before and after: `stompbox2026!` is `stompbox`. */
const wordOf = (text: string) => text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')

const folded = (text: string) => text.trim().normalize('NFKC').toLowerCase()
