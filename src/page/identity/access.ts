// How long an access token may be used. Pure.

import type { Grant } from '../api/api.ts'

/** Times in milliseconds since 1970. */
export type Access = { token: string; issuedAt: number; expiresAt: number }

const SPARE_MS = 60_000

/** The token of a grant that came at `now`, in milliseconds since 1970. */
export const accessOf = ({ accessToken, expiresIn }: Grant, now: number): Access => ({
  token: accessToken,
  issuedAt: now,
  expiresAt: now + expiresIn * 1000,
})

/** Whether it may still be used: with a minute left, or a third of its life if that is shorter. */
export const isUsable = (access: Access, now: number) =>
  access.expiresAt - now > Math.min(SPARE_MS, (access.expiresAt - access.issuedAt) / 3)
