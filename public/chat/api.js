// @ts-check
// The gateway's HTTP contract, one function per route. No state, no retries, no DOM.

/** @typedef {{ id: string, name: string, roles?: string[] }} User */
/**
 * The refresh token beside it is in a cookie that no script sees.
 * @typedef {{ accessToken: string, expiresIn: number, user: User }} Grant
 */
/** @typedef {{ guests: boolean, providers: { id: string, name: string }[] }} WaysIn */
/** @typedef {{ username: string, password: string, name?: string }} Registration */
/**
 * One sign-in of the person; times in ISO 8601. `current`: the one that asks.
 * @typedef {{ id: string, device: string, signedInAt: string, lastUsedAt: string,
 *   current: boolean }} Session
 */
/** @typedef {'public' | 'private'} Visibility */
/**
 * @typedef {{ id: string, name: string, visibility: Visibility, owner: User, createdAt: string }}
 *   Room
 */
/**
 * One entry of a room's log. Types other than `message` may appear: a reader skips what it does
 * not know and still counts its seq.
 * @typedef {{ seq: number, type: string, at: string, sender: User, content?: string,
 *   idempotencyKey?: string, replyTo?: number }} ChatEvent
 */
/** @typedef {{ events: ChatEvent[], head: number, next: number | null }} EventPage */
/** @typedef {{ rooms: Room[], next: string | null }} RoomPage */
/** @typedef {{ ticket: string, url: string, expiresIn: number }} Ticket */

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
async function request(method, path, { token, body } = {}) {
  const headers = new Headers()
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`)
  if (body !== undefined) headers.set('content-type', 'application/json')
  const answer = await fetch(path, {
    method,
    headers,
    // Because the cookie of the refresh token is for these routes alone.
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
    const wait = Number(answer.headers.get('retry-after') ?? Number.NaN)
    const code = String(json?.code ?? 'internal')
    throw new ApiError(answer.status, code, Number.isFinite(wait) ? wait : undefined)
  }
  if (json === undefined) throw new ApiError(0, 'unreachable')
  return json
}

/** @param {string} roomId */
const roomPath = (roomId) => `/api/rooms/${encodeURIComponent(roomId)}`

/** @param {Record<string, string | number | undefined>} values */
function query(values) {
  const known = Object.entries(values).filter(([, value]) => value !== undefined)
  const text = new URLSearchParams(known.map(([name, value]) => [name, String(value)])).toString()
  return text === '' ? '' : `?${text}`
}

export const api = {
  /** @returns {Promise<WaysIn>} */
  waysIn: () => request('GET', '/api/auth/providers'),

  /**
   * @param {string} name
   * @returns {Promise<Grant>}
   */
  signInAsGuest: (name) => request('POST', '/api/auth/guest', { body: { name, cookie: true } }),

  /**
   * @param {string} username
   * @param {string} password
   * @returns {Promise<Grant>}
   */
  signIn: (username, password) =>
    request('POST', '/api/auth/login', { body: { username, password, cookie: true } }),

  /**
   * A new account; with a guest's token, the guest's: the same id, the same session.
   * @param {Registration} account
   * @param {string} [token]
   * @returns {Promise<Grant>}
   */
  register: (account, token) =>
    request('POST', '/api/auth/register', {
      body: { ...account, cookie: true },
      ...(token === undefined ? {} : { token }),
    }),

  /**
   * The next token, on the strength of the cookie.
   * @returns {Promise<Grant>}
   */
  refresh: () => request('POST', '/api/auth/refresh', { body: {} }),

  /**
   * Ends the session of the token, or else of the cookie.
   * @param {string} [token]
   * @returns {Promise<void>}
   */
  signOut: (token) =>
    request('POST', '/api/auth/logout', { body: {}, ...(token === undefined ? {} : { token }) }),

  /**
   * Where the browser is to go to sign in with a provider, and to return to `returnTo`: the
   * provider's account becomes another way to sign in.
   * @param {string} token
   * @param {string} provider
   * @param {string} returnTo a path
   * @returns {Promise<{ url: string }>}
   */
  linkProvider: (token, provider, returnTo) =>
    request('POST', `/api/auth/oidc/${encodeURIComponent(provider)}${query({ returnTo })}`, {
      token,
    }),

  /**
   * Ends every session but this one.
   * @param {string} token
   * @param {string} password
   * @param {string} newPassword
   * @returns {Promise<void>}
   */
  changePassword: (token, password, newPassword) =>
    request('POST', '/api/auth/password', { token, body: { password, newPassword } }),

  /**
   * @param {string} token
   * @returns {Promise<{ sessions: Session[] }>}
   */
  sessions: (token) => request('GET', '/api/auth/sessions', { token }),

  /**
   * @param {string} token
   * @param {string} id
   * @returns {Promise<void>}
   */
  endSession: (token, id) =>
    request('DELETE', `/api/auth/sessions/${encodeURIComponent(id)}`, { token }),

  /**
   * @param {string} token
   * @returns {Promise<void>}
   */
  endSessions: (token) => request('DELETE', '/api/auth/sessions', { token }),

  /**
   * @param {string} token
   * @param {string} [cursor]
   * @returns {Promise<RoomPage>}
   */
  rooms: (token, cursor) => request('GET', `/api/rooms${query({ cursor })}`, { token }),

  /**
   * @param {string} token
   * @param {{ name: string, visibility: Visibility }} room
   * @returns {Promise<Room>}
   */
  createRoom: (token, room) => request('POST', '/api/rooms', { token, body: room }),

  /**
   * @param {string} token
   * @param {string} roomId
   * @returns {Promise<Room>}
   */
  room: (token, roomId) => request('GET', roomPath(roomId), { token }),

  /**
   * @param {string} token
   * @param {string} roomId
   * @returns {Promise<void>}
   */
  deleteRoom: (token, roomId) => request('DELETE', roomPath(roomId), { token }),

  /**
   * @param {string} token
   * @param {string} roomId
   * @returns {Promise<Ticket>}
   */
  ticket: (token, roomId) => request('POST', `${roomPath(roomId)}/tickets`, { token, body: {} }),

  /**
   * Neither bound: the latest page.
   * @param {string} token
   * @param {string} roomId
   * @param {{ before?: number, after?: number, limit?: number }} bounds
   * @returns {Promise<EventPage>}
   */
  events: (token, roomId, bounds) =>
    request('GET', `${roomPath(roomId)}/events${query(bounds)}`, { token }),
}
