// Asks the gateway without a platform: requests in, answers and audit lines out.

import { afterEach, beforeEach, vi } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { createGateway } from '../../src/gateway/gateway.ts'
import { FakeBackend } from './fake-backend.ts'

/** A page of another origin, and of the same site. */
export const PAGE = 'https://app.chat.example'
export const HERE = 'https://chat.example'

export interface Problem {
  readonly status: number
  readonly code: string
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers as they come.
export type Json = any

/** Request headers by their names. */
export type Headers = Readonly<Record<string, string>>

export interface Asking {
  readonly backend: FakeBackend
  /** What was written down, one entry for each line. */
  readonly audited: Json[]
  ask(path: string, init?: RequestInit): Promise<Response>
  /** A body is sent as JSON, a text as it is. */
  send(method: string, path: string, body?: unknown, headers?: Headers): Promise<Response>
  /** A guest with a name; the calls that it took are forgotten. */
  signIn(name?: string): Promise<{ user: Json; bearer: Headers; refreshToken: string }>
}

/** The gateway before fake objects, afresh for each test of a file. */
export function asking(): Asking & { start(env?: object): void } {
  let ask: Asking['ask']
  const asking = {
    backend: new FakeBackend(),
    audited: [] as Json[],
    start(env: object = {}) {
      asking.backend = new FakeBackend()
      const config = readConfig({
        UNKNOWN_ROOM_MS: 0,
        ALLOWED_ORIGINS: `${PAGE},https://*.sub.example`,
        ...env,
      })
      const app = createGateway(config, asking.backend)
      ask = async (path, init) => app.request(path.startsWith('http') ? path : HERE + path, init)
    },
    ask: (path: string, init?: RequestInit) => ask(path, init),
    send: (method: string, path: string, body?: unknown, headers: Headers = {}) =>
      ask(path, {
        method,
        headers: { ...(body === undefined ? {} : JSON_TYPE), ...headers },
        ...(body === undefined
          ? {}
          : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    async signIn(name = 'ann') {
      const answer = await asking.send('POST', '/api/auth/guest', { name })
      const { accessToken, refreshToken, user } = await jsonOf(answer)
      asking.backend.takeCalls()
      asking.audited.length = 0
      return { user, bearer: { Authorization: `Bearer ${accessToken}` }, refreshToken }
    },
  }
  beforeEach(() => {
    asking.audited.length = 0
    vi.spyOn(console, 'log').mockImplementation((line) => {
      asking.audited.push(JSON.parse(line))
    })
    asking.start()
  })
  afterEach(() => {
    vi.restoreAllMocks()
  })
  return asking
}

const JSON_TYPE = { 'Content-Type': 'application/json' }

export const jsonOf = async (answer: Response): Promise<Json> => answer.json()

/** The status and the code of a refusal. */
export const refusalIn = async (answer: Response) => [answer.status, (await jsonOf(answer)).code]
