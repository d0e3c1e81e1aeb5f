// What holds for every route: CORS, headers, the size of a body, and a wrong method.

import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { cors } from 'hono/cors'
import { Refusal } from '../../refusals.ts'
import type { GatewayContext, GatewayEnv, Parts } from '../context.ts'
import { problem } from './problem.ts'

/** Bytes of a request body that is no message. */
const MAX_BODY = 16_384

/** Nothing that the API answers is a page. */
const API_POLICY = { defaultSrc: ["'none'"], frameAncestors: ["'none'"] }

/**
 * Strict-Transport-Security leaves out sub-domains (RFC 6797, section 6.1.2): as in
 * public/_headers.
 */
export const SECURE = {
  contentSecurityPolicy: API_POLICY,
  strictTransportSecurity: 'max-age=31536000',
}

/** A page of another origin may read when to come back, and which scheme is wanted. */
const EXPOSED = ['Retry-After', 'WWW-Authenticate', 'X-Request-Id']

/**
 * CORS, answered here and nowhere else. Hono answers the preflights. For the other answers it makes
 * three Responses of each.
 */
export function crossOrigin({ allowsOrigin }: Parts): MiddlewareHandler<GatewayEnv> {
  const allowed = (origin: string, { req }: GatewayContext) =>
    origin !== '' && allowsOrigin(origin, req.url) ? origin : null
  const preflight = cors({
    origin: allowed,
    allowMethods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
    allowHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key', 'Idempotency-Since'],
    exposeHeaders: EXPOSED,
    credentials: true,
    maxAge: 3600,
  })
  return async (context, next) => {
    if (context.req.method === 'OPTIONS') return preflight(context, next)
    await next()
    // The answer of a room has headers that do not change: `context.header` makes a copy.
    if (context.res.status === 101) context.header('Vary', 'Origin', { append: true })
    else context.res.headers.append('Vary', 'Origin')
    const { headers } = context.res
    const origin = allowed(context.req.header('Origin') ?? '', context)
    if (origin !== null) headers.set('Access-Control-Allow-Origin', origin)
    headers.set('Access-Control-Allow-Credentials', 'true')
    headers.set('Access-Control-Expose-Headers', EXPOSED.join(','))
  }
}

/** Nothing is cached. Every answer has the request id, which is in the log of a failure. */
export const ownHeaders: MiddlewareHandler<GatewayEnv> = async (context, next) => {
  await next()
  // `context.header` would copy the Response.
  context.res.headers.set('Cache-Control', 'no-store')
  context.res.headers.set('X-Request-Id', context.var.requestId)
}

/**
 * Refuses a body that is too large with `body-too-large`. A content of MAX_CONTENT_BYTES fits,
 * however it is escaped: `\u0000` is six bytes for one.
 */
export function limitedBody(maxContent: number): MiddlewareHandler<GatewayEnv> {
  const [small, large] = [limitedTo(MAX_BODY), limitedTo(MAX_BODY + 6 * maxContent)]
  return (context, next) => (LARGE.test(context.req.path) ? large : small)(context, next)
}

/** The routes whose body is a message, or the settings of a room with its rules of words. */
const LARGE = /^\/api\/rooms(\/[^/]+(\/messages(\/[^/]+)?)?)?$/

const limitedTo = (maxSize: number) =>
  bodyLimit({
    maxSize,
    onError: () => problem(new Refusal('body-too-large', `at most ${maxSize} bytes`)),
  })

/** 405, with the methods that the address has (RFC 9110, section 15.5.6). */
export const wrongMethod = (_context: unknown, methods: string[]) =>
  problem(new Refusal('method-not-allowed'), { Allow: methods.join(', ') })
