// The gateway's HTTP contract, one function per route. No state, no retries, no DOM.

import type { ChatEvent } from '../../client/index.ts'
import { query, request } from './request.ts'

export type User = {
  id: string
  name: string
  roles?: string[]
  guest?: boolean
  lookalike?: boolean
}
/** The refresh token beside it is in a cookie that no script sees. */
export type Grant = { accessToken: string; expiresIn: number; user: User }
export type WaysIn = { guests: boolean; signup: boolean; providers: { id: string; name: string }[] }
export type Registration = { username: string; password: string; name?: string }
/** That it is the reader; the cookie is one, too, for a while. */
export type Proof = { password?: string }
/** The ways to sign in of an account; times in ISO 8601, null where nobody noted them. */
export type Logins = {
  password: { username: string; linkedAt: string | null } | null
  providers: {
    id: string
    provider: string
    name: string
    account: string
    linkedAt: string | null
  }[]
}
/** One sign-in of the person; times in ISO 8601. `current`: the one that asks. */
export type Session = {
  id: string
  device: string
  signedInAt: string
  lastUsedAt: string
  current: boolean
}
export type Visibility = 'public' | 'private'
export type Standing = 'banned' | 'reader' | 'writer' | 'moderator' | 'owner'
/** `entry`: whether guests may come in. */
export type RoomSettings = { entry: 'anyone' | 'accounts' }
export type RoomChange = { settings: RoomSettings }
/** `standing`: of who asks. Neither it nor the settings are in lists. */
export type Room = {
  id: string
  name: string
  visibility: Visibility
  owner: User
  createdAt: string
  standing?: Standing
  settings?: RoomSettings
}
export type EventPage = { events: ChatEvent[]; head: number; next: number | null }
export type RoomPage = { rooms: Room[]; next: string | null }
/** `room`: with the standing and the settings. */
export type Ticket = { ticket: string; url: string; expiresIn: number; room?: Room }

const roomPath = (roomId: string) => `/api/rooms/${encodeURIComponent(roomId)}`

export const api = {
  waysIn: (): Promise<WaysIn> => request('GET', '/api/auth/providers'),

  signInAsGuest: (name: string): Promise<Grant> =>
    request('POST', '/api/auth/guest', { body: { name, cookie: true } }),

  signIn: (username: string, password: string): Promise<Grant> =>
    request('POST', '/api/auth/login', { body: { username, password, cookie: true } }),

  /** A new account; with a guest's token and the cookie that proves it, the guest's: the same id. */
  register: (account: Registration, token?: string): Promise<Grant> =>
    request('POST', '/api/auth/register', {
      body: { ...account, cookie: true },
      ...(token === undefined ? {} : { token }),
    }),

  /**
   * The next token, on the strength of the cookie. `user`: the id of whom the page expects, or ''.
   */
  refresh: (user: string): Promise<Grant> =>
    request('POST', '/api/auth/refresh', { body: { user } }),

  /** Ends the session of the token, or else of the cookie. */
  signOut: (token?: string): Promise<void> =>
    request('POST', '/api/auth/logout', { body: {}, ...(token === undefined ? {} : { token }) }),

  /**
   * Where the browser is to go to sign in with a provider, and to return to `returnTo`, where the
   * page finishes the link.
   * @param returnTo a path
   */
  linkProvider: (
    token: string,
    provider: string,
    returnTo: string,
    proof: Proof,
  ): Promise<{ url: string }> =>
    request('POST', `/api/auth/oidc/${encodeURIComponent(provider)}${query({ returnTo })}`, {
      token,
      body: proof,
    }),

  /**
   * The provider's account that the browser came back with becomes a way to sign in; a guest
   * becomes an account.
   */
  finishLink: (token: string): Promise<Grant | undefined> =>
    request('POST', '/api/auth/logins', { token, body: { cookie: true } }),

  logins: (token: string): Promise<Logins> => request('GET', '/api/auth/logins', { token }),

  /** Ends every session but this one. */
  unlink: (token: string, id: string, proof: Proof): Promise<void> =>
    request('DELETE', `/api/auth/logins/${encodeURIComponent(id)}`, { token, body: proof }),

  /** Ends every session but this one. */
  changePassword: (token: string, password: string, newPassword: string): Promise<void> =>
    request('POST', '/api/auth/password', { token, body: { password, newPassword } }),

  sessions: (token: string): Promise<{ sessions: Session[] }> =>
    request('GET', '/api/auth/sessions', { token }),

  endSession: (token: string, id: string): Promise<void> =>
    request('DELETE', `/api/auth/sessions/${encodeURIComponent(id)}`, { token }),

  endSessions: (token: string): Promise<void> => request('DELETE', '/api/auth/sessions', { token }),

  rooms: (token: string, cursor?: string): Promise<RoomPage> =>
    request('GET', `/api/rooms${query({ cursor })}`, { token }),

  createRoom: (
    token: string,
    room: { name: string; visibility: Visibility; settings: RoomSettings },
  ): Promise<Room> => request('POST', '/api/rooms', { token, body: room }),

  changeRoom: (token: string, roomId: string, change: RoomChange): Promise<Room> =>
    request('PATCH', roomPath(roomId), { token, body: change }),

  deleteRoom: (token: string, roomId: string): Promise<void> =>
    request('DELETE', roomPath(roomId), { token }),

  ticket: (token: string, roomId: string): Promise<Ticket> =>
    request('POST', `${roomPath(roomId)}/tickets`, { token, body: {} }),

  /** Neither bound: the latest page. */
  events: (
    token: string,
    roomId: string,
    bounds: { before?: number; after?: number; limit?: number },
  ): Promise<EventPage> => request('GET', `${roomPath(roomId)}/events${query(bounds)}`, { token }),
}
