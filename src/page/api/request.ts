// One request to the server: the JSON of its answer, or an error with its code. Knows no route.

import { HttpRefusal, retryAfterOf } from '../../client/index.ts'

const DEADLINE_MS = 15_000

/**
 * Sends one request, with the cookie only to /api/auth/. It gives up after 15 seconds.
 *
 * @returns the JSON of the answer, undefined for 202 and 204
 * @throws HttpRefusal with the code of the problem document; `unreachable` without an answer
 */
export async function request(
  method: string,
  path: string,
  { token, body }: { token?: string; body?: unknown } = {},
  // biome-ignore lint/suspicious/noExplicitAny: what a route answers, api.ts says.
): Promise<any> {
  const headers = new Headers()
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`)
  if (body !== undefined) headers.set('content-type', 'application/json')
  const answer = await fetch(path, {
    method,
    headers,
    // Only these routes may get the cookie with the refresh token.
    credentials: path.startsWith('/api/auth/') ? 'same-origin' : 'omit',
    cache: 'no-store',
    signal: AbortSignal.timeout(DEADLINE_MS),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new HttpRefusal(0, 'unreachable')
  })
  // 202: it is being done, and there is nothing to say of it yet.
  if (answer.status === 204 || answer.status === 202) return undefined
  const json = await answer.json().catch(() => undefined)
  if (!answer.ok) {
    const wait = retryAfterOf(answer.headers.get('retry-after'), Date.now())
    throw new HttpRefusal(answer.status, String(json?.code ?? 'internal'), wait, json?.detail)
  }
  if (json === undefined) throw new HttpRefusal(0, 'unreachable')
  return json
}

/** The query string of the values that are defined. */
export function query(values: Record<string, string | number | undefined>) {
  const known = Object.entries(values).filter(([, value]) => value !== undefined)
  const text = new URLSearchParams(known.map(([name, value]) => [name, String(value)])).toString()
  return text === '' ? '' : `?${text}`
}
