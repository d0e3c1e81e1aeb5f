// @ts-check
// One request to the gateway: what it says in JSON, or an error with its code. Knows no route.
import { retryAfterOf } from '../client/retry-after.js'

const DEADLINE_MS = 15_000

/** A "no" of the gateway, or no answer at all (status 0, code `unreachable`). */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} code
   * @param {number} [retryAfter] seconds to wait, where the gateway says so
   */
  constructor(status, code, retryAfter) {
    super(`${status} ${code}`)
    this.name = 'ApiError'
    this.status = status
    this.code = code
    this.retryAfter = retryAfter
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {{ token?: string, body?: unknown }} [options]
 * @returns {Promise<any>} the JSON of the answer, undefined for 204
 */
export async function request(method, path, { token, body } = {}) {
  const headers = new Headers()
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`)
  if (body !== undefined) headers.set('content-type', 'application/json')
  const answer = await fetch(path, {
    method,
    headers,
    // The cookie of the refresh token is for these routes alone.
    credentials: path.startsWith('/api/auth/') ? 'same-origin' : 'omit',
    cache: 'no-store',
    signal: AbortSignal.timeout(DEADLINE_MS),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new ApiError(0, 'unreachable')
  })
  if (answer.status === 204) return undefined
  const json = await answer.json().catch(() => undefined)
  if (!answer.ok) {
    const wait = retryAfterOf(answer.headers.get('retry-after'), Date.now())
    throw new ApiError(answer.status, String(json?.code ?? 'internal'), wait)
  }
  if (json === undefined) throw new ApiError(0, 'unreachable')
  return json
}

/**
 * The part of an address that asks for something, of the values that are known.
 * @param {Record<string, string | number | undefined>} values
 */
export function query(values) {
  const known = Object.entries(values).filter(([, value]) => value !== undefined)
  const text = new URLSearchParams(known.map(([name, value]) => [name, String(value)])).toString()
  return text === '' ? '' : `?${text}`
}
