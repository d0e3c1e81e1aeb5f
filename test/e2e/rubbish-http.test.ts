// Bad requests: each has its status and its code every time, in a problem document that tells
// nothing else, and a room that they name goes on as before.

import { request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { REFUSALS, type RefusalCode } from '../../src/refusals.ts'
import { ticketUrl } from '../support/people.ts'
import { type Scene, setScene } from '../support/scene.ts'

let scene: Scene

beforeAll(async () => {
  scene = await setScene()
})

afterAll(() => scene.server.close())

interface Case {
  readonly what: string
  readonly code: RefusalCode
  readonly method?: string
  /** `{room}` is the id of a room. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** The body is sent without telling its length. */
  readonly chunked?: true
  /** Without the vandal's token. */
  readonly anonymous?: true
}

const JSON_TYPE = { 'Content-Type': 'application/json' }

const posted = (what: string, code: RefusalCode, body: string | Uint8Array): Case => ({
  what: `the body ${what}`,
  code,
  method: 'POST',
  path: '/api/rooms',
  headers: JSON_TYPE,
  body,
})

const asked = (path: string, code: RefusalCode, method = 'GET'): Case => ({
  what: `${method} ${path}`,
  code,
  method,
  path,
})

const authorized = (what: string, code: RefusalCode, Authorization?: string): Case => ({
  what: `${what} as Authorization`,
  code,
  path: '/api/rooms/{room}',
  anonymous: true,
  ...(Authorization === undefined ? {} : { headers: { Authorization } }),
})

const named = (name: unknown) => JSON.stringify({ name })

const CASES: Case[] = [
  // Bodies.
  posted('that is not JSON', 'body-malformed', '{"name":'),
  posted('of two values', 'body-malformed', '{} {}'),
  posted('of nothing', 'body-malformed', ''),
  posted('that is not UTF-8', 'body-malformed', Uint8Array.of(0x22, 0xff, 0x22)),
  posted('that is null', 'body-invalid', 'null'),
  posted('that is a list', 'body-invalid', '[{"name":"x"}]'),
  posted('that is a text', 'body-invalid', '"name"'),
  posted('of empty lists nested deep', 'body-invalid', '['.repeat(8000) + ']'.repeat(8000)),
  posted('without a name', 'body-invalid', '{}'),
  posted('whose name is inherited', 'body-invalid', '{"__proto__":{"name":"x"}}'),
  ...[7, null, true, ['x'], { toString: 'x' }].map((name) =>
    posted(`with the name ${JSON.stringify(name)}`, 'body-invalid', named(name)),
  ),
  posted('with an empty name', 'body-invalid', named('')),
  posted('with a name of spaces', 'body-invalid', named(' \t\n')),
  posted('with a long name', 'body-invalid', named('x'.repeat(81))),
  posted('with a name of many marks', 'body-invalid', named(`e${'\u0301'.repeat(5000)}`)),
  posted('with an invisible name', 'body-invalid', named('\u200b')),
  posted('with a turned name', 'body-invalid', named('\u202ename')),
  posted('with NUL in the name', 'body-invalid', named('a\0b')),
  posted('with half an emoji as name', 'body-invalid', '{"name":"\\ud83d"}'),
  posted('with an unknown visibility', 'body-invalid', '{"name":"x","visibility":"secret"}'),
  posted('that is longer than a name may be', 'body-invalid', named('x'.repeat(20_000))),
  posted('that is too large', 'body-too-large', named('x'.repeat(70_000))),
  {
    ...posted('that is too large, in chunks', 'body-too-large', named('x'.repeat(70_000))),
    chunked: true,
  },
  {
    ...posted('of a guest that is too large', 'body-too-large', named('x'.repeat(20_000))),
    path: '/api/auth/guest',
  },
  {
    ...posted(
      'of a guest that is too large, in chunks',
      'body-too-large',
      named('x'.repeat(20_000)),
    ),
    path: '/api/auth/guest',
    chunked: true,
  },
  {
    ...posted('as text', 'media-type-refused', named('x')),
    headers: { 'Content-Type': 'text/plain' },
  },
  {
    ...posted('as a form', 'media-type-refused', 'name=x'),
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  },
  { ...posted('without a type', 'media-type-refused', named('x')), headers: {} },
  { ...posted('of a guest without a name', 'body-invalid', '{}'), path: '/api/auth/guest' },

  // Queries.
  ...['-1', 'x', '1.5', '1e3', '', '0x1', '%20', '99999999999999999'].map((after) =>
    asked(`/api/rooms/{room}/events?after=${after}`, 'query-invalid'),
  ),
  asked('/api/rooms/{room}/events?before=x', 'query-invalid'),
  asked('/api/rooms/{room}/events?after=1&before=2', 'query-invalid'),
  ...['0', '-1', '201', 'x', ''].map((limit) =>
    asked(`/api/rooms/{room}/events?limit=${limit}`, 'query-invalid'),
  ),
  asked('/api/rooms?limit=0', 'query-invalid'),
  asked('/api/rooms?limit=201', 'query-invalid'),
  asked('/api/rooms?cursor=x', 'query-invalid'),
  asked('/api/rooms?cursor=0', 'query-invalid'),

  // Addresses.
  asked('/api', 'route-unknown'),
  asked('/api/none', 'route-unknown'),
  asked('/api/rooms/{room}/none', 'route-unknown'),
  asked('/.well-known/none', 'route-unknown'),
  asked('/api/rooms/{room}', 'method-not-allowed', 'PUT'),
  asked('/api/rooms/{room}/tickets', 'method-not-allowed'),
  asked('/api/rooms/{room}/events', 'method-not-allowed', 'DELETE'),
  asked('/api/health', 'method-not-allowed', 'POST'),
  asked('/.well-known/jwks.json', 'method-not-allowed', 'POST'),
  asked('/chat', 'method-not-allowed', 'POST'),
  asked('/chat', 'upgrade-required'),
  ...[
    'none',
    'zzzzzzzzzzzzzzzzzzzz',
    'ZZZZZZZZZZZZZZZZZZZZ',
    '__proto__',
    '%00',
    '%ff',
    '%E0%A4%A',
  ].map((id) => asked(`/api/rooms/${id}`, 'room-unknown')),
  asked('/api/rooms/..%2f..%2fkey-ring', 'room-unknown'),
  asked(`/api/rooms/${'z'.repeat(4000)}`, 'room-unknown'),
  asked('/api/rooms/zzzzzzzzzzzzzzzzzzzz/events', 'room-unknown'),
  asked('/api/rooms/zzzzzzzzzzzzzzzzzzzz/tickets', 'room-unknown', 'POST'),
  asked('/api/rooms/zzzzzzzzzzzzzzzzzzzz', 'room-unknown', 'DELETE'),
  asked('/api/rooms/{room}', 'not-allowed', 'DELETE'),

  // Credentials.
  authorized('nothing', 'token-missing'),
  authorized('"Bearer"', 'token-missing', 'Bearer'),
  authorized('"Basic"', 'token-missing', 'Basic eDp5'),
  authorized('two words', 'token-missing', 'Bearer a b'),
  authorized('rubbish', 'token-invalid', 'Bearer rubbish'),
  authorized('three dots', 'token-invalid', 'Bearer ...'),
  authorized('a very long token', 'token-invalid', `Bearer ${'a'.repeat(5000)}`),
  authorized('a ticket', 'token-invalid', 'Bearer {ticket}'),
  authorized('a token without its signature', 'token-invalid', 'Bearer {unsigned}'),
]

test.each(CASES)('[R1][A2] $what: $code', async (each) => {
  const { room, server, vandal } = scene
  const ticket = new URL(await ticketUrl(server.url, vandal, room)).searchParams.get('token') ?? ''
  const unsigned = vandal.accessToken.replace(/[^.]*$/, '')
  const headers: Record<string, string> = {
    ...(each.anonymous ? {} : { Authorization: `Bearer ${vandal.accessToken}` }),
    ...each.headers,
  }
  if (headers.Authorization) {
    headers.Authorization = headers.Authorization.replace('{ticket}', ticket).replace(
      '{unsigned}',
      unsigned,
    )
  }

  const answer = await send({ ...each, path: each.path.replace('{room}', room), headers })
  const { status, sentence } = REFUSALS[each.code]
  expect(answer.status).toBe(status)
  expect(answer.headers['content-type']).toBe('application/problem+json')
  const problem = JSON.parse(answer.text)
  expect(problem).toMatchObject({ type: 'about:blank', title: sentence, status, code: each.code })
  // A problem tells what, and never what was sent, how the code runs, or whose token it was.
  for (const secret of [vandal.accessToken, unsigned, ticket, '.ts:', '    at ', 'Error:']) {
    expect(answer.text).not.toContain(secret)
  }
  expect(answer.text.length).toBeLessThan(1000)
  expect(answer.headers['www-authenticate']).toBe(status === 401 ? 'Bearer' : undefined)
  if (status === 405) expect(answer.headers.allow).toMatch(/^[A-Z, ]+$/)
  await scene.expectUndisturbed()
})

interface Sent {
  readonly method?: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  readonly chunked?: true
}

/** Sends a request whose path is left as it is, as `fetch` would not leave it. */
function send({ method = 'GET', path, headers, body, chunked }: Sent) {
  return new Promise<{
    status: number | undefined
    headers: Readonly<Record<string, string | string[] | undefined>>
    text: string
  }>((resolve, reject) => {
    const length = body === undefined ? 0 : Buffer.byteLength(body)
    const sized = chunked || body === undefined ? {} : { 'Content-Length': String(length) }
    const { hostname, port } = new URL(scene.server.url)
    const options = { hostname, port, path, method, headers: { ...headers, ...sized } }
    const asking = request(options, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        resolve({ status: response.statusCode, headers: response.headers, text })
      })
    })
    asking.on('error', reject)
    asking.end(body)
  })
}
