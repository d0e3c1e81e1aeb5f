// Which pages may ask: CORS over HTTP, and the Origin of an upgrade, which CORS does not cover.

import { request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, guest, newRoom, type Person, ticketUrl } from '../support/people.ts'
import { type Server, startServer } from '../support/server.ts'
import { open, upgrade } from '../support/stomp-socket.ts'

const PAGE = 'https://chat.example.com'
const SUBDOMAIN = 'https://deep.sub.example.org'

let server: Server
let ada: Person
let room: string

beforeAll(async () => {
  server = await startServer({ ALLOWED_ORIGINS: `${PAGE}, https://*.example.org` })
  ada = await guest(server.url, 'Ada')
  room = await newRoom(server.url, ada)
})

afterAll(() => server.close())

/** The status and the headers of an answer as they stood on the wire, names in small letters. */
function rawHeaders(method: string, path: string, headers: Record<string, string>) {
  return new Promise<{ status: number | undefined; headers: [string, string][] }>(
    (resolve, reject) => {
      const asked = request(`${server.url}${path}`, { method, headers }, (response) => {
        const raw = response.rawHeaders
        const pairs = raw.flatMap((name, index): [string, string][] =>
          index % 2 === 0 ? [[name.toLowerCase(), raw[index + 1] ?? '']] : [],
        )
        response.resume().on('end', () => resolve({ status: response.statusCode, headers: pairs }))
      })
      asked.on('error', reject).end()
    },
  )
}

const cors = (headers: [string, string][]) =>
  headers.filter(([name]) => name.startsWith('access-control-')).sort()

const valuesOf = (headers: [string, string][], name: string) =>
  headers.flatMap(([each, value]) => (each === name ? [value] : []))

/** Every kind of answer: good, refused, unknown, failed. */
const ANSWERS: { what: string; method?: string; path: string; status: number; token?: true }[] = [
  { what: 'a public answer', path: '/api/health', status: 200 },
  { what: 'the public keys', path: '/.well-known/jwks.json', status: 200 },
  { what: 'an answer to somebody', path: '/api/auth/me', status: 200, token: true },
  { what: 'a refusal', path: '/api/rooms', status: 401 },
  { what: 'an unknown room', path: '/api/rooms/none', status: 404, token: true },
  { what: 'an unknown route', path: '/api/none', status: 404 },
  { what: 'a wrong method', method: 'DELETE', path: '/api/health', status: 405 },
  { what: 'a bad body', method: 'POST', path: '/api/auth/guest', status: 415 },
]

test.each(ANSWERS)('an allowed page is given each CORS header once, on $what', async (answer) => {
  for (const Origin of [PAGE, SUBDOMAIN]) {
    const { status, headers } = await asked(answer, Origin)
    expect(status).toBe(answer.status)
    expect(cors(headers)).toEqual([
      ['access-control-allow-credentials', 'true'],
      ['access-control-allow-origin', Origin],
      ['access-control-expose-headers', 'Retry-After,WWW-Authenticate,X-Request-Id'],
    ])
    expect(valuesOf(headers, 'vary').join()).toMatch(/\bOrigin\b/i)
  }
})

test.each(ANSWERS)('a foreign page is given no Allow-Origin on $what', async (answer) => {
  for (const Origin of [
    'https://evil.example.net',
    'null',
    `${PAGE}.evil.net`,
    'https://a.example.org.evil-site.net',
  ]) {
    const { status, headers } = await asked(answer, Origin)
    expect(status).toBe(answer.status)
    expect(valuesOf(headers, 'access-control-allow-origin')).toEqual([])
  }
})

const asked = ({ method = 'GET', path, token }: (typeof ANSWERS)[number], Origin: string) =>
  rawHeaders(method, path, {
    Origin,
    ...(token ? { Authorization: `Bearer ${ada.accessToken}` } : {}),
  })

test('a preflight is answered without a token, for the methods and headers of the contract', async () => {
  const preflight = (Origin: string) =>
    rawHeaders('OPTIONS', '/api/rooms', {
      Origin,
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'authorization,content-type',
    })
  const allowed = await preflight(PAGE)
  expect(allowed.status).toBe(204)
  expect(cors(allowed.headers)).toEqual([
    ['access-control-allow-credentials', 'true'],
    [
      'access-control-allow-headers',
      'Authorization,Content-Type,Idempotency-Key,Idempotency-Since',
    ],
    ['access-control-allow-methods', 'GET,POST,PUT,PATCH,DELETE,OPTIONS'],
    ['access-control-allow-origin', PAGE],
    ['access-control-expose-headers', 'Retry-After,WWW-Authenticate,X-Request-Id'],
    ['access-control-max-age', '3600'],
  ])
  const foreign = await preflight('https://evil.example.net')
  expect(valuesOf(foreign.headers, 'access-control-allow-origin')).toEqual([])
})

test.each([
  'https://evil.example.net',
  'http://chat.example.com',
  'https://chat.example.com:8443',
  'https://chat.example.com.evil.net',
  'https://example.org',
  'https://evilexample.org',
  'https://a.example.org.evil-site.net',
  'null',
])(
  '[A2] the foreign origin "%s" is told 403 whatever it brings, and uses up no ticket',
  async (Origin) => {
    const url = await ticketUrl(server.url, ada, room)
    for (const to of [url, url.split('?')[0] ?? '']) {
      for (const protocols of [['v12.stomp'], []]) {
        const refused = await upgrade(to, { protocols, headers: { Origin } })
        expect(refused).toMatchObject({ status: 403, body: { code: 'origin-refused' } })
      }
    }
    const socket = await open(url, { headers: { Origin: SUBDOMAIN } })
    await socket.hangUp()
  },
)

test.each(['/chat', '/ws', '/chat/websocket', '/ws/websocket'])(
  '%s without an upgrade is 426',
  async (path) => {
    const { status, headers, body } = await ask(server.url, 'GET', path)
    expect({ status, code: body.code }).toEqual({ status: 426, code: 'upgrade-required' })
    expect(headers.get('content-type')).toBe('application/problem+json')
  },
)

test.each(['/ws/info', '/chat/info', '/ws/1/a/xhr'])(
  '%s says that SockJS is not served',
  async (path) => {
    const { status, headers, body } = await ask(server.url, 'GET', path, {
      headers: { Origin: SUBDOMAIN },
    })
    expect({ status, code: body.code }).toEqual({ status: 404, code: 'sockjs-unsupported' })
    expect(headers.get('access-control-allow-origin')).toBe(SUBDOMAIN)
  },
)
