// The reference client's HTTP: what it asks, and what it makes of each answer.

import { afterEach, describe, expect, it, vi } from 'vitest'
import { createHttpApi, HttpRefusal } from '../../../src/client/http-api.ts'

const asked: Request[] = []

/** The gateway says this to everything. */
function answer(make: () => Response | Promise<Response>): void {
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    asked.push(new Request(url, init))
    return make()
  })
}

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  asked.length = 0
})

const api = createHttpApi('https://chat.example')
const user = { id: 'ada', name: 'Ada' }

describe('the HTTP of a client', () => {
  it('asks for a ticket', async () => {
    answer(() => Response.json({ url: 'wss://chat.example/chat?token=t' }, { status: 201 }))
    expect(await api.ticket('secret', 'a/b')).toEqual({ url: 'wss://chat.example/chat?token=t' })
    expect(asked[0]?.method).toBe('POST')
    expect(asked[0]?.url).toBe('https://chat.example/api/rooms/a%2Fb/tickets')
    expect(asked[0]?.headers.get('authorization')).toBe('Bearer secret')
  })

  it('asks for the head of the log', async () => {
    answer(() => Response.json({ events: [], head: 7, next: null }))
    expect(await api.head('secret', 'room')).toBe(7)
  })

  it('renews with the refresh token', async () => {
    const grant = { accessToken: 'new', expiresIn: 900, refreshToken: 'next', user }
    answer(() => Response.json(grant))
    const old = { accessToken: 'old', expiresIn: 900, refreshToken: 'this', user }
    expect(await api.refresh(old)).toEqual(grant)
    expect(await asked[0]?.json()).toEqual({ refreshToken: 'this' })
  })

  it('asks whatever else there is', async () => {
    answer(() => new Response(null, { status: 204 }))
    expect(await api.ask('POST', '/api/auth/logout', { body: {} })).toBeUndefined()
    expect(asked[0]?.headers.get('content-type')).toBe('application/json')
    expect(asked[0]?.headers.get('authorization')).toBeNull()
  })

  it('[L5] asks under a key', async () => {
    answer(() => Response.json({ seq: 1 }, { status: 201 }))
    const path = '/api/rooms/a/messages'
    const message = { token: 't', body: { content: 'x' }, idempotencyKey: 'k' }
    expect(await api.ask('POST', path, message)).toEqual({ seq: 1 })
    await api.ask('POST', path, { token: 't', body: { content: 'x' } })
    expect(asked.map(({ headers }) => headers.get('idempotency-key'))).toEqual(['k', null])
  })

  it.each<[string, () => Response | Promise<Response>, number, string]>([
    ['a problem', () => Response.json({ code: 'banned' }, { status: 403 }), 403, 'banned'],
    ['no problem document', () => new Response('<h1>', { status: 502 }), 502, 'internal'],
    ['no JSON', () => new Response('<h1>'), 0, 'unreachable'],
    ['nothing', () => Promise.reject(new TypeError('fetch failed')), 0, 'unreachable'],
  ])('takes %s for a refusal', async (_, make, status, code) => {
    answer(make)
    const refused = await api.ticket('secret', 'room').catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(HttpRefusal)
    expect(refused).toMatchObject({ status, code })
  })

  it.each([
    ['30', 30],
    ['0', 0],
    ['Sun, 29 Nov 2026 08:00:20 GMT', 20],
    ['Sun, 29 Nov 2026 07:00:00 GMT', 0],
    ['soon', undefined],
    ['-5', undefined],
    ['1.5', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('tells after how long to come back: Retry-After %j', async (header, seconds) => {
    vi.useFakeTimers({ now: Date.parse('2026-11-29T08:00:00Z'), toFake: ['Date'] })
    const headers = header === undefined ? {} : { 'Retry-After': header }
    answer(() => Response.json({ code: 'too-fast' }, { status: 429, headers }))
    const refused = await api.ticket('secret', 'room').catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'too-fast', retryAfter: seconds })
  })

  it.each(['https://chat.example/', 'https://chat.example'])('asks below %s', async (origin) => {
    answer(() => Response.json({ head: 7 }))
    await createHttpApi(origin).head('secret', 'room')
    expect(asked[0]?.url).toBe('https://chat.example/api/rooms/room/events?limit=1')
  })

  it.each([
    ['nothing', () => new Promise<Response>(() => undefined)],
    ['half an answer', () => new Response(new ReadableStream())],
  ])('hangs up where %s comes in 15 seconds', async (_, make) => {
    vi.useFakeTimers()
    answer(make)
    const refused = api.ticket('secret', 'room').catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(15_000)
    expect(await refused).toMatchObject({ status: 0, code: 'unreachable' })
    expect(asked[0]?.signal.aborted).toBe(true)
  })

  it('says at once that the platform has no fetch', () => {
    vi.stubGlobal('fetch', undefined)
    expect(() => createHttpApi('https://chat.example')).toThrow('this platform has no fetch')
  })
})
