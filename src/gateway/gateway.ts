// The gateway: every route on one screen.

import { Hono } from 'hono'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { requestId } from 'hono/request-id'
import { secureHeaders } from 'hono/secure-headers'
import { RefusalLog } from '../audit.ts'
import type { Config } from '../config.ts'
import type { Backend } from '../contract.ts'
import { Refusal } from '../refusals.ts'
import { admin, type GatewayEnv, general, identified, type Parts, rateLimited } from './context.ts'
import { evenTime } from './http/even-time.ts'
import { crossOrigin, limitedBody, ownHeaders, SECURE, wrongMethod } from './http/middleware.ts'
import { allowList } from './http/origins.ts'
import { onError, problem } from './http/problem.ts'
import { changeUser, rotateKeys, showUser } from './routes/admin.ts'
import { logout, me, refresh, signInGuest } from './routes/auth.ts'
import { banMember, clearMessages, listBans, listModeration, unbanMember } from './routes/bans.ts'
import { showCost } from './routes/cost.ts'
import { block, openDirect, unblock } from './routes/direct.ts'
import {
  createInvitation,
  listInvitations,
  revokeInvitation,
  showInvitation,
  useInvitation,
} from './routes/invitations.ts'
import { finishLink, listLogins, unlink } from './routes/logins.ts'
import { changeMember, joinRoom, listMembers, removeMember } from './routes/members.ts'
import {
  deleteMessage,
  editMessage,
  listPins,
  markRead,
  pin,
  react,
  sendMessage,
  takeBackReaction,
  unpin,
} from './routes/messages.ts'
import { changeMyRoom, listMyRooms } from './routes/my-rooms.ts'
import { beginLink, beginSignIn, finishSignIn, listProviders } from './routes/oidc.ts'
import { changePassword, login } from './routes/passwords.ts'
import { register } from './routes/registration.ts'
import { listReports, reportMessage, settleReport } from './routes/reports.ts'
import {
  changeRoom,
  createRoom,
  deleteRoom,
  listEvents,
  listRooms,
  showRoom,
} from './routes/rooms.ts'
import { endSession, endSessions, listSessions } from './routes/sessions.ts'
import { createListTicket, createTicket } from './routes/tickets.ts'
import { upgrade } from './routes/upgrade.ts'
import { Providers } from './sign-in/providers.ts'
import { Tokens } from './tokens.ts'

/** The HTTP side of Stompbox, as a Hono app. */
export function createGateway(config: Config, backend: Backend): Hono<GatewayEnv> {
  const tokens = new Tokens(() => backend.keyRing(), config)
  const parts: Parts = {
    config,
    backend,
    tokens,
    providers: new Providers(config.providers, fetch, Date.now),
    allowsOrigin: allowList(config.allowedOrigins),
    refusals: new RefusalLog(() => Date.now()),
  }
  const app = new Hono<GatewayEnv>()

  app.use(async (context, next) => {
    context.set('parts', parts)
    await next()
  })
  for (const path of ['/api/*', '/.well-known/*', '/chat/info', '/ws/*']) {
    app.use(path, secureHeaders(SECURE), crossOrigin(parts))
  }
  app.use('/api/*', evenTime, requestId(), ownHeaders, limitedBody(config.room.maxContentBytes))
  app.use(methodNotAllowed({ app, onMethodNotAllowed: wrongMethod }))

  app.get('/api/health', (context) => {
    const missing = backend.missing()
    return context.json(missing.length === 0 ? { status: 'ok' } : { status: 'degraded', missing })
  })
  app.get('/.well-known/jwks.json', async (context) => {
    return context.json(await tokens.published(), 200, { 'Cache-Control': 'public, max-age=300' })
  })

  app.post('/api/auth/guest', rateLimited, signInGuest)
  app.post('/api/auth/register', rateLimited, register)
  app.post('/api/auth/login', rateLimited, login)
  app.post('/api/auth/refresh', rateLimited, refresh)
  app.post('/api/auth/logout', logout)
  app.post('/api/auth/password', rateLimited, identified, changePassword)
  app.get('/api/auth/me', identified, me)
  app.get('/api/auth/sessions', identified, listSessions)
  app.delete('/api/auth/sessions', identified, endSessions)
  app.delete('/api/auth/sessions/:id', identified, endSession)

  app.get('/api/auth/logins', identified, listLogins)
  app.post('/api/auth/logins', rateLimited, identified, finishLink)
  app.delete('/api/auth/logins/:id', rateLimited, identified, unlink)

  app.get('/api/auth/providers', listProviders)
  app.get('/api/auth/oidc/:provider', rateLimited, beginSignIn)
  app.post('/api/auth/oidc/:provider', rateLimited, identified, beginLink)
  app.get('/api/auth/oidc/:provider/callback', finishSignIn)

  // Before the others are identified: the account is asked once, and notes the room.
  app.post('/api/rooms/:id/tickets', createTicket)
  app.use('/api/rooms/*', identified, general)
  app.post('/api/rooms', createRoom)
  app.get('/api/rooms', listRooms)
  app.get('/api/rooms/:id', showRoom)
  app.patch('/api/rooms/:id', changeRoom)
  app.delete('/api/rooms/:id', deleteRoom)
  app.get('/api/rooms/:id/events', listEvents)
  app.post('/api/rooms/:id/messages', sendMessage)
  app.patch('/api/rooms/:id/messages/:seq', editMessage)
  app.delete('/api/rooms/:id/messages/:seq', deleteMessage)
  app.put('/api/rooms/:id/messages/:seq/reactions/:reaction', react)
  app.delete('/api/rooms/:id/messages/:seq/reactions/:reaction', takeBackReaction)
  app.get('/api/rooms/:id/pins', listPins)
  app.put('/api/rooms/:id/pins/:seq', pin)
  app.delete('/api/rooms/:id/pins/:seq', unpin)
  app.put('/api/rooms/:id/read', markRead)
  app.get('/api/rooms/:id/cost', showCost)
  app.post('/api/rooms/:id/reports', reportMessage)
  app.get('/api/rooms/:id/reports', listReports)
  app.patch('/api/rooms/:id/reports/:reportId', settleReport)
  app.get('/api/rooms/:id/bans', listBans)
  app.put('/api/rooms/:id/bans/:userId', banMember)
  app.delete('/api/rooms/:id/bans/:userId', unbanMember)
  app.get('/api/rooms/:id/moderation', listModeration)
  app.get('/api/rooms/:id/members', listMembers)
  app.put('/api/rooms/:id/members/:userId', joinRoom)
  app.patch('/api/rooms/:id/members/:userId', changeMember)
  app.delete('/api/rooms/:id/members/:userId', removeMember)
  app.delete('/api/rooms/:id/members/:userId/messages', clearMessages)
  app.post('/api/rooms/:id/invitations', createInvitation)
  app.get('/api/rooms/:id/invitations', listInvitations)
  app.delete('/api/rooms/:id/invitations/:invitationId', revokeInvitation)

  app.put('/api/rooms/:id/block', block)
  app.delete('/api/rooms/:id/block', unblock)
  app.put('/api/direct/:userId', identified, general, openDirect)

  app.get('/api/invitations/:token', showInvitation)
  app.post('/api/invitations/:token', identified, general, useInvitation)

  app.post('/api/me/tickets', createListTicket)
  app.get('/api/me/rooms', identified, general, listMyRooms)
  app.patch('/api/me/rooms/:id', identified, general, changeMyRoom)

  app.use('/api/admin/*', identified, admin)
  app.get('/api/admin/users/:id', showUser)
  app.patch('/api/admin/users/:id', changeUser)
  app.post('/api/admin/keys/rotate', rotateKeys)

  // Spring's SockJS endpoint offers the raw WebSocket at /websocket, and much mobile code has that
  // address.
  for (const path of ['/chat', '/ws']) {
    app.get(path, upgrade)
    app.get(`${path}/websocket`, upgrade)
    app.get(`${path}/info`, noSockJs)
  }
  app.all('/ws/*', noSockJs)

  app.notFound(() => problem(new Refusal('route-unknown')))
  app.onError(onError)
  return app
}

/** What SockJS asks first. A 404 ends its attempts. */
const noSockJs = (): Response => problem(new Refusal('sockjs-unsupported'))
