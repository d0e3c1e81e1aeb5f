// R5: what limits each route. A route that is in no row of the table fails.

import { describe, expect, it } from 'vitest'
import { gatewayRoutes } from '../../../scripts/openapi/openapi.ts'
import { readConfig } from '../../../src/config.ts'
import { Tokens } from '../../../src/gateway/tokens.ts'
import { asking, HERE, type Headers } from '../../support/asking.ts'

const scene = asking()

const ROOM = 'x'.repeat(20)
const PROVIDER = { id: 'test', name: 'Test', issuer: 'https://id.example', clientId: 'us' }
const ENV = { OIDC_PROVIDERS: JSON.stringify([PROVIDER]) }

type Limit = 'address' | 'person'

/** Which of the limits a request meets that a guest asks, or an administrator what is theirs. */
const LIMITS: Record<string, readonly Limit[]> = {
  // Answers that are always the same, or that an isolate keeps.
  'GET /api/health': [],
  'GET /.well-known/jwks.json': [],
  'GET /api/auth/providers': [],
  'GET /chat/info': [],
  'GET /ws/info': [],
  // Nobody is known yet.
  'POST /api/auth/guest': ['address'],
  'POST /api/auth/login': ['address'],
  'GET /api/auth/oidc/:provider': ['address'],
  'GET /api/auth/oidc/:provider/callback': ['address'],
  // Whoever may not ask for more may still leave. It ends what it was asked with.
  'POST /api/auth/logout': ['address'],
  // What is limited for its person too, once there is one.
  'POST /api/auth/register': ['address', 'person'],
  'POST /api/auth/refresh': ['address', 'person'],
  'POST /api/auth/password': ['address', 'person'],
  'POST /api/auth/logins': ['address', 'person'],
  'DELETE /api/auth/logins/:id': ['address', 'person'],
  'POST /api/auth/oidc/:provider': ['address', 'person'],
  // A new guest has all of its own limits, so the address counts the rooms of guests.
  'POST /api/rooms': ['address', 'person'],
  'GET /api/auth/me': ['person'],
  'GET /api/auth/sessions': ['person'],
  'DELETE /api/auth/sessions': ['person'],
  'DELETE /api/auth/sessions/:id': ['person'],
  'GET /api/auth/logins': ['person'],
  'GET /api/rooms': ['person'],
  'GET /api/me/rooms': ['person'],
  'POST /api/me/tickets': ['person'],
  'PATCH /api/me/rooms/:id': ['person'],
  'GET /api/rooms/:id': ['person'],
  'PATCH /api/rooms/:id': ['person'],
  'DELETE /api/rooms/:id': ['person'],
  'POST /api/rooms/:id/tickets': ['person'],
  'GET /api/rooms/:id/events': ['person'],
  'GET /api/rooms/:id/cost': ['person'],
  'GET /api/rooms/:id/members': ['person'],
  'PATCH /api/rooms/:id/members/:userId': ['person'],
  'PUT /api/rooms/:id/members/:userId': ['person'],
  'DELETE /api/rooms/:id/members/:userId': ['person'],
  'PUT /api/direct/:userId': ['address', 'person'],
  'PUT /api/rooms/:id/block': ['person'],
  'DELETE /api/rooms/:id/block': ['person'],
  'POST /api/rooms/:id/invitations': ['person'],
  'GET /api/rooms/:id/invitations': ['person'],
  'DELETE /api/rooms/:id/invitations/:invitationId': ['person'],
  // The address counts for those without a token.
  'GET /api/invitations/:token': ['person'],
  'POST /api/invitations/:token': ['person'],
  'POST /api/rooms/:id/messages': ['person'],
  'PATCH /api/rooms/:id/messages/:seq': ['person'],
  'DELETE /api/rooms/:id/messages/:seq': ['person'],
  'PUT /api/rooms/:id/messages/:seq/reactions/:reaction': ['person'],
  'DELETE /api/rooms/:id/messages/:seq/reactions/:reaction': ['person'],
  'PUT /api/rooms/:id/read': ['person'],
  'POST /api/rooms/:id/reports': ['person'],
  'GET /api/rooms/:id/reports': ['person'],
  'PATCH /api/rooms/:id/reports/:reportId': ['person'],
  'GET /api/rooms/:id/bans': ['person'],
  'PUT /api/rooms/:id/bans/:userId': ['person'],
  'DELETE /api/rooms/:id/bans/:userId': ['person'],
  'GET /api/rooms/:id/moderation': ['person'],
  'DELETE /api/rooms/:id/members/:userId/messages': ['person'],
  'GET /api/rooms/:id/pins': ['person'],
  'PUT /api/rooms/:id/pins/:seq': ['person'],
  'DELETE /api/rooms/:id/pins/:seq': ['person'],
  'GET /api/admin/users/:id': ['person'],
  'PATCH /api/admin/users/:id': ['person'],
  'POST /api/admin/keys/rotate': ['person'],
  // By a ticket just made: paid with the ticket, and the room limits joins.
  'GET /chat': ['person'],
  'GET /chat/websocket': ['person'],
  'GET /ws': ['person'],
  'GET /ws/websocket': ['person'],
}

const LOGIN = { username: 'ann', password: 'correct horse' }
const BODIES: Record<string, object> = {
  'POST /api/auth/guest': { name: 'ann' },
  'POST /api/auth/register': LOGIN,
  'POST /api/auth/login': LOGIN,
  'POST /api/auth/password': { password: 'old password', newPassword: 'new password' },
  'POST /api/rooms': { name: 'a room' },
  'PATCH /api/rooms/:id': { settings: { entry: 'accounts' } },
  'PATCH /api/rooms/:id/members/:userId': { role: 'reader' },
  'POST /api/rooms/:id/messages': { content: 'x' },
  'PATCH /api/rooms/:id/messages/:seq': { content: 'x' },
  'PUT /api/rooms/:id/read': { seq: 1 },
  'POST /api/rooms/:id/reports': { seq: 1 },
  'PATCH /api/rooms/:id/reports/:reportId': { state: 'settled' },
  'PATCH /api/admin/users/:id': { disabled: true },
}

const PLACES: Record<string, string> = {
  ...{ id: ROOM, userId: 'bob', provider: 'test', seq: '1', reaction: 'x', reportId: '1' },
  ...{ invitationId: 'x', token: ROOM + 'x'.repeat(22) },
}

/** The cookie of a browser that comes back from the provider. */
async function flowCookie(): Promise<Headers> {
  const tokens = new Tokens(() => scene.backend.keyRing(), readConfig(ENV))
  const secrets = { state: 's', nonce: 'n', verifier: 'v' }
  const flow = { ...secrets, provider: 'test', returnTo: '/', link: undefined }
  return { Cookie: `__Host-stompbox-sign-in=${await tokens.signFlow(flow)}` }
}

/** Whether a route refuses with `too-fast`, as a status or as the code that a page is told. */
async function isLimited(route: string, by: Headers): Promise<boolean> {
  const [method = '', pattern = ''] = route.split(' ')
  const path = pattern.replace(/:(\w+)/g, (_, name) => PLACES[name] ?? '')
  const isUpgrade = /^\/(chat|ws)(\/websocket)?$/.test(path)
  const query = isUpgrade ? `?room=${ROOM}` : ''
  const headers = { ...by, ...(isUpgrade && { Upgrade: 'websocket' }) }
  const answer = await scene.send(method, path + query, BODIES[route], headers)
  if (answer.status !== 429) return answer.headers.get('Location')?.includes('too-fast') === true
  expect(answer.headers.get('Retry-After')).toMatch(/^\d+$/)
  return true
}

describe('[R5] each route', () => {
  it('is in the table, and no other', () => {
    expect(Object.keys(LIMITS).sort()).toEqual(gatewayRoutes().sort())
  })

  it.each(Object.entries(LIMITS))('%s is limited per %j', async (route, limits) => {
    scene.start(ENV)
    scene.backend.roles = route.includes('/admin/') ? ['GENERAL', 'ADMIN'] : ['GENERAL']
    const { bearer } = await scene.signIn()
    const by = route.endsWith('/callback') ? await flowCookie() : bearer
    scene.backend.tooMany = true
    expect(await isLimited(route, by)).toBe(limits.includes('address'))
    scene.backend.tooMany = false
    for (const call of ['check', 'checkVisit', 'prepareVisit', 'refresh']) {
      scene.backend.refusals.set(`account.${call}`, { refused: 'too-fast', retryAfter: 3 })
    }
    expect(await isLimited(route, by)).toBe(limits.includes('person'))
  })

  it('an upgrade by a ticket just made is paid for: no object but the room is asked', async () => {
    const { bearer } = await scene.signIn()
    const made = await scene.send('POST', '/api/rooms', { name: 'a room' }, bearer)
    const { id } = (await made.json()) as { id: string }
    const answer = await scene.send('POST', `/api/rooms/${id}/tickets`, undefined, bearer)
    const { ticket } = (await answer.json()) as { ticket: string }
    scene.backend.takeCalls()
    const headers = { Upgrade: 'websocket' }
    await scene.ask(`${HERE}/chat?token=${ticket}`, { headers })
    expect(scene.backend.takeCalls()).toEqual(['room.enter'])
  })
})
