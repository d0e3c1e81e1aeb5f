// What each route of the gateway takes and gives. The schemas of what it takes are the gateway's
// own.

import { RotateBody, UserChange } from '../../src/gateway/routes/admin.ts'
import { AUTH_ROUTES } from './auth-routes.ts'
import { ROOM_ROUTES } from './room-routes.ts'
import { nothing, type RouteDescription, type RouteDescriptions } from './route-description.ts'

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

export const ROUTES: RouteDescriptions = {
  ...AUTH_ROUTES,
  ...ROOM_ROUTES,
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
