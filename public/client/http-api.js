// @ts-check
// As much of the HTTP contract as the client needs, over fetch.

const DEADLINE_MS = 15_000

/** A "no" of the gateway, or no answer at all (status 0, code `unreachable`). */
export class HttpRefusal extends Error {
  /**
   * @param {number} status
   * @param {string} code
   */
  constructor(status, code) {
    super(`${status} ${code}`)
    this.name = 'HttpRefusal'
    this.status = status
    this.code = code
  }
}

/** @type {typeof import('./http-api.js').createHttpApi} */
export const createHttpApi = (origin) => {
  /** @type {import('./http-api.js').HttpApi['ask']} */
  const ask = async (method, path, { token, body } = {}) => {
    const answer = await fetch(new URL(path, origin), {
      method,
      headers: {
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      },
      signal: AbortSignal.timeout(DEADLINE_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch(() => undefined)
    const json = await answer?.json().catch(() => undefined)
    if (answer && !answer.ok) throw new HttpRefusal(answer.status, String(json?.code ?? 'internal'))
    if (json === undefined && answer?.status !== 204) throw new HttpRefusal(0, 'unreachable')
    return json
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
