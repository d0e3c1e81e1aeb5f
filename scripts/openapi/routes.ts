// What each route of the gateway takes and gives. The schemas of what it takes are the gateway's
// own.

import type { GenericSchema } from 'valibot'
import { readConfig } from '../../src/config.ts'
import { RotateBody, UserChange } from '../../src/gateway/routes/admin.ts'
import { GuestBody, RefreshBody, TokenBody } from '../../src/gateway/routes/auth.ts'
import { RoleBody } from '../../src/gateway/routes/members.ts'
import { EditBody, MessageBody, ReadBody } from '../../src/gateway/routes/messages.ts'
import { LoginBody, PasswordBody } from '../../src/gateway/routes/passwords.ts'
import { RegisterBody } from '../../src/gateway/routes/registration.ts'
import { eventsQuery, ListQuery, RoomBody, RoomChange } from '../../src/gateway/routes/rooms.ts'
import { Keeping } from '../../src/gateway/sign-in/grant.ts'
import { ProofBody } from '../../src/gateway/sign-in/proof.ts'
import type * as answers from './answers.ts'

export interface RouteDescription {
  readonly summary: string
  /** Who may ask. `any`: a token is not needed, but may be shown. */
  readonly by: 'any' | 'user' | 'admin'
  readonly body?: GenericSchema
  /** The body may be left out. */
  readonly bodyOptional?: true
  readonly query?: GenericSchema
  /** It takes Idempotency-Key and Idempotency-Since. */
  readonly keyed?: true
  /** By status: the name of an answer, or a sentence for an answer without a body. */
  readonly gives: Readonly<Record<number, keyof typeof answers | Sentence>>
}

export interface Sentence {
  readonly sentence: string
}

const nothing = (sentence: string): Sentence => ({ sentence })

const UPGRADE: RouteDescription = {
  summary: 'Opens a WebSocket to a room, with a ticket in `token`, or with an access token.',
  by: 'any',
  gives: { 101: nothing('STOMP from here on.') },
}

const SOCKJS: RouteDescription = {
  summary: 'Tells SockJS clients that SockJS is not served.',
  by: 'any',
  gives: {},
}

export const ROUTES: Readonly<Record<string, RouteDescription>> = {
  'GET /api/health': {
    summary: 'Whether the runtime has what this deployment needs.',
    by: 'any',
    gives: { 200: 'Health' },
  },
  'GET /.well-known/jwks.json': {
    summary: 'The public keys of the access tokens.',
    by: 'any',
    gives: { 200: 'KeySet' },
  },

  'POST /api/auth/guest': {
    summary: 'Signs a new guest in.',
    by: 'any',
    body: GuestBody,
    gives: { 201: 'Grant' },
  },
  'POST /api/auth/register': {
    summary: 'Makes an account. A guest who shows both tokens of the sign-in becomes the account.',
    by: 'any',
    body: RegisterBody,
    gives: { 201: 'Grant' },
  },
  'POST /api/auth/login': {
    summary: 'Signs in with a user name and a password.',
    by: 'any',
    body: LoginBody,
    gives: { 200: 'Grant' },
  },
  'POST /api/auth/refresh': {
    summary: 'Renews a sign-in by its refresh token, or by its access token.',
    by: 'any',
    body: RefreshBody,
    bodyOptional: true,
    gives: { 200: 'Grant' },
  },
  'POST /api/auth/logout': {
    summary: 'Ends a sign-in with its tokens, tickets and sockets.',
    by: 'any',
    body: TokenBody,
    bodyOptional: true,
    gives: { 204: nothing('The sign-in has ended.') },
  },
  'POST /api/auth/password': {
    summary: 'Changes the password. The other sign-ins end.',
    by: 'user',
    body: PasswordBody,
    gives: { 204: nothing('The password is changed.') },
  },
  'GET /api/auth/me': { summary: 'Who is asking.', by: 'user', gives: { 200: 'Me' } },
  'GET /api/auth/sessions': {
    summary: 'Where the person is signed in.',
    by: 'user',
    gives: { 200: 'Sessions' },
  },
  'DELETE /api/auth/sessions': {
    summary: 'Ends all sign-ins of the person.',
    by: 'user',
    gives: { 204: nothing('All have ended.') },
  },
  'DELETE /api/auth/sessions/:id': {
    summary: 'Ends one sign-in of the person.',
    by: 'user',
    gives: { 204: nothing('It has ended.') },
  },

  'GET /api/auth/logins': {
    summary: 'The ways in to the account.',
    by: 'user',
    gives: { 200: 'Logins' },
  },
  'POST /api/auth/logins': {
    summary: 'Finishes a link to a provider. The cookie of the callback is needed.',
    by: 'user',
    body: Keeping,
    bodyOptional: true,
    gives: { 201: 'Grant', 204: nothing('The link is finished.') },
  },
  'DELETE /api/auth/logins/:id': {
    summary: 'Removes a provider as a way in. The other sign-ins end.',
    by: 'user',
    body: ProofBody,
    bodyOptional: true,
    gives: { 204: nothing('It is removed.') },
  },

  'GET /api/auth/providers': {
    summary: 'The ways to sign in here.',
    by: 'any',
    gives: { 200: 'Providers' },
  },
  'GET /api/auth/oidc/:provider': {
    summary: 'Sends a browser to the sign-in of a provider, and then to the path `returnTo`.',
    by: 'any',
    gives: { 302: nothing('To the provider.') },
  },
  'POST /api/auth/oidc/:provider': {
    summary: 'Begins to link a provider. The browser goes to `url`.',
    by: 'user',
    body: ProofBody,
    bodyOptional: true,
    gives: { 200: 'Redirection' },
  },
  'GET /api/auth/oidc/:provider/callback': {
    summary: 'The answer of a provider. Browsers alone come here.',
    by: 'any',
    gives: { 302: nothing('Back to the page.') },
  },

  'POST /api/rooms/:id/tickets': {
    summary: 'A ticket that opens one WebSocket to the room.',
    by: 'user',
    gives: { 201: 'Ticket' },
  },
  'POST /api/rooms': {
    summary: 'Makes a room.',
    by: 'user',
    body: RoomBody,
    gives: { 201: 'NewRoom' },
  },
  'GET /api/rooms': {
    summary: 'The public rooms and the person’s own, newest first.',
    by: 'user',
    query: ListQuery,
    gives: { 200: 'Rooms' },
  },
  'GET /api/rooms/:id': { summary: 'One room.', by: 'user', gives: { 200: 'Room' } },
  'PATCH /api/rooms/:id': {
    summary: 'Changes the settings of a room, by its owner.',
    by: 'user',
    body: RoomChange,
    gives: { 200: 'Room' },
  },
  'DELETE /api/rooms/:id': {
    summary: 'Deletes a room and everything in it, by its owner.',
    by: 'user',
    gives: { 204: nothing('It is deleted.') },
  },
  'GET /api/rooms/:id/events': {
    summary: 'A page of the log: after a seq, before a seq, or the newest.',
    by: 'user',
    query: eventsQuery(readConfig({}).pageMax),
    gives: { 200: 'Events' },
  },
  'GET /api/rooms/:id/cost': {
    summary: 'What the room has cost, for its owner.',
    by: 'user',
    gives: { 200: 'Cost' },
  },
  'POST /api/rooms/:id/messages': {
    summary: 'Sends a message. It is stored when this is answered.',
    by: 'user',
    keyed: true,
    body: MessageBody,
    gives: { 201: 'Stored' },
  },
  'PATCH /api/rooms/:id/messages/:seq': {
    summary: 'Edits a message, by its author.',
    by: 'user',
    keyed: true,
    body: EditBody,
    gives: { 200: 'Stored' },
  },
  'DELETE /api/rooms/:id/messages/:seq': {
    summary: 'Deletes a message, by its author or a moderator.',
    by: 'user',
    keyed: true,
    gives: { 200: 'Stored' },
  },
  'PUT /api/rooms/:id/messages/:seq/reactions/:reaction': {
    summary: 'Adds a reaction to a message.',
    by: 'user',
    keyed: true,
    gives: { 200: 'Stored' },
  },
  'DELETE /api/rooms/:id/messages/:seq/reactions/:reaction': {
    summary: 'Removes the person’s reaction from a message.',
    by: 'user',
    keyed: true,
    gives: { 200: 'Stored' },
  },
  'GET /api/rooms/:id/pins': {
    summary: 'The pinned messages, the newest pin first.',
    by: 'user',
    gives: { 200: 'Pins' },
  },
  'PUT /api/rooms/:id/pins/:seq': {
    summary: 'Pins a message, by a moderator.',
    by: 'user',
    keyed: true,
    gives: { 200: 'Stored' },
  },
  'DELETE /api/rooms/:id/pins/:seq': {
    summary: 'Takes the pin from a message, by a moderator.',
    by: 'user',
    keyed: true,
    gives: { 200: 'Stored' },
  },
  'PUT /api/rooms/:id/read': {
    summary: 'Tells the room how far the person has read.',
    by: 'user',
    body: ReadBody,
    gives: { 204: nothing('It is told.') },
  },
  'GET /api/rooms/:id/members': {
    summary: 'The owner, and everybody whose role was set.',
    by: 'user',
    gives: { 200: 'Members' },
  },
  'PATCH /api/rooms/:id/members/:userId': {
    summary: 'Sets a role, by a moderator or the owner.',
    by: 'user',
    body: RoleBody,
    gives: { 200: 'Member' },
  },

  'GET /api/admin/users/:id': { summary: 'One account.', by: 'admin', gives: { 200: 'Account' } },
  'PATCH /api/admin/users/:id': {
    summary: 'Disables an account, or sets its roles.',
    by: 'admin',
    body: UserChange,
    gives: { 200: 'Account' },
  },
  'POST /api/admin/keys/rotate': {
    summary: 'Makes a new key that signs from now on.',
    by: 'admin',
    body: RotateBody,
    bodyOptional: true,
    gives: { 200: 'RotatedKey' },
  },

  'GET /chat': UPGRADE,
  'GET /chat/websocket': UPGRADE,
  'GET /chat/info': SOCKJS,
  'GET /ws': UPGRADE,
  'GET /ws/websocket': UPGRADE,
  'GET /ws/info': SOCKJS,
}
