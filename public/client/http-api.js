// @ts-check
// As much of the HTTP contract as the client needs, over fetch. It asks little of the platform: React Native has no
// AbortSignal.timeout, and a URL that knows half of what it should.
import { PLATFORM, within } from './platform.js'
import { retryAfterOf } from './retry-after.js'

const DEADLINE_MS = 15_000

/** A "no" of the gateway, or no answer at all (status 0, code `unreachable`). */
export class HttpRefusal extends Error {
  /**
   * @param {number} status
   * @param {string} code
   * @param {number} [retryAfter] seconds
   */
  constructor(status, code, retryAfter) {
    super(`${status} ${code}`)
    this.name = 'HttpRefusal'
    this.status = status
    this.code = code
    this.retryAfter = retryAfter
  }
}

/** @type {typeof import('./http-api.js').createHttpApi} */
export const createHttpApi = (origin) => {
  if (typeof fetch !== 'function') throw new TypeError('this platform has no fetch')
  const base = origin.replace(/\/+$/, '')

  /** @type {import('./http-api.js').HttpApi['ask']} */
  const ask = async (method, path, { token, body } = {}) => {
    const answer = await answerOf(`${base}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (answer.status !== 204 && answer.json === undefined && answer.ok) {
      throw new HttpRefusal(0, 'unreachable')
    }
    if (answer.ok) return answer.json
    const retryAfter = retryAfterOf(answer.retryAfter, PLATFORM.now())
    throw new HttpRefusal(answer.status, String(answer.json?.code ?? 'internal'), retryAfter)
  }

  const roomPath = (/** @type {string} */ roomId) => `/api/rooms/${encodeURIComponent(roomId)}`

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
 * What came back, whole and in time. Throws HttpRefusal `unreachable`.
 * @param {string} url
 * @param {RequestInit} init
 */
async function answerOf(url, init) {
  const hangUp = typeof AbortController === 'function' ? new AbortController() : undefined
  const signal = hangUp ? { signal: hangUp.signal } : {}
  const exchange = async () => {
    const answer = await fetch(url, { ...init, ...signal })
    const { ok, status, headers } = answer
    const json = await answer.json().catch(() => undefined)
    return { ok, status, retryAfter: headers.get('retry-after'), json }
  }
  try {
    return await within(PLATFORM, DEADLINE_MS, exchange())
  } catch {
    hangUp?.abort()
    throw new HttpRefusal(0, 'unreachable')
  }
}
