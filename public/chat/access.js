// @ts-check
// How long an access token is good, and when it is time for the next one. Pure.

/** @typedef {{ token: string, issuedAt: number, expiresAt: number }} Access times in milliseconds */

const SPARE_MS = 60_000

/**
 * @param {import('./api.js').Grant} grant
 * @param {number} now
 * @returns {Access}
 */
export const accessOf = ({ accessToken, expiresIn }, now) => ({
  token: accessToken,
  issuedAt: now,
  expiresAt: now + expiresIn * 1000,
})

/** When less than a third of its life is left. @param {Access} access */
export const renewalDue = (access) => access.expiresAt - thirdOf(access)

/**
 * Whether it may still be used: with a minute to live, unless its whole life is short.
 * @param {Access} access
 * @param {number} now
 */
export const lives = (access, now) => access.expiresAt - now > Math.min(SPARE_MS, thirdOf(access))

/** @param {Access} access */
const thirdOf = ({ issuedAt, expiresAt }) => (expiresAt - issuedAt) / 3
