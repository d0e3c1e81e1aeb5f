// The refresh token in a cookie, for pages that want it out of the reach of scripts. What the browser
// adds by itself, a foreign page could make it send: so the Origin must be one that is allowed.

import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { Refusal } from '../refusals.ts'
import type { GatewayContext } from './context.ts'

const NAME = 'stompbox_refresh'

const ATTRIBUTES = {
  path: '/api/auth',
  httpOnly: true,
  secure: true,
  sameSite: 'Strict',
} as const

/** Seconds: 400 days, beyond which no browser keeps a cookie (RFC 6265bis, section 5.5). */
const MAX_AGE = 400 * 86_400

/** Keeps a refresh token in the browser for so many seconds. */
export function setRefreshCookie(context: GatewayContext, token: string, seconds: number): void {
  setCookie(context, NAME, token, { ...ATTRIBUTES, maxAge: Math.min(seconds, MAX_AGE) })
}

/** The refresh token of the cookie. Throws `origin-refused` where there is one and the Origin is foreign. */
export function refreshCookie(context: GatewayContext): string | undefined {
  const token = getCookie(context, NAME)
  if (token === undefined || token === '') return undefined
  demandOrigin(context)
  return token
}

export function dropRefreshCookie(context: GatewayContext): void {
  deleteCookie(context, NAME, ATTRIBUTES)
}

/** Throws `origin-refused` unless a page says where it is, and may be there. */
export function demandOrigin(context: GatewayContext): void {
  const origin = context.req.header('Origin')
  if (origin === undefined || !context.var.parts.allowsOrigin(origin, context.req.url)) {
    throw new Refusal('origin-refused')
  }
}
