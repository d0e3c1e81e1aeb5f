import { describe, expect, it, vi } from 'vitest'
import { asking, HERE, jsonOf, PAGE } from '../../support/asking.ts'

const scene = asking()
const { ask, send, signIn } = scene

const post = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
})

describe('a wrong request', () => {
  type Wrong = [name: string, path: string, init: RequestInit, status: number, code: string]
  const WRONG: Wrong[] = [
    ['no JSON', '/api/auth/guest', post('{'), 400, 'body-malformed'],
    ['nothing at all', '/api/auth/guest', post(''), 400, 'body-malformed'],
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
    ['no name', '/api/auth/guest', post({}), 422, 'body-invalid'],
    ['a list', '/api/auth/guest', post([]), 422, 'body-invalid'],
    ['null', '/api/auth/guest', post(null), 422, 'body-invalid'],
    ['a number for a name', '/api/auth/guest', post({ name: 1 }), 422, 'body-invalid'],
    ['blanks for a name', '/api/auth/guest', post({ name: '  ' }), 422, 'body-invalid'],
    ['a long name', '/api/auth/guest', post({ name: 'x'.repeat(41) }), 422, 'body-invalid'],
    ['a name with a line', '/api/auth/guest', post({ name: 'a\nb' }), 422, 'body-invalid'],
    [
      'a name that turns the text',
      '/api/auth/guest',
      post({ name: 'a\u202eb' }),
      422,
      'body-invalid',
    ],
    ['a name of joiners', '/api/auth/guest', post({ name: '\u200d' }), 422, 'body-invalid'],
    [
      'a body too large',
      '/api/auth/guest',
      post({ name: 'x'.repeat(20_000) }),
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
    ['no upgrade', '/chat', {}, 426, 'upgrade-required'],
    ['no upgrade at the alias', '/ws', {}, 426, 'upgrade-required'],
    ['no upgrade at the alias of Spring', '/ws/websocket', {}, 426, 'upgrade-required'],
    ['no upgrade at its other name', '/chat/websocket', {}, 426, 'upgrade-required'],
    ['SockJS', '/ws/info', {}, 404, 'sockjs-unsupported'],
    ['SockJS at the other name', '/chat/info?t=1', {}, 404, 'sockjs-unsupported'],
    ['a session of SockJS', '/ws/123/abc/xhr_streaming', {}, 404, 'sockjs-unsupported'],
    ['a WebSocket of SockJS', '/ws/123/abc/websocket', {}, 404, 'sockjs-unsupported'],
  ]

  it.each(WRONG)(
    'with %s gets a problem document with a code',
    async (_name, path, init, status, code) => {
      const response = await ask(path, init)
      expect(response.headers.get('Content-Type')).toBe('application/problem+json')
      expect(response.status).toBe(status)
      expect(await jsonOf(response)).toMatchObject({
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
      expect(scene.backend.takeCalls().filter((call) => call !== 'mayAuthenticate')).toEqual([])
    },
  )

  it.each<[what: string, marks: object]>([
    ['cannot be reached', { retryable: true }],
    ['has too much to do', { overloaded: true }],
  ])('[R3] says to come back where an object %s', async (_, marks) => {
    const { bearer } = await signIn()
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
    const error = Object.assign(new Error('of the platform'), marks)
    scene.backend.directory = () => {
      throw error
    }
    const response = await ask('/api/rooms', { headers: bearer })
    expect(response.status).toBe(503)
    expect(response.headers.get('Retry-After')).toMatch(/^\d+$/)
    expect(await response.json()).toMatchObject({ code: 'unavailable' })
    expect(logged).toHaveBeenCalledWith(error)
  })

  it('says nothing of an internal error', async () => {
    const { bearer } = await signIn()
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
    scene.backend.directory = () => {
      throw new Error('secret')
    }
    const response = await ask('/api/rooms', { headers: bearer })
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('secret')
    expect(logged).toHaveBeenCalledWith(new Error('secret'))
    const request = response.headers.get('X-Request-Id')
    const line = { event: 'request-failed', request, code: 'internal' }
    expect(logged).toHaveBeenCalledWith(JSON.stringify(line))
  })

  it.each(['/api/health', '/api/rooms', '/api/nothing'])(
    'has an id of its own: %s',
    async (path) => {
      const idOf = async (given?: string) => {
        const headers = given === undefined ? {} : { 'X-Request-Id': given }
        return (await ask(path, { headers })).headers.get('X-Request-Id') ?? ''
      }
      const [one, other] = [await idOf(), await idOf()]
      expect(one).toMatch(/^[0-9a-f-]{36}$/)
      expect(other).not.toBe(one)
      expect(await idOf('of-the_client=1')).toBe('of-the_client=1')
      for (const bad of ['{"event":1}', 'a b', 'x'.repeat(256)])
        expect(await idOf(bad)).not.toBe(bad)
    },
  )
})

describe('CORS', () => {
  const from = (origin: string) => ({ headers: { Origin: origin } })
  const allowed = (response: Response) => response.headers.get('Access-Control-Allow-Origin')

  it.each([PAGE, HERE, 'https://a.sub.example', 'https://a.b.sub.example'])(
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
    'http://app.chat.example',
    'https://app.chat.example:8443',
    'https://app.chat.example.evil.example',
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
      headers: { Origin: PAGE, 'Access-Control-Request-Method': 'POST' },
    })
    expect(response.status).toBe(204)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'access-control-allow-origin': PAGE,
      'access-control-allow-methods': 'GET,POST,PUT,PATCH,DELETE,OPTIONS',
      'access-control-allow-headers':
        'Authorization,Content-Type,Idempotency-Key,Idempotency-Since',
      'access-control-allow-credentials': 'true',
      'access-control-max-age': '3600',
    })
  })

  it('lets a page of another origin read when to come back', async () => {
    const answer = await ask('/api/rooms', from(PAGE))
    expect(answer.headers.get('Access-Control-Expose-Headers')).toBe(
      'Retry-After,WWW-Authenticate,X-Request-Id',
    )
  })

  it('stands on refusals too', async () => {
    for (const path of ['/api/rooms', '/api/nothing']) {
      expect(allowed(await ask(path, from(PAGE)))).toBe(PAGE)
    }
    const large = { name: 'x'.repeat(20_000) }
    const refused = await send('POST', '/api/auth/guest', large, { Origin: PAGE })
    expect(allowed(refused)).toBe(PAGE)
  })
})

describe('the answers', () => {
  it('[R2] of health name what the runtime lacks', async () => {
    expect(await (await ask('/api/health')).json()).toEqual({ status: 'ok' })
    scene.backend.lacks = ['websocket-buffered-amount']
    const response = await ask('/api/health')
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      status: 'degraded',
      missing: ['websocket-buffered-amount'],
    })
  })

  it('of the API are in no cache, and carry secure headers', async () => {
    const response = await ask('/api/health')
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'strict-transport-security': 'max-age=31536000',
    })
  })

  it('[R5] publish the keys a hundred times for one question to the key ring, without a private key', async () => {
    for (let n = 0; n < 100; n++) {
      const answer = await ask('/.well-known/jwks.json')
      expect([answer.status, answer.headers.get('Cache-Control')]).toEqual([
        200,
        'public, max-age=300',
      ])
    }
    expect(scene.backend.keysAsked).toEqual({ private: 0, public: 1 })
  })

  it('[A5] publish keys that are ten seconds old at most', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    scene.start()
    await ask('/.well-known/jwks.json')
    vi.advanceTimersByTime(9_999)
    await ask('/.well-known/jwks.json')
    expect(scene.backend.keysAsked.public).toBe(1)
    vi.advanceTimersByTime(1)
    await ask('/.well-known/jwks.json')
    expect(scene.backend.keysAsked.public).toBe(2)
    vi.useRealTimers()
  })

  it('ask for the private key only to sign', async () => {
    const { bearer } = await signIn()
    expect(scene.backend.keysAsked).toEqual({ private: 1, public: 0 })
    for (let n = 0; n < 20; n++) await ask('/api/rooms', { headers: bearer })
    expect(scene.backend.keysAsked).toEqual({ private: 1, public: 1 })
  })

  it('[R3] say to come back where the keys cannot be had', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    scene.backend.publicKeys = () => Promise.reject(new Error('lost'))
    const answer = await ask('/.well-known/jwks.json')
    expect([answer.status, (await jsonOf(answer)).code]).toEqual([503, 'unavailable'])
    expect(answer.headers.get('Retry-After')).toMatch(/^\d+$/)
  })

  it('publish the keys, and no private one', async () => {
    const { keys } = await jsonOf(await ask('/.well-known/jwks.json'))
    expect(keys).toEqual([expect.objectContaining({ kty: 'EC', crv: 'P-256', alg: 'ES256' })])
    expect(keys[0]).not.toHaveProperty('d')
  })
})
