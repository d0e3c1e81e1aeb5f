// How long an access token is good. Pure.

import type { Grant } from '../api/api.ts'

/** times in milliseconds */
export type Access = { token: string; issuedAt: number; expiresAt: number }

const SPARE_MS = 60_000

export const accessOf = ({ accessToken, expiresIn }: Grant, now: number): Access => ({
  token: accessToken,
  issuedAt: now,
  expiresAt: now + expiresIn * 1000,
})

/** Whether it may still be used: with a minute to live, unless its whole life is short. */
export const lives = (access: Access, now: number) =>
  access.expiresAt - now > Math.min(SPARE_MS, (access.expiresAt - access.issuedAt) / 3)
