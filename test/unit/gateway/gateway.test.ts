import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { readConfig } from '../../../src/config.ts'
import { createGateway } from '../../../src/gateway/gateway.ts'
import { FakeBackend } from '../../support/fake-backend.ts'

const ORIGIN = 'https://app.example'
const HERE = 'https://chat.example'

let backend: FakeBackend
let ask: (path: string, init?: RequestInit) => Promise<Response>

function start(env: object = {}) {
  backend = new FakeBackend()
  const config = readConfig({ ALLOWED_ORIGINS: `${ORIGIN},https://*.sub.example`, ...env })
  const app = createGateway(config, backend)
  ask = async (path, init) => app.request(HERE + path, init)
}

beforeEach(() => start())

const json = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json', ...headers },
  body: typeof body === 'string' ? body : JSON.stringify(body),
})

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers as they come.
const bodyOf = async (response: Response): Promise<any> => response.json()

async function signIn(name = 'ann') {
  const { accessToken, user } = await bodyOf(await ask('/api/auth/guest', json({ name })))
  return { user, bearer: { Authorization: `Bearer ${accessToken}` } }
}

async function makeRoom(bearer: Record<string, string>) {
  return bodyOf(await ask('/api/rooms', json({ name: 'a room' }, bearer)))
}

describe('a guest', () => {
  it('gets a token for a name', async () => {
    const response = await ask('/api/auth/guest', json({ name: '  앤 ' }))
    expect(response.status).toBe(201)
    expect(await bodyOf(response)).toEqual({
      accessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      expiresIn: 900,
      user: { id: expect.any(String), name: '앤', roles: ['GENERAL'] },
    })
  })

  it('is somebody else each time', async () => {
    expect((await signIn()).user.id).not.toBe((await signIn()).user.id)
  })

  it('can be refused altogether', async () => {
    start({ GUESTS: 'off' })
    const response = await ask('/api/auth/guest', json({ name: 'x' }))
    expect([response.status, (await bodyOf(response)).code]).toEqual([403, 'guests-refused'])
  })

  it('is slowed down', async () => {
    backend.tooMany = true
    const response = await ask('/api/auth/guest', json({ name: 'x' }))
    expect([response.status, (await bodyOf(response)).code]).toEqual([429, 'too-fast'])
    expect(response.headers.get('Retry-After')).toMatch(/^\d+$/)
  })

  it('renews a valid token, as the same person', async () => {
    const { user, bearer } = await signIn()
    const response = await ask('/api/auth/refresh', json({}, bearer))
    expect(response.status).toBe(200)
    expect(await bodyOf(response)).toMatchObject({ expiresIn: 900, user })
  })

  it('is told who they are', async () => {
    const { user, bearer } = await signIn()
    expect(await bodyOf(await ask('/api/auth/me', { headers: bearer }))).toMatchObject({
      user,
      session: { id: expect.any(String), expiresAt: expect.stringMatching(/Z$/) },
    })
  })
})

describe('a wrong request', () => {
  type Wrong = [name: string, path: string, init: RequestInit, status: number, code: string]
  const WRONG: Wrong[] = [
    ['no JSON', '/api/auth/guest', json('{'), 400, 'body-malformed'],
    ['nothing at all', '/api/auth/guest', json(''), 400, 'body-malformed'],
    [
      'no content type',
      '/api/auth/guest',
      { method: 'POST', body: '{}' },
      415,
      'media-type-refused',
    ],
    [
      'a form',
      '/api/auth/guest',
      { method: 'POST', body: new URLSearchParams('name=x') },
      415,
      'media-type-refused',
    ],
    ['no name', '/api/auth/guest', json({}), 422, 'body-invalid'],
    ['a list', '/api/auth/guest', json([]), 422, 'body-invalid'],
    ['null', '/api/auth/guest', json(null), 422, 'body-invalid'],
    ['a number for a name', '/api/auth/guest', json({ name: 1 }), 422, 'body-invalid'],
    ['blanks for a name', '/api/auth/guest', json({ name: '  ' }), 422, 'body-invalid'],
    ['a long name', '/api/auth/guest', json({ name: 'x'.repeat(41) }), 422, 'body-invalid'],
    ['a name with a line', '/api/auth/guest', json({ name: 'a\nb' }), 422, 'body-invalid'],
    [
      'a name that turns the text',
      '/api/auth/guest',
      json({ name: 'a\u202eb' }),
      422,
      'body-invalid',
    ],
    ['a name of joiners', '/api/auth/guest', json({ name: '\u200d' }), 422, 'body-invalid'],
    [
      'a body too large',
      '/api/auth/guest',
      json({ name: 'x'.repeat(20_000) }),
      413,
      'body-too-large',
    ],
    ['no such route', '/api/nothing', {}, 404, 'route-unknown'],
    ['no such method', '/api/auth/guest', { method: 'DELETE' }, 405, 'method-not-allowed'],
    ['no token', '/api/rooms', {}, 401, 'token-missing'],
    [
      'another scheme',
      '/api/rooms',
      { headers: { Authorization: 'Basic x' } },
      401,
      'token-missing',
    ],
    ['a bad token', '/api/rooms', { headers: { Authorization: 'Bearer x' } }, 401, 'token-invalid'],
    ['no token to renew', '/api/auth/refresh', json({}), 401, 'token-missing'],
    ['no upgrade', '/chat', {}, 426, 'upgrade-required'],
    ['no upgrade at the alias', '/ws', {}, 426, 'upgrade-required'],
  ]

  it.each(WRONG)(
    'with %s gets a problem document with a code',
    async (_name, path, init, status, code) => {
      const response = await ask(path, init)
      expect(response.headers.get('Content-Type')).toBe('application/problem+json')
      expect(response.status).toBe(status)
      expect(await bodyOf(response)).toMatchObject({
        type: 'about:blank',
        title: expect.any(String),
        status,
        code,
      })
      expect(response.headers.get('Cache-Control')).toBe('no-store')
      expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff')
      if (status === 401) expect(response.headers.get('WWW-Authenticate')).toBe('Bearer')
      if (status === 405) expect(response.headers.get('Allow')).toContain('POST')
      if (status === 426) expect(response.headers.get('Upgrade')).toBe('websocket')
      expect(backend.woken).toEqual([])
    },
  )

  it.each([
    'after=1&before=2',
    'after=-1',
    'after=x',
    'before=1.5',
    'limit=0',
    'limit=201',
    'limit=',
    `after=${'9'.repeat(20)}`,
  ])('for events with %s is refused', async (query) => {
    const { bearer } = await signIn()
    const { id } = await makeRoom(bearer)
    const response = await ask(`/api/rooms/${id}/events?${query}`, { headers: bearer })
    expect([response.status, (await bodyOf(response)).code]).toEqual([400, 'query-invalid'])
    expect(backend.queries).toEqual([])
  })

  it.each(['short', '__proto__', 'x'.repeat(21), 'A'.repeat(20), `${'x'.repeat(19)}%20`])(
    'for a room that cannot be, %s, wakes no object',
    async (id) => {
      const { bearer } = await signIn()
      const response = await ask(`/api/rooms/${id}`, { headers: bearer })
      expect([response.status, (await bodyOf(response)).code]).toEqual([404, 'room-unknown'])
      expect(backend.woken).toEqual([])
    },
  )

  it.each([
    [{ name: 'x', visibility: 'secret' }, 'visibility'],
    [{ visibility: 'public' }, 'name'],
    [{ name: 'x'.repeat(81) }, 'name'],
  ])('for a new room, %j, names what is wrong', async (body, field) => {
    const { bearer } = await signIn()
    const response = await ask('/api/rooms', json(body, bearer))
    expect(await bodyOf(response)).toMatchObject({
      code: 'body-invalid',
      detail: expect.stringContaining(field),
    })
  })

  it('says nothing of an internal error', async () => {
    const { bearer } = await signIn()
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
    onTestFinished(() => logged.mockRestore())
    backend.directory = () => {
      throw new Error('secret')
    }
    const response = await ask('/api/rooms', { headers: bearer })
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('secret')
    expect(logged).toHaveBeenCalledWith(new Error('secret'))
  })
})

describe('a room', () => {
  it('is made, shown, listed and deleted', async () => {
    const { user, bearer } = await signIn()
    const made = await ask('/api/rooms', json({ name: '방', visibility: 'private' }, bearer))
    const room = await bodyOf(made)
    expect(made.status).toBe(201)
    expect(room).toEqual({
      id: expect.stringMatching(/^[0-9a-z]{20}$/),
      name: '방',
      visibility: 'private',
      owner: { id: user.id, name: user.name },
      createdAt: expect.stringMatching(/Z$/),
    })
    expect(await bodyOf(await ask(`/api/rooms/${room.id}`, { headers: bearer }))).toEqual(room)
    expect(await bodyOf(await ask('/api/rooms', { headers: bearer }))).toEqual({
      rooms: [room],
      next: null,
    })
    const path = `/api/rooms/${room.id}`
    expect((await ask(path, { method: 'DELETE', headers: bearer })).status).toBe(204)
    expect((await ask(path, { headers: bearer })).status).toBe(404)
  })

  it('is deleted by nobody but its owner', async () => {
    const { bearer } = await signIn()
    const { id } = await makeRoom(bearer)
    const other = await signIn('bob')
    const response = await ask(`/api/rooms/${id}`, { method: 'DELETE', headers: other.bearer })
    expect([response.status, (await bodyOf(response)).code]).toEqual([403, 'not-allowed'])
    expect(backend.rooms.has(id)).toBe(true)
  })

  it('gives tickets, with the URL of the WebSocket', async () => {
    const { bearer } = await signIn()
    const { id } = await makeRoom(bearer)
    const response = await ask(`/api/rooms/${id}/tickets`, { method: 'POST', headers: bearer })
    expect(response.status).toBe(201)
    const { ticket, url, expiresIn } = await bodyOf(response)
    expect(url).toBe(`wss://chat.example/chat?token=${ticket}`)
    expect(expiresIn).toBe(30)
  })

  it('that is unknown gives no ticket', async () => {
    const { bearer } = await signIn()
    const path = `/api/rooms/${'x'.repeat(20)}/tickets`
    expect((await ask(path, { method: 'POST', headers: bearer })).status).toBe(404)
  })
})

describe('CORS', () => {
  const from = (origin: string) => ({ headers: { Origin: origin } })
  const allowed = (response: Response) => response.headers.get('Access-Control-Allow-Origin')

  it.each([ORIGIN, HERE, 'https://a.sub.example', 'https://a.b.sub.example'])(
    'allows %s',
    async (origin) => {
      const response = await ask('/api/health', from(origin))
      expect(allowed(response)).toBe(origin)
      expect(response.headers.get('Access-Control-Allow-Credentials')).toBe('true')
      expect(response.headers.get('Vary')).toContain('Origin')
    },
  )

  it.each([
    'https://evil.example',
    'http://app.example',
    'https://app.example:8443',
    'https://app.example.evil.example',
    'https://sub.example',
    'http://aa.sub.example',
    'ftp://aaaa.sub.example',
    'https://evilsub.example',
    'https://a.sub.example.evil.example',
    'https://evil.example#.sub.example',
    'https://a/.sub.example',
    'null',
  ])('does not allow %s', async (origin) => {
    expect(allowed(await ask('/api/health', from(origin)))).toBeNull()
  })

  it('answers a preflight as the contract says', async () => {
    const response = await ask('/api/rooms', {
      method: 'OPTIONS',
      headers: { Origin: ORIGIN, 'Access-Control-Request-Method': 'POST' },
    })
    expect(response.status).toBe(204)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-methods': 'GET,POST,PATCH,DELETE,OPTIONS',
      'access-control-allow-headers': 'Authorization,Content-Type',
      'access-control-allow-credentials': 'true',
      'access-control-max-age': '3600',
    })
  })

  it('stands on refusals too', async () => {
    for (const path of ['/api/rooms', '/api/nothing']) {
      expect(allowed(await ask(path, from(ORIGIN)))).toBe(ORIGIN)
    }
    const large = json({ name: 'x'.repeat(20_000) }, { Origin: ORIGIN })
    expect(allowed(await ask('/api/auth/guest', large))).toBe(ORIGIN)
  })
})

describe('the answers', () => {
  it('of the API are in no cache, and carry secure headers', async () => {
    const response = await ask('/api/health')
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    })
  })

  it('publish the keys, and no private one', async () => {
    const { keys } = await bodyOf(await ask('/.well-known/jwks.json'))
    expect(keys).toEqual([expect.objectContaining({ kty: 'EC', crv: 'P-256', alg: 'ES256' })])
    expect(keys[0]).not.toHaveProperty('d')
  })
})

describe('an upgrade', () => {
  const upgrade = (query: string, headers: Record<string, string> = {}) =>
    ask(`/chat${query}`, { headers: { Upgrade: 'websocket', ...headers } })
  const codeOf = async (response: Response) => [response.status, (await bodyOf(response)).code]

  it.each([
    ['without a credential', '', {}, 401, 'token-missing'],
    ['with a bad ticket', '?token=x', {}, 401, 'token-invalid'],
    ['with a bad token', '?room=x', { Authorization: 'Bearer x' }, 401, 'token-invalid'],
    ['with a bad sub-protocol', '', { 'Sec-WebSocket-Protocol': 'bearer.x' }, 401, 'token-invalid'],
    ['from a foreign origin', '', { Origin: 'https://evil.example' }, 403, 'origin-refused'],
  ])('%s never reaches a room', async (_name, query, headers, status, code) => {
    expect(await codeOf(await upgrade(query, headers))).toEqual([status, code])
    expect(backend.woken).toEqual([])
  })

  it('with an access token in the URL never reaches a room: URLs are logged', async () => {
    const { bearer } = await signIn()
    const token = bearer.Authorization.slice('Bearer '.length)
    expect(await codeOf(await upgrade(`?token=${token}&room=x`))).toEqual([401, 'token-invalid'])
    expect(backend.woken).toEqual([])
  })

  it('with a ticket for another room than it names is refused', async () => {
    const { bearer } = await signIn()
    const { id } = await makeRoom(bearer)
    const issued = await ask(`/api/rooms/${id}/tickets`, { method: 'POST', headers: bearer })
    const { ticket } = await bodyOf(issued)
    backend.woken.length = 0
    expect(await codeOf(await upgrade(`?token=${ticket}&room=${'x'.repeat(20)}`))).toEqual([
      403,
      'not-allowed',
    ])
    expect(backend.woken).toEqual([])
    expect(await codeOf(await upgrade(`?token=${ticket}`))).toEqual([503, 'unavailable'])
    expect(backend.woken).toEqual([id])
  })
})
