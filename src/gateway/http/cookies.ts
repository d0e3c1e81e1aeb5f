// The cookies of Stompbox, and the refresh token in one of them, for pages that want it out of the
// reach of scripts. A page of another site could make the browser send it, so the Origin must be
// allowed.

import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { readRefreshToken } from '../../auth/tokens/refresh-token.ts'
import { Refusal } from '../../refusals.ts'
import type { GatewayContext } from '../context.ts'
import { isCrossSite } from './site.ts'

/** A cookie that no script can read. Strict, unless it is needed on a request from another site. */
export interface CookieKind {
  readonly name: string
  readonly sameSite: 'Strict' | 'Lax'
}

const REFRESH: CookieKind = { name: 'stompbox-refresh', sameSite: 'Strict' }

/**
 * The refresh cookie of older versions. It had no prefix, so a sibling sub-domain may have planted
 * one: it is read only if there is no other, and only for the person whom the page expects. It is
 * replaced at once.
 */
const LEGACY = 'stompbox_refresh'
const LEGACY_ATTRIBUTES = { path: '/api/auth', httpOnly: true, sameSite: 'Strict' } as const

/** Seconds: 400 days, beyond which no browser keeps a cookie (RFC 6265bis, section 5.5). */
export const MAX_COOKIE_AGE = 400 * 86_400

/**
 * Whether the browser speaks https: to us, or to a proxy in front of us, such as a tunnel to a
 * development server. Each proxy adds a value, so the first one is what the browser speaks.
 * Cloudflare writes the header itself.
 */
export function isHttps(context: GatewayContext): boolean {
  const [forwarded = ''] = (context.req.header('X-Forwarded-Proto') ?? '').split(',')
  const isTls = forwarded.trim().toLowerCase() === 'https'
  return isTls || /^https:/i.test(context.req.url)
}

/**
 * The name and the attributes of a cookie. Over https the prefix `__Host-` keeps sibling
 * sub-domains from planting one (RFC 6265bis, section 4.1.3.2). Over http, in development, there is
 * no prefix and no Secure, with which WebKit would drop it.
 */
function formOf(context: GatewayContext, { name, sameSite }: CookieKind) {
  const secure = isHttps(context)
  const attributes = { path: '/', httpOnly: true, secure, sameSite } as const
  return { name: secure ? `__Host-${name}` : name, attributes }
}

/** Keeps a value in the browser for so many seconds. */
export function keepCookie(
  context: GatewayContext,
  kind: CookieKind,
  value: string,
  seconds: number,
): void {
  const { name, attributes } = formOf(context, kind)
  setCookie(context, name, value, { ...attributes, maxAge: Math.min(seconds, MAX_COOKIE_AGE) })
}

/** What the browser keeps; undefined where that is nothing. */
export const keptCookie = (context: GatewayContext, kind: CookieKind): string | undefined =>
  getCookie(context, formOf(context, kind).name) || undefined

/** Has the browser forget a cookie. */
export function dropCookie(context: GatewayContext, kind: CookieKind): void {
  const { name, attributes } = formOf(context, kind)
  deleteCookie(context, name, attributes)
}

/** Keeps a refresh token in the browser for so many seconds. */
export function setRefreshCookie(context: GatewayContext, token: string, seconds: number): void {
  keepCookie(context, REFRESH, token, seconds)
  dropLegacy(context)
}

/**
 * The refresh token of the cookie. `expected`: the id of whom the page expects; undefined where it
 * does not say.
 *
 * @throws Refusal as `demandOrigin`, where there is one.
 */
export function refreshCookie(context: GatewayContext, expected?: string): string | undefined {
  const token = keptCookie(context, REFRESH) ?? legacyCookie(context, expected)
  if (token !== undefined) demandOrigin(context)
  return token
}

/** Has the browser forget the refresh token, that of older versions too. */
export function dropRefreshCookie(context: GatewayContext): void {
  dropCookie(context, REFRESH)
  dropLegacy(context)
}

function legacyCookie(context: GatewayContext, expected: string | undefined): string | undefined {
  const token = getCookie(context, LEGACY) || undefined
  if (token === undefined || expected === undefined) return token
  return readRefreshToken(token)?.personId === expected ? token : undefined
}

function dropLegacy(context: GatewayContext): void {
  if (getCookie(context, LEGACY) === undefined) return
  deleteCookie(context, LEGACY, { ...LEGACY_ATTRIBUTES, secure: isHttps(context) })
}

/**
 * Demands an Origin that may keep or use the cookie.
 *
 * @throws Refusal `origin-refused` unless it may be there; `cookie-cross-site` where no browser
 * would keep the cookie.
 */
export function demandOrigin(context: GatewayContext): void {
  const origin = context.req.header('Origin')
  if (origin === undefined || !context.var.parts.allowsOrigin(origin, context.req.url)) {
    throw new Refusal('origin-refused')
  }
  if (isCrossSite(context.req.header('Sec-Fetch-Site'), origin, context.req.url)) {
    throw new Refusal('cookie-cross-site')
  }
}
