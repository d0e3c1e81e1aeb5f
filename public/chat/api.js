// @ts-check
// The gateway's HTTP contract, one function per route. No state, no retries, no DOM.

/** @typedef {{ id: string, name: string, roles?: string[] }} User */
/** @typedef {{ accessToken: string, expiresIn: number, user: User }} Grant */
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
   */
  constructor(status, code) {
    super(`${status} ${code}`)
    this.name = 'ApiError'
    this.status = status
    this.code = code
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
    credentials: 'omit',
    cache: 'no-store',
    signal: AbortSignal.timeout(DEADLINE_MS),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new ApiError(0, 'unreachable')
  })
  if (answer.status === 204) return undefined
  const json = await answer.json().catch(() => undefined)
  if (!answer.ok) throw new ApiError(answer.status, String(json?.code ?? 'internal'))
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
  /**
   * @param {string} name
   * @returns {Promise<Grant>}
   */
  signInAsGuest: (name) => request('POST', '/api/auth/guest', { body: { name } }),

  /**
   * A new token for the same user; needs one that still lives.
   * @param {string} token
   * @returns {Promise<Grant>}
   */
  refresh: (token) => request('POST', '/api/auth/refresh', { token, body: {} }),

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
