// The part of the HTTP API that the client needs, over fetch. It uses few features of the platform:
// React Native has no AbortSignal.timeout, and its URL is incomplete.

import { retryAfterOf } from './connection/retry-after.ts'
import type { RoomApi } from './options.ts'
import { PLATFORM, withTimeout } from './platform.ts'
import type { Grant } from './token-session.ts'

const DEADLINE_MS = 15_000

/** The error of a request that was refused, or that got no answer. */
export class HttpRefusal extends Error {
  /** The HTTP status. 0: no answer. */
  readonly status: number
  /** The code of the problem document. `unreachable`: no answer. */
  readonly code: string
  /** Seconds to wait, if the server says so (Retry-After). */
  readonly retryAfter: number | undefined
  /** What the server added for the one who is refused, if anything. */
  readonly detail: string | undefined

  constructor(status: number, code: string, retryAfter?: number, detail?: string) {
    super(`${status} ${code}`)
    this.name = 'HttpRefusal'
    this.status = status
    this.code = code
    this.retryAfter = retryAfter
    this.detail = detail
  }
}

interface Asked {
  readonly token?: string
  readonly body?: unknown
  /** The same request under the same key is executed once: a retry is safe. */
  readonly idempotencyKey?: string
}

/** The calls that a client needs, and `ask` for every other route. */
export interface HttpApi extends RoomApi {
  /**
   * Calls a route. Resolves with the JSON of the answer, or undefined for 204.
   *
   * @throws HttpRefusal
   * @example const room = await api.ask('POST', '/api/rooms', { token, body: { name: 'Hello' } })
   */
  // biome-ignore lint/suspicious/noExplicitAny: what a route answers, docs/protocol.md says.
  ask(method: string, path: string, asked?: Asked): Promise<any>
  /**
   * The last seq of the log.
   * @throws HttpRefusal
   */
  head(token: string, roomId: string): Promise<number>
  /**
   * POST /api/auth/refresh with the refresh token of the grant.
   * @throws HttpRefusal
   */
  refresh(grant: Grant): Promise<Grant>
}

/**
 * Calls the HTTP API with `fetch`. A call without an answer within 15 seconds is `unreachable`.
 *
 * @param origin such as `https://chat.example`
 * @throws TypeError on a platform without fetch
 */
export function createHttpApi(origin: string): HttpApi {
  if (typeof fetch !== 'function') throw new TypeError('this platform has no fetch')
  const base = origin.replace(/\/+$/, '')

  const ask: HttpApi['ask'] = async (method, path, { token, body, idempotencyKey } = {}) => {
    const answer = await answerOf(`${base}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...(idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (answer.status !== 204 && answer.json === undefined && answer.ok) {
      throw new HttpRefusal(0, 'unreachable')
    }
    if (answer.ok) return answer.json
    const retryAfter = retryAfterOf(answer.retryAfter, PLATFORM.now())
    const { code = 'internal', detail } = answer.json ?? {}
    throw new HttpRefusal(answer.status, String(code), retryAfter, detail)
  }

  const roomPath = (roomId: string) => `/api/rooms/${encodeURIComponent(roomId)}`

  return {
    ask,
    ticket: (token, roomId) => ask('POST', `${roomPath(roomId)}/tickets`, { token, body: {} }),
    head: async (token, roomId) => {
      const page = await ask('GET', `${roomPath(roomId)}/events?limit=1`, { token })
      return page.head
    },
    refresh: ({ refreshToken, accessToken }) =>
      ask('POST', '/api/auth/refresh', { token: accessToken, body: { refreshToken } }),
  }
}

/**
 * The whole answer, in time.
 *
 * @throws HttpRefusal `unreachable`
 */
async function answerOf(url: string, init: RequestInit) {
  const hangUp = typeof AbortController === 'function' ? new AbortController() : undefined
  const signal = hangUp ? { signal: hangUp.signal } : {}
  const exchange = async () => {
    const answer = await fetch(url, { ...init, ...signal })
    const { ok, status, headers } = answer
    // biome-ignore lint/suspicious/noExplicitAny: what a route answers.
    const json: any = await answer.json().catch(() => undefined)
    return { ok, status, retryAfter: headers.get('retry-after'), json }
  }
  try {
    return await withTimeout(PLATFORM, DEADLINE_MS, exchange())
  } catch {
    hangUp?.abort()
    throw new HttpRefusal(0, 'unreachable')
  }
}
