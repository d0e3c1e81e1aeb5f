// Every HTTP "no" is a problem document (RFC 9457) with a code from the table of refusals.

import type { Context } from 'hono'
import { TokenError } from '../auth/token-error.ts'
import { Refusal } from '../refusals.ts'

/** Seconds that somebody too fast is asked to wait. */
const RETRY_AFTER = '10'

/** A "no" may be a "yes" the next time: no cache keeps it. */
const ALWAYS = {
  'Content-Type': 'application/problem+json',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
}

/** Answers a refusal: `{type, title, status, code, detail}`. */
export function problem(refusal: Refusal, headers: Record<string, string> = {}): Response {
  const { status, sentence } = refusal.row
  const body = {
    type: 'about:blank',
    title: sentence,
    status,
    code: refusal.code,
    ...(refusal.detail === undefined ? {} : { detail: refusal.detail }),
  }
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...ALWAYS, ...advice(status), ...headers },
  })
}

/** What went wrong as a refusal; what is no refusal is a bug, logged whole and told as `internal`. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof TokenError) return new Refusal(error.code)
  console.error(error)
  return new Refusal('internal')
}

/** The border of HTTP. */
export function onError(error: Error, _context: Context): Response {
  return problem(refusalOf(error))
}

/** The headers that HTTP wants beside some statuses. */
function advice(status: number): Record<string, string> {
  switch (status) {
    case 401:
      // RFC 6750, section 3.
      return { 'WWW-Authenticate': 'Bearer' }
    case 426:
      // RFC 9110, section 15.5.22.
      return { Upgrade: 'websocket', Connection: 'Upgrade' }
    case 429:
      return { 'Retry-After': RETRY_AFTER }
    default:
      return {}
  }
}
