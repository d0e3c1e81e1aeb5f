// What a deploy would put into the world: the built Worker, the static files and their headers.

import { readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BUILT, ROOT } from '../support/build.ts'
import { ask, newRoom } from '../support/people.ts'
import { type Server, startServer } from '../support/server.ts'
import { login, register, signInGuest } from '../support/sign-in.ts'

let server: Server

beforeAll(async () => {
  server = await startServer({}, BUILT)
})

afterAll(() => server.close())

/** Bytes, compressed: what the free plan takes. */
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

test('the page is deployed without a map of its source', () => {
  const page = join(ROOT, 'dist/public')
  const files = readdirSync(page, { recursive: true, encoding: 'utf8' })
  expect(files.filter((file) => file.endsWith('.map'))).toEqual([])
  const code = files.filter((file) => /^assets.*\.(js|css)$/.test(file))
  expect(code.length).toBeGreaterThan(1)
  for (const file of code)
    expect(readFileSync(join(page, file), 'utf8')).not.toContain('sourceMapping')
})

/** The first rule of public/_headers, for every file. */
function headersOfFiles(): [string, string][] {
  const [pattern, ...lines] = readFileSync(join(ROOT, 'public/_headers'), 'utf8')
    .replace(/\n\n.*/s, '')
    .split('\n')
  expect(pattern).toBe('/*')
  return lines.map((line) => {
    const [name = '', value = ''] = line.split(/:(.*)/s)
    return [name.trim().toLowerCase(), value.trim()]
  })
}

/**
 * What index.html names: the paths of its scripts and its styles, and of the script that is loaded
 * when one of its dialogs is opened.
 */
async function partsOfPage(): Promise<{ scripts: string[]; styles: string[]; late: string[] }> {
  const page = await (await fetch(server.url)).text()
  const paths = (pattern: RegExp) => [...page.matchAll(pattern)].map(([, path = '']) => path)
  return {
    scripts: paths(/<(?:script[^>]* src|link rel="modulepreload" href)="([^"]+)"/g),
    styles: paths(/<link rel="stylesheet" href="([^"]+)"/g),
    late: paths(/<meta name="dialogs" content="([^"]+)"/g),
  }
}

test.each([
  '/',
  'the script',
  'the dialogs',
  'the styles',
  '/favicon.svg',
  '/manifest.webmanifest',
])('%s is served with the security headers', async (what) => {
  const { scripts, styles, late } = await partsOfPage()
  const named = { 'the script': scripts[0], 'the dialogs': late[0], 'the styles': styles[0] }
  const path = named[what as keyof typeof named] ?? what
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
})

test('a browser may keep the scripts and the styles of the page for good', async () => {
  const page = await (await fetch(server.url)).text()
  // The policy lets no other script run.
  expect(page).not.toMatch(/<script(?![^>]* src=)[^>]*>\s*\S|\son\w+=/)
  const { scripts, styles, late } = await partsOfPage()
  // What all scripts need is asked for at once, before one of them names it.
  expect([scripts.length, styles.length, late.length]).toEqual([2, 1, 1])
  const known = scripts.map((path) => path.replace('/assets/', './'))
  for (const path of [...scripts, ...late, ...styles]) {
    expect(path).toMatch(/^\/assets\/\w+-[A-Z0-9]{8}\.(js|css)$/)
    const response = await fetch(`${server.url}${path}`)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch(/^(text|application)\/(javascript|css)\b/)
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    // No module asks for one that was not asked for before, and no style for another.
    const text = await response.text()
    expect(text).not.toMatch(/@import/)
    const imports = [...text.matchAll(/\b(?:from|import) ?["']([^"']+)/g)].map(([, from]) => from)
    expect(known).toEqual(expect.arrayContaining(imports))
  }
  // The page names them, so it is asked for each time.
  const { headers } = await fetch(server.url)
  expect(headers.get('cache-control')).toContain('must-revalidate')
})

/** Bytes, compressed: everything that is asked for until somebody reads and writes in a room. */
const MAX_FIRST_LOAD = 70_000
/** Bytes, compressed: that, and the dialogs. */
const MAX_PAGE = 90_000

test('the page is small', async () => {
  const { scripts, styles, late } = await partsOfPage()
  const first = ['/', '/favicon.svg', '/manifest.webmanifest', ...scripts, ...styles]
  const sizeOf = async (paths: string[]) => {
    const sizes = await Promise.all(
      paths.map(async (path) => {
        const body = await (await fetch(`${server.url}${path}`)).arrayBuffer()
        return gzipSync(new Uint8Array(body)).length
      }),
    )
    return sizes.reduce((sum, size) => sum + size, 0)
  }
  expect(await sizeOf(first)).toBeLessThanOrEqual(MAX_FIRST_LOAD)
  expect(await sizeOf([...first, ...late])).toBeLessThanOrEqual(MAX_PAGE)
})

test.each([
  '/_headers',
  '/.assetsignore',
  '/tsconfig.json',
  '/app.ts',
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

test('a password is hashed at its full cost, which the runtime takes', async () => {
  const { id } = await register(server.url, 'ada', 'correct horse')
  expect((await login(server.url, 'ada', 'correct horse')).id).toBe(id)
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
