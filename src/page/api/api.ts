// The HTTP API, one function per route. No state, no retries, no DOM.

import type { ChatEvent } from '../../client/index.ts'
import { query, request } from './request.ts'

/** Somebody. `roles` are authorities such as ADMIN: only the reader's own are told. */
export type User = {
  id: string
  name: string
  roles?: string[]
  guest?: boolean
  lookalike?: boolean
}
/** The refresh token is in a cookie that no script can read. */
export type Grant = { accessToken: string; expiresIn: number; user: User }
/** What the deployment allows; `signup`: whether new accounts are admitted. */
export type WaysIn = { guests: boolean; signup: boolean; providers: { id: string; name: string }[] }
/** A new account; without `name` it is called by its user name. */
export type Registration = { username: string; password: string; name?: string }
/** Proves that it is the reader. For a while after a sign-in, the cookie is proof enough. */
export type Proof = { password?: string }
/** The ways to sign in to an account. Times in ISO 8601, or null if unknown. */
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
/** One sign-in of the person. Times in ISO 8601. `current`: the one that asks. */
export type Session = {
  id: string
  device: string
  signedInAt: string
  lastUsedAt: string
  current: boolean
}
/** See Rooms in docs/rooms-and-messages.md. */
export type RoomKind = 'public' | 'unlisted' | 'private' | 'direct' | 'broadcast'
/** What somebody is in one room, the least first. */
export type Role = 'banned' | 'reader' | 'writer' | 'moderator' | 'owner'
/** What becomes of a message: it is refused, its words are masked, or moderators are told. */
export type RuleAction = 'refuse' | 'mask' | 'report'
/** `word`: whole words alone. */
export type WordRule = { pattern: string; action: RuleAction; word?: boolean }
/** `allow`: the hosts that links may lead to. */
export type LinkRule = { action: RuleAction; allow: string[] }
/** `write` and `invite`: the least role that may. `entry`: who may come in. */
export type RoomSettings = {
  write: 'writer' | 'moderator' | 'owner'
  invite: 'member' | 'writer' | 'moderator' | 'owner'
  entry: 'anyone' | 'accounts' | 'members'
  history: 'all' | 'joined'
  frozen: boolean
  /** Seconds between two messages of a person. A server without mutes has none. */
  slowMode?: number
  /** Moderators see them. An earlier version has none. */
  words?: WordRule[]
  links?: LinkRule | null
  /** The owner sees it. The secret is told once. */
  hook?: { url: string; failOpen?: boolean; secret?: string } | null
}
/** What a PATCH changes; what is left out stays. */
export type RoomChange = {
  name?: string
  description?: string
  archived?: boolean
  settings?: Partial<RoomSettings>
}
type NewRoom = {
  name: string
  kind: RoomKind
  description: string
  settings: Partial<RoomSettings>
}
/** `role`: of the person who asks. Lists have only what comes before it. */
export type Room = {
  id: string
  name: string
  kind: RoomKind
  /** Null: of a direct room. */
  owner: User | null
  createdAt: string
  role?: Role
  description?: string
  archived?: boolean
  settings?: RoomSettings
}
/** Events in the order of seq; `next` is the bound of the next page, or null. */
export type EventPage = { events: ChatEvent[]; head: number; next: number | null }
/** The events that pinned something, each with the message as it is now. */
type PinPage = { pins: (ChatEvent & { message?: ChatEvent })[]; head: number }
/** A room as its member has it in their list. */
export type MyRoom = { id: string; name: string; kind: RoomKind; role: Role; joinedAt: string }
type MyRoomPage = { rooms: MyRoom[]; next: string | null }
type RoomPage = { rooms: Room[]; next: string | null }
/** `room` has the role and the settings. */
export type Ticket = { ticket: string; url: string; expiresIn: number; room?: Room }

/** The path of a room. */
export const roomPath = (roomId: string) => `/api/rooms/${encodeURIComponent(roomId)}`

/** Accounts, rooms and their events. Each call may throw what `request` throws. */
export const api = {
  waysIn: (): Promise<WaysIn> => request('GET', '/api/auth/providers'),

  signInAsGuest: (name: string): Promise<Grant> =>
    request('POST', '/api/auth/guest', { body: { name, cookie: true } }),

  signIn: (username: string, password: string): Promise<Grant> =>
    request('POST', '/api/auth/login', { body: { username, password, cookie: true } }),

  /**
   * Creates an account. With a guest's token, and the cookie that proves it, the guest becomes it.
   */
  register: (account: Registration, token?: string): Promise<Grant> =>
    request('POST', '/api/auth/register', {
      body: { ...account, cookie: true },
      ...(token === undefined ? {} : { token }),
    }),

  /**
   * Gets the next token by the cookie. `user`: the id that the page expects, or ''.
   */
  refresh: (user: string): Promise<Grant> =>
    request('POST', '/api/auth/refresh', { body: { user } }),

  /** Ends the session of the token, or without one, of the cookie. */
  signOut: (token?: string): Promise<void> =>
    request('POST', '/api/auth/logout', { body: {}, ...(token === undefined ? {} : { token }) }),

  /**
   * The URL of a provider's sign-in, which returns to `returnTo`. The page finishes the link there.
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
   * Adds the provider's account, with which the browser came back, as a way to sign in. A guest
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

  /** @param page `q`: the beginning of their names */
  rooms: (
    token: string,
    page: { q?: string | undefined; cursor?: string | undefined },
  ): Promise<RoomPage> => request('GET', `/api/rooms${query(page)}`, { token }),

  /** The rooms of which the reader is a member, the newest first. */
  myRooms: (token: string, cursor?: string): Promise<MyRoomPage> =>
    request('GET', `/api/me/rooms${query({ cursor })}`, { token }),

  /** Takes a direct room out of the reader's rooms, until something is said in it. */
  hideRoom: (token: string, roomId: string): Promise<MyRoom> =>
    request('PATCH', `/api/me/rooms/${encodeURIComponent(roomId)}`, {
      token,
      body: { hidden: true },
    }),

  createRoom: (token: string, room: NewRoom): Promise<Room> =>
    request('POST', '/api/rooms', { token, body: room }),
  room: (token: string, roomId: string): Promise<Room> =>
    request('GET', roomPath(roomId), { token }),

  changeRoom: (token: string, roomId: string, change: RoomChange): Promise<Room> =>
    request('PATCH', roomPath(roomId), { token, body: change }),

  deleteRoom: (token: string, roomId: string): Promise<void> =>
    request('DELETE', roomPath(roomId), { token }),

  ticket: (token: string, roomId: string): Promise<Ticket> =>
    request('POST', `${roomPath(roomId)}/tickets`, { token, body: {} }),

  pins: (token: string, roomId: string): Promise<PinPage> =>
    request('GET', `${roomPath(roomId)}/pins`, { token }),

  /** Pins a message, or unpins it. */
  pin: (token: string, roomId: string, seq: number, on: boolean): Promise<{ seq: number }> =>
    request(on ? 'PUT' : 'DELETE', `${roomPath(roomId)}/pins/${seq}`, { token }),

  /** Without bounds: the latest page. */
  events: (
    token: string,
    roomId: string,
    bounds: { before?: number; after?: number; limit?: number },
  ): Promise<EventPage> => request('GET', `${roomPath(roomId)}/events${query(bounds)}`, { token }),
}
