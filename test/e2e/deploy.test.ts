// What a deploy would put into the world: the built Worker, the static files and their headers.

import { readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, posix } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BUILT, ROOT } from '../support/build.ts'
import { ask, newRoom } from '../support/people.ts'
import { type Server, startServer } from '../support/server.ts'
import { signInGuest } from '../support/sign-in.ts'

let server: Server

beforeAll(async () => {
  server = await startServer()
})

afterAll(() => server.close())

/** Octets, compressed: what the free plan takes. */
const MAX_WORKER = 3_000_000

test('the Worker is built, small enough to be deployed, and holds nothing private', () => {
  // A map of the source lies beside it and is not uploaded.
  const files = readdirSync(BUILT).filter((file) => !file.endsWith('.map'))
  expect(files).toContain('index.js')
  expect(gzipSync(readFileSync(join(BUILT, 'index.js'))).length).toBeLessThan(MAX_WORKER)
  for (const file of files) {
    const text = readFileSync(join(BUILT, file), 'utf8')
    for (const secret of [ROOT, `${homedir()}/`, '"d":"', 'sourceMappingURL=data:']) {
      expect(text.includes(secret), `${file} holds ${secret}`).toBe(false)
    }
    expect(text).not.toMatch(/-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[\w+/]/)
  }
})

/** The one rule of public/_headers, for every file. */
function headersOfFiles(): [string, string][] {
  const [pattern, ...lines] = readFileSync(join(ROOT, 'public/_headers'), 'utf8').trim().split('\n')
  expect(pattern).toBe('/*')
  return lines.map((line) => {
    const [name = '', value = ''] = line.split(/:(.*)/s)
    return [name.trim().toLowerCase(), value.trim()]
  })
}

test.each(['/', '/app.js', '/favicon.svg', '/manifest.webmanifest', '/vendor/stompjs/index.js'])(
  '%s is served with the security headers',
  async (path) => {
    const { status, headers } = await fetch(`${server.url}${path}`)
    expect(status).toBe(200)
    const rule = headersOfFiles()
    expect(rule.map(([name]) => name)).toEqual(
      expect.arrayContaining([
        'content-security-policy',
        'strict-transport-security',
        'x-content-type-options',
        'referrer-policy',
        'x-frame-options',
      ]),
    )
    for (const [name, value] of rule) expect(headers.get(name), name).toBe(value)
    const policy = headers.get('content-security-policy')
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toMatch(/unsafe-|\*|https?:/)
  },
)

test('every module of the page is served as JavaScript, and so is every module that it imports', async () => {
  const page = await (await fetch(server.url)).text()
  const queue = [...page.matchAll(/<script[^>]* src="([^"]+)"/g)].map(([, src]) =>
    posix.resolve('/', src ?? ''),
  )
  // The policy lets no other script run.
  expect(page).not.toMatch(/<script(?![^>]* src=)[^>]*>\s*\S|\son\w+=/)
  const seen = new Set(queue)
  for (const path of queue) {
    const response = await fetch(`${server.url}${path}`)
    expect(`${path} ${response.status}`).toBe(`${path} 200`)
    expect(response.headers.get('content-type')).toMatch(/^(text|application)\/javascript\b/)
    const imports = (await response.text()).matchAll(/\bfrom '(\.[^']+)'|^import '(\.[^']+)'/gm)
    for (const [, from, bare] of imports) {
      const next = posix.resolve(posix.dirname(path), from ?? bare ?? '')
      if (!seen.has(next)) queue.push(next)
      seen.add(next)
    }
  }
  expect(queue).toContain('/vendor/stompjs/index.js')
  expect(queue).toContain('/vendor/stompjs/client.js')
})

test.each([
  '/_headers',
  '/.assetsignore',
  '/tsconfig.json',
  '/vendor/stompjs/client.d.ts',
  '/none.js',
  '/src/index.ts',
  '/wrangler.toml',
])('%s is not served', async (path) => {
  const { status } = await fetch(`${server.url}${path}`)
  expect(status).toBe(404)
})

test('what the API answers is in no cache, and is no page', async () => {
  const ada = await signInGuest(server.url, 'Ada')
  const token = ada.accessToken
  const room = await newRoom(server.url, ada)
  const answers = await Promise.all([
    ask(server.url, 'GET', '/api/health'),
    ask(server.url, 'POST', '/api/auth/guest', { body: { name: 'Bo' } }),
    ask(server.url, 'POST', '/api/auth/refresh', { body: { refreshToken: ada.refreshToken } }),
    ask(server.url, 'GET', '/api/auth/me', { token }),
    ask(server.url, 'GET', '/api/rooms', { token }),
    ask(server.url, 'POST', '/api/rooms', { token, body: { name: 'b' } }),
    ask(server.url, 'GET', `/api/rooms/${room}`, { token }),
    ask(server.url, 'POST', `/api/rooms/${room}/tickets`, { token }),
    ask(server.url, 'GET', `/api/rooms/${room}/events`, { token }),
    ask(server.url, 'GET', '/api/rooms'),
    ask(server.url, 'GET', '/api/none'),
    ask(server.url, 'POST', '/api/auth/guest', { body: {} }),
  ])
  expect(answers.map(({ status }) => status)).toEqual([
    200, 201, 200, 200, 200, 201, 200, 201, 200, 401, 404, 422,
  ])
  for (const { headers } of answers) {
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; frame-ancestors 'none'",
    )
    expect(headers.get('content-type')).toMatch(/^application\/(problem\+)?json\b/)
    expect(headers.get('set-cookie')).toBeNull()
  }
})

test('the published keys have public members only', async () => {
  const { status, headers, body } = await ask(server.url, 'GET', '/.well-known/jwks.json')
  expect(status).toBe(200)
  expect(headers.get('content-type')).toMatch(/^application\/json\b/)
  expect(headers.get('cache-control')).toContain('public')
  expect(Object.keys(body)).toEqual(['keys'])
  expect(body.keys.length).toBeGreaterThan(0)
  for (const key of body.keys) {
    expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
    expect(key).toMatchObject({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' })
  }
})
