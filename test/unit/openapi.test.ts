// The description of the HTTP API: it has every route and every refusal, and answers are as it
// says.

import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import * as answers from '../../scripts/openapi/answers.ts'
import { describeApi, gatewayRoutes } from '../../scripts/openapi/openapi.ts'
import { ROUTES } from '../../scripts/openapi/routes.ts'
import { REFUSALS } from '../../src/refusals.ts'
import type { Draft } from '../../src/room/log/event.ts'
import { eventsPage } from '../../src/room/log/pages.ts'
import { asking, type Headers, jsonOf } from '../support/asking.ts'
import { ELSEWHERE, LOGIN } from '../support/fake-backend.ts'
import { MemoryLog } from '../support/memory-log.ts'

/** By name. */
const ANSWERS: Readonly<Record<string, v.GenericSchema>> = answers

const api = JSON.parse(JSON.stringify(await describeApi('1.2.3')))

describe('the description of the API', () => {
  it('has every route of the gateway, and no other', () => {
    const described = Object.entries(api.paths).flatMap(([path, methods]) =>
      Object.keys(methods as object).map((method) => `${method.toUpperCase()} ${path}`),
    )
    const routes = gatewayRoutes().map((route) => route.replace(/:(\w+)/g, '{$1}'))
    expect(described.sort()).toEqual(routes.sort())
    expect(routes.length).toBeGreaterThan(35)
    expect(Object.keys(ROUTES)).toHaveLength(routes.length)
  })

  it('has every refusal, with its status and sentence', () => {
    const { code } = api.components.schemas.Problem.properties
    expect(code.enum).toEqual(Object.keys(REFUSALS))
    for (const [name, { status, sentence }] of Object.entries(REFUSALS)) {
      expect(code.description).toContain(`\`${name}\` (${status}): ${sentence}`)
    }
    for (const methods of Object.values(api.paths)) {
      for (const { responses } of Object.values(methods as object)) {
        const { schema } = responses.default.content['application/problem+json']
        expect(schema).toEqual({ $ref: '#/components/schemas/Problem' })
      }
    }
  })

  it('refers to nothing that it does not have', () => {
    const references = JSON.stringify(api).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)
    for (const [, name = ''] of references) expect(api.components.schemas).toHaveProperty(name)
  })

  it('says what a route takes', () => {
    const { parameters } = api.paths['/api/rooms/{id}/events'].get
    expect(parameters.map(({ name }: { name: string }) => name).sort()).toEqual(
      ['after', 'before', 'id', 'limit'].sort(),
    )
    const { parameters: headers } = api.paths['/api/rooms/{id}/messages'].post
    expect(headers.map(({ name }: { name: string }) => name)).toContain('Idempotency-Key')
    const { requestBody, security } = api.paths['/api/rooms'].post
    expect(security).toEqual([{ token: [] }])
    expect(requestBody).toMatchObject({
      required: true,
      content: { 'application/json': { schema: { type: 'object', required: ['name'] } } },
    })
    expect(api.paths['/api/auth/refresh'].post.requestBody.required).toBe(false)
    expect(api.info.version).toBe('1.2.3')
  })
})

describe('an answer', () => {
  const scene = asking()

  /** Asks a route of the table, and holds its answer to the description. */
  async function ask(route: string, headers: Headers, body?: object, params: object = {}) {
    const [method = '', template = ''] = route.split(' ')
    const path = Object.entries(params).reduce(
      (p, [name, is]) => p.replace(`:${name}`, is),
      template,
    )
    const answer = await scene.send(method, path, body, headers)
    const gives = ROUTES[route]?.gives[answer.status]
    if (gives === undefined) throw new Error(`${route} answered ${await answer.text()}`)
    if (typeof gives === 'object') return undefined
    const json = await jsonOf(answer)
    const { success, issues } = v.safeParse(ANSWERS[gives] ?? v.never(), json)
    expect([route, success, issues]).toEqual([route, true, undefined])
    return json
  }

  it('is as the description says', async () => {
    const none = {}
    scene.backend.roles = ['GENERAL', 'ADMIN']
    const guest = await ask('POST /api/auth/guest', none, { name: 'ann' })
    const bearer = { Authorization: `Bearer ${guest.accessToken}` }
    scene.backend.loginsView = {
      password: { username: 'ann', linkedAt: LOGIN.linkedAt },
      providers: [LOGIN],
    }
    const account = { username: 'bob', password: 'correct horse' }
    await ask('POST /api/auth/register', none, account)
    await ask('POST /api/auth/login', none, account)
    await ask('POST /api/auth/refresh', none, { refreshToken: guest.refreshToken })
    await ask('GET /api/health', none)
    await ask('GET /.well-known/jwks.json', none)
    await ask('GET /api/auth/providers', none)
    await ask('GET /api/auth/me', bearer)
    await ask('GET /api/auth/sessions', bearer)
    await ask('GET /api/auth/logins', bearer)
    const { id } = await ask('POST /api/rooms', bearer, { name: 'a room' })
    await ask('GET /api/rooms', bearer)
    await ask('GET /api/rooms/:id', bearer, undefined, { id })
    await ask('PATCH /api/rooms/:id', bearer, { settings: { entry: 'accounts' } }, { id })
    await ask('GET /api/me/rooms', bearer)
    await ask('POST /api/me/tickets', bearer)
    await ask('PATCH /api/me/rooms/:id', bearer, { hidden: true }, { id })
    await ask('PATCH /api/me/rooms/:id', bearer, { muted: true }, { id })
    await ask('POST /api/rooms/:id/tickets', bearer, {}, { id })
    await ask('GET /api/rooms/:id/cost', bearer, undefined, { id })
    await ask('GET /api/rooms/:id/members', bearer, undefined, { id })
    await ask('POST /api/rooms/:id/messages', bearer, { content: 'hello', replyTo: 1 }, { id })
    const message = { id, seq: '1', reaction: '👍' }
    await ask('PATCH /api/rooms/:id/messages/:seq', bearer, { content: 'Hello' }, message)
    const reaction = '/api/rooms/:id/messages/:seq/reactions/:reaction'
    await ask(`PUT ${reaction}`, bearer, undefined, message)
    await ask(`DELETE ${reaction}`, bearer, undefined, message)
    await ask('DELETE /api/rooms/:id/messages/:seq', bearer, undefined, message)
    await ask('PUT /api/rooms/:id/pins/:seq', bearer, undefined, message)
    await ask('GET /api/rooms/:id/pins', bearer, undefined, { id })
    await ask('DELETE /api/rooms/:id/pins/:seq', bearer, undefined, message)
    await ask('PUT /api/rooms/:id/read', bearer, { seq: 1 }, { id })
    await ask('POST /api/rooms/:id/reports', bearer, { seq: 1, reason: 'x' }, { id })
    await ask('GET /api/rooms/:id/reports', bearer, undefined, { id })
    const settled = { state: 'settled' }
    await ask('PATCH /api/rooms/:id/reports/:reportId', bearer, settled, { id, reportId: '1' })
    const who = { id, userId: 'bob' }
    await ask('PUT /api/rooms/:id/bans/:userId', bearer, { reason: 'spam' }, who)
    await ask('GET /api/rooms/:id/bans', bearer, undefined, { id })
    await ask('DELETE /api/rooms/:id/bans/:userId', bearer, undefined, who)
    await ask('GET /api/rooms/:id/moderation', bearer, undefined, { id })
    await ask('PATCH /api/rooms/:id/members/:userId', bearer, { role: 'reader' }, who)
    const invited = await ask('POST /api/rooms/:id/invitations', bearer, {}, { id })
    await ask('GET /api/rooms/:id/invitations', bearer, undefined, { id })
    await ask('GET /api/invitations/:token', {}, undefined, { token: invited.token })
    await ask('POST /api/invitations/:token', bearer, undefined, { token: invited.token })
    const invitation = { id, invitationId: invited.id }
    await ask('DELETE /api/rooms/:id/invitations/:invitationId', bearer, undefined, invitation)
    await ask('GET /api/admin/users/:id', bearer, undefined, { id: 'bob' })
    await ask('PATCH /api/admin/users/:id', bearer, { disabled: true }, { id: 'bob' })
    await ask('POST /api/admin/keys/rotate', bearer)
    await ask('DELETE /api/rooms/:id', bearer, undefined, { id })
    await ask('DELETE /api/auth/sessions/:id', bearer, undefined, { id: ELSEWHERE })
    await ask('POST /api/auth/logout', bearer)
  })

  it('with events is as the description says', () => {
    const log = new MemoryLog()
    const by = { at: Date.UTC(2026, 10, 21), sender: { id: 'a', name: 'A', guest: true } as const }
    const drafts: Draft[] = [
      { ...by, type: 'message', content: 'x', idempotencyKey: 'k', replyTo: 1 },
      { ...by, type: 'edit', target: 1, content: 'y', earlier: 1 },
      { ...by, type: 'reaction', target: 1, reaction: 'x', on: true },
      { ...by, type: 'delete', target: 1 },
    ]
    for (const draft of drafts) log.append(draft)
    const [message] = log.messages()
    if (!message) throw new Error('no message')
    const changes = { edited: 2, reacted: 3, reactions: { x: ['a'] }, deleted: 4 }
    log.amend({ ...message, ...changes })
    const page = JSON.parse(JSON.stringify(eventsPage(log, {})))
    expect(v.safeParse(answers.Events, page).issues).toBeUndefined()
    expect(page.events).toHaveLength(4)
  })
})
