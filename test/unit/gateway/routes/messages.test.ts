import { describe, expect, it } from 'vitest'
import { asking, type Headers, jsonOf, PAGE, refusalIn } from '../../../support/asking.ts'

const scene = asking()
const { ask, send, signIn } = scene

/** A room of somebody signed in; the calls that it took are forgotten. */
async function makeRoom() {
  const { user, bearer } = await signIn()
  const { id } = await jsonOf(await send('POST', '/api/rooms', { name: 'a room' }, bearer))
  scene.backend.calls.length = 0
  scene.backend.costs.length = 0
  return { user, bearer, id, path: `/api/rooms/${id}` }
}

/** What the room was asked for. */
const asked = () => scene.backend.calls.filter(({ what }) => what === 'room.execute')

const REACTION = '/messages/1/reactions'

describe('a request about messages', () => {
  it.each<[string, string, object | undefined, number, object]>([
    ['POST', '/messages', { content: 'x' }, 201, { type: 'message', content: 'x' }],
    [
      'POST',
      '/messages',
      { content: ' 안녕\n', replyTo: 3, type: 'delete', sender: 'bob' },
      201,
      { type: 'message', content: ' 안녕\n', replyTo: 3 },
    ],
    ['PATCH', '/messages/7', { content: 'y' }, 200, { type: 'edit', seq: 7, content: 'y' }],
    ['DELETE', '/messages/7', undefined, 200, { type: 'delete', seq: 7 }],
    ['DELETE', '/messages/7', {}, 200, { type: 'delete', seq: 7 }],
    [
      'DELETE',
      '/messages/7',
      { reason: ' spam ', seq: 8 },
      200,
      { type: 'delete', seq: 7, reason: 'spam' },
    ],
    [
      'PUT',
      `${REACTION}/%F0%9F%91%8D`,
      undefined,
      200,
      { type: 'reaction', seq: 1, reaction: '👍', on: true },
    ],
    [
      'DELETE',
      `${REACTION}/${encodeURIComponent('a/b?#%')}`,
      undefined,
      200,
      { type: 'reaction', seq: 1, reaction: 'a/b?#%', on: false },
    ],
    ['PUT', `${REACTION}/%2541`, {}, 200, { type: 'reaction', seq: 1, reaction: '%41', on: true }],
    ['PUT', '/pins/7', undefined, 200, { type: 'pin', seq: 7 }],
    ['DELETE', '/pins/7', undefined, 200, { type: 'unpin', seq: 7 }],
    ['PUT', '/read', { seq: 9 }, 204, { type: 'read', seq: 9 }],
  ])('[A1] %s …%s asks the room in one’s own name', async (method, to, body, status, command) => {
    const { user, bearer, id, path } = await makeRoom()
    const answer = await send(method, path + to, body, bearer)
    expect(answer.status).toBe(status)
    if (status !== 204) expect(await jsonOf(answer)).toEqual({ seq: 1 })
    expect(asked()).toEqual([{ what: 'room.execute', of: id, with: [user, command] }])
    // R5: as any other request that changes something.
    expect(scene.backend.costs).toEqual([2])
  })

  it('[L5] carries the key, and since when it is used', async () => {
    const { bearer, path } = await makeRoom()
    const key = { 'Idempotency-Key': 'k:1', 'idempotency-since': '12' }
    await send('POST', `${path}/messages`, { content: 'x' }, { ...bearer, ...key })
    await send('DELETE', `${path}/messages/1`, undefined, { ...bearer, 'Idempotency-Key': '' })
    expect(asked().map(({ with: [, request] }) => request)).toEqual([
      { type: 'message', content: 'x', idempotencyKey: 'k:1', idempotencySince: '12' },
      { type: 'delete', seq: 1, idempotencyKey: '' },
    ])
  })

  it('is answered with the refusal of the room, and what it says about it', async () => {
    const { bearer, path } = await makeRoom()
    const { refusals } = scene.backend
    refusals.set('room.execute', 'key-reused')
    const said = await send('POST', `${path}/messages`, { content: 'x' }, bearer)
    expect(said.headers.get('Content-Type')).toBe('application/problem+json')
    expect(await refusalIn(said)).toEqual([422, 'key-reused'])
    refusals.set('room.execute', 'too-fast')
    const late = await send('POST', `${path}/messages`, { content: 'x' }, bearer)
    expect(late.status).toBe(429)
    expect(Number(late.headers.get('Retry-After'))).toBeGreaterThan(0)
  })

  it.each<[string, string, string | object | undefined, number, string]>([
    ['POST', '/messages', undefined, 415, 'media-type-refused'],
    ['POST', '/messages', '{"content":', 400, 'body-malformed'],
    ['POST', '/messages', 'hello', 400, 'body-malformed'],
    ['POST', '/messages', [{ content: 'x' }], 422, 'body-invalid'],
    ['POST', '/messages', '"hello"', 422, 'body-invalid'],
    ['POST', '/messages', {}, 422, 'body-invalid'],
    ['POST', '/messages', { content: '' }, 422, 'body-invalid'],
    ['POST', '/messages', { content: 7 }, 422, 'body-invalid'],
    ['POST', '/messages', { content: 'x', replyTo: null }, 422, 'body-invalid'],
    ['POST', '/messages', { content: 'x', replyTo: '1' }, 422, 'body-invalid'],
    ['POST', '/messages', { content: 'x', replyTo: 0 }, 422, 'body-invalid'],
    ['POST', '/messages', { content: 'x', replyTo: 1.5 }, 422, 'body-invalid'],
    ['PATCH', '/messages/1', {}, 422, 'body-invalid'],
    ['PATCH', '/messages/1', { content: null }, 422, 'body-invalid'],
    ['PATCH', '/messages/0', { content: 'x' }, 404, 'event-unknown'],
    ['PATCH', '/messages/01', { content: 'x' }, 404, 'event-unknown'],
    ['PATCH', '/messages/-1', { content: 'x' }, 404, 'event-unknown'],
    ['PATCH', '/messages/1e3', { content: 'x' }, 404, 'event-unknown'],
    ['PATCH', '/messages/9007199254740993', { content: 'x' }, 404, 'event-unknown'],
    ['DELETE', '/messages/x', undefined, 404, 'event-unknown'],
    ['DELETE', '/messages/1%2F2', undefined, 404, 'event-unknown'],
    ['DELETE', '/messages/1', { reason: '' }, 422, 'body-invalid'],
    ['DELETE', '/messages/1', { reason: 'x'.repeat(201) }, 422, 'body-invalid'],
    ['DELETE', '/messages/1', { reason: null }, 422, 'body-invalid'],
    ['DELETE', '/messages/1', '{"reason":', 400, 'body-malformed'],
    ['PUT', '/messages/x/reactions/y', undefined, 404, 'event-unknown'],
    ['PUT', `${REACTION}/%FF`, undefined, 422, 'body-invalid'],
    ['DELETE', `${REACTION}/%E2%9D`, undefined, 422, 'body-invalid'],
    ['PUT', `${REACTION}/100%`, undefined, 422, 'body-invalid'],
    // A dot of a path is a step in it: it must not lead to the message itself.
    ['DELETE', `${REACTION}/..`, undefined, 404, 'route-unknown'],
    ['DELETE', `${REACTION}/%2e%2E`, undefined, 404, 'route-unknown'],
    ['DELETE', `${REACTION}/.`, undefined, 404, 'route-unknown'],
    ['DELETE', REACTION, undefined, 404, 'route-unknown'],
    ['DELETE', '/messages/1/', undefined, 404, 'route-unknown'],
    ['DELETE', '/messages/', undefined, 404, 'route-unknown'],
    ['PUT', `${REACTION}/a/b`, undefined, 404, 'route-unknown'],
    ['PUT', '/read', {}, 422, 'body-invalid'],
    ['PUT', '/read', { seq: '1' }, 422, 'body-invalid'],
    ['PUT', '/read', { seq: 0 }, 422, 'body-invalid'],
    ['POST', '/messages/1', { content: 'x' }, 405, 'method-not-allowed'],
    ['DELETE', '/messages', undefined, 405, 'method-not-allowed'],
    ['POST', '/read', { seq: 1 }, 405, 'method-not-allowed'],
  ])('[R1] %s …%s with %j wakes no room: %i %s', async (method, to, body, status, code) => {
    const { bearer, path } = await makeRoom()
    expect(await refusalIn(await send(method, path + to, body, bearer))).toEqual([status, code])
    expect(asked()).toEqual([])
  })

  it.each(['x', 'x'.repeat(20)])('to the room %s is refused', async (room) => {
    const { bearer } = await makeRoom()
    const unknown = `/api/rooms/${room}`
    for (const [method, to, body] of [
      ['POST', '/messages', { content: 'x' }],
      ['PATCH', '/messages/1', { content: 'x' }],
      ['DELETE', '/messages/1', undefined],
      ['PUT', `${REACTION}/x`, undefined],
      ['PUT', '/read', { seq: 1 }],
    ] as const) {
      const answer = await send(method, unknown + to, body, bearer)
      expect(await refusalIn(answer)).toEqual([404, 'room-unknown'])
    }
  })

  it('[A2] needs a token with the authority GENERAL', async () => {
    const { path } = await makeRoom()
    const say = (bearer: Headers) => send('POST', `${path}/messages`, { content: 'x' }, bearer)
    expect(await refusalIn(await say({}))).toEqual([401, 'token-missing'])
    expect(await refusalIn(await say({ Authorization: 'Bearer x' }))).toEqual([
      401,
      'token-invalid',
    ])
    scene.backend.roles = []
    const { bearer } = await signIn('bob')
    expect(await refusalIn(await say(bearer))).toEqual([403, 'not-allowed'])
    expect(asked()).toEqual([])
  })

  it('[R4] may have a content of MAX_CONTENT_BYTES, however it is escaped, and not much more', async () => {
    const { bearer, path } = await makeRoom()
    const content = '\u0001'.repeat(8192)
    for (const [method, to] of [
      ['POST', '/messages'],
      ['PATCH', '/messages/1'],
    ] as const) {
      const fits = await send(method, path + to, { content, replyTo: 1 }, bearer)
      expect(fits.ok).toBe(true)
      const large = await send(method, path + to, { content: content.repeat(2) }, bearer)
      expect(await refusalIn(large)).toEqual([413, 'body-too-large'])
    }
    const other = await send('PUT', `${path}/read`, { seq: 1, content }, bearer)
    expect(await refusalIn(other)).toEqual([413, 'body-too-large'])
  })

  it('may come from a page of an allowed origin', async () => {
    const headers = {
      Origin: PAGE,
      'Access-Control-Request-Method': 'PUT',
      'Access-Control-Request-Headers': 'authorization,idempotency-key',
    }
    const path = `/api/rooms/x${REACTION}/y`
    const answer = await ask(path, { method: 'OPTIONS', headers })
    expect(answer.headers.get('Access-Control-Allow-Methods')?.split(',')).toContain('PUT')
    const allowed = answer.headers.get('Access-Control-Allow-Headers')
    expect(allowed).toContain('Idempotency-Key')
    expect(allowed).toContain('Idempotency-Since')
  })
})
