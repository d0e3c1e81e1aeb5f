// @ts-check
// The gateway's HTTP contract, one function per route. No state, no retries, no DOM.
import { query, request } from './request.js'

/** @typedef {{ id: string, name: string, roles?: string[], guest?: boolean, lookalike?: boolean }} User */
/**
 * The refresh token beside it is in a cookie that no script sees.
 * @typedef {{ accessToken: string, expiresIn: number, user: User }} Grant
 */
/**
 * @typedef {{ guests: boolean, signup: boolean, providers: { id: string, name: string }[] }}
 *   WaysIn
 */
/** @typedef {{ username: string, password: string, name?: string }} Registration */
/** That it is the reader; the cookie is one, too, for a while. @typedef {{ password?: string }} Proof */
/**
 * The ways to sign in of an account; times in ISO 8601, null where nobody noted them.
 * @typedef {{
 *   password: { username: string, linkedAt: string | null } | null,
 *   providers: { id: string, provider: string, name: string, account: string,
 *     linkedAt: string | null }[],
 * }} Logins
 */
/**
 * One sign-in of the person; times in ISO 8601. `current`: the one that asks.
 * @typedef {{ id: string, device: string, signedInAt: string, lastUsedAt: string,
 *   current: boolean }} Session
 */
/** @typedef {'public' | 'private'} Visibility */
/** @typedef {'banned' | 'reader' | 'writer' | 'moderator' | 'owner'} Standing */
/** `entry`: whether guests may come in. @typedef {{ entry: 'anyone' | 'accounts' }} RoomSettings */
/** @typedef {{ settings: RoomSettings }} RoomChange */
/**
 * `standing`: of who asks. Neither it nor the settings are in lists.
 * @typedef {{ id: string, name: string, visibility: Visibility, owner: User, createdAt: string, standing?: Standing,
 *   settings?: RoomSettings }} Room
 */
/** @typedef {import('../client/room-client.js').ChatEvent} ChatEvent */
/** @typedef {{ events: ChatEvent[], head: number, next: number | null }} EventPage */
/** @typedef {{ rooms: Room[], next: string | null }} RoomPage */
/** `room`: with the standing and the settings. @typedef {{ ticket: string, url: string, expiresIn: number, room?: Room }} Ticket */

/** @param {string} roomId */
const roomPath = (roomId) => `/api/rooms/${encodeURIComponent(roomId)}`

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
   * The next token, on the strength of the cookie. `user`: the id of whom the page expects, or ''.
   * @param {string} user
   * @returns {Promise<Grant>}
   */
  refresh: (user) => request('POST', '/api/auth/refresh', { body: { user } }),

  /**
   * Ends the session of the token, or else of the cookie.
   * @param {string} [token]
   * @returns {Promise<void>}
   */
  signOut: (token) =>
    request('POST', '/api/auth/logout', { body: {}, ...(token === undefined ? {} : { token }) }),

  /**
   * Where the browser is to go to sign in with a provider, and to return to `returnTo`, where the page finishes the link.
   * @param {string} token
   * @param {string} provider
   * @param {string} returnTo a path
   * @param {Proof} proof
   * @returns {Promise<{ url: string }>}
   */
  linkProvider: (token, provider, returnTo, proof) =>
    request('POST', `/api/auth/oidc/${encodeURIComponent(provider)}${query({ returnTo })}`, {
      token,
      body: proof,
    }),

  /**
   * The provider's account that the browser came back with becomes a way to sign in; a guest becomes an account.
   * @param {string} token
   * @returns {Promise<Grant | undefined>}
   */
  finishLink: (token) => request('POST', '/api/auth/logins', { token, body: { cookie: true } }),

  /**
   * @param {string} token
   * @returns {Promise<Logins>}
   */
  logins: (token) => request('GET', '/api/auth/logins', { token }),

  /**
   * Ends every session but this one.
   * @param {string} token
   * @param {string} id
   * @param {Proof} proof
   * @returns {Promise<void>}
   */
  unlink: (token, id, proof) =>
    request('DELETE', `/api/auth/logins/${encodeURIComponent(id)}`, { token, body: proof }),

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
   * @param {{ name: string, visibility: Visibility, settings: RoomSettings }} room
   * @returns {Promise<Room>}
   */
  createRoom: (token, room) => request('POST', '/api/rooms', { token, body: room }),

  /**
   * @param {string} token
   * @param {string} roomId
   * @param {RoomChange} change
   * @returns {Promise<Room>}
   */
  changeRoom: (token, roomId, change) =>
    request('PATCH', roomPath(roomId), { token, body: change }),

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
