// Every HTTP "no" is a problem document (RFC 9457) with a code from the table of refusals.

import type { Context } from 'hono'
import { TokenError } from '../../auth/tokens/token-error.ts'
import type { Answer, Delayed } from '../../contract.ts'
import { Refusal } from '../../refusals.ts'

/** The default of Retry-After, in seconds. */
const RETRY_AFTER = 10

/** A "no" may be a "yes" the next time: no cache keeps it. */
const ALWAYS = {
  'Content-Type': 'application/problem+json',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
}

/**
 * The value of an answer.
 *
 * @throws Refusal with the code, the detail and the seconds of what was refused.
 */
export function granted<Value>(answer: Answer<Value> | Delayed): Value {
  if ('refused' in answer) {
    const { refused, retryAfter } = answer
    const detail = 'detail' in answer ? answer.detail : undefined
    throw new Refusal(refused, detail, undefined, retryAfter)
  }
  return answer.value
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
    headers: { ...ALWAYS, ...advice(refusal), ...headers },
  })
}

/**
 * An error as a refusal. Anything else is a bug: it is logged whole and answered with `internal`.
 */
export function httpRefusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof TokenError) {
    if (error.cause !== undefined) console.error(error)
    return new Refusal(error.code, error.reason)
  }
  console.error(error)
  return new Refusal(mayPass(error) ? 'unavailable' : 'internal')
}

/** Marks of the platform's errors: an object was unreachable, restarted or overloaded. */
const PASSING = ['retryable', 'overloaded', 'durableObjectReset']

/** Whether the same may work in a moment (Cloudflare, Durable Objects, Error handling). */
const mayPass = (error: unknown): boolean =>
  error instanceof Error && PASSING.some((mark) => Reflect.get(error, mark) === true)

/** The border of HTTP. */
export function onError(error: Error, context: Context): Response {
  const refusal = httpRefusalOf(error)
  // An error that is logged whole is logged with its request id.
  if (!(error instanceof Refusal || error instanceof TokenError)) {
    const request = context.get('requestId')
    console.error(JSON.stringify({ event: 'request-failed', request, code: refusal.code }))
  }
  const answer = problem(refusal)
  // Cookies that were set or dropped before the refusal go with it.
  return context.newResponse(answer.body, answer)
}

/** The headers that HTTP wants beside some statuses. */
function advice(refusal: Refusal): Record<string, string> {
  switch (refusal.row.status) {
    case 401:
      // RFC 6750, section 3.
      return { 'WWW-Authenticate': 'Bearer' }
    case 426:
      // RFC 9110, section 15.5.22.
      return { Upgrade: 'websocket', Connection: 'Upgrade' }
    case 429:
    case 503:
      // RFC 9110, section 10.2.3.
      return { 'Retry-After': String(secondsToWait(refusal)) }
    default:
      return {}
  }
}

const secondsToWait = (refusal: Refusal) =>
  refusal.retryAfter === undefined ? RETRY_AFTER : Math.max(1, Math.ceil(refusal.retryAfter))
