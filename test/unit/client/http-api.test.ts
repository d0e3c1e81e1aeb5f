// The reference client's HTTP: what it asks, and what it makes of each answer.

import { afterEach, describe, expect, it, vi } from 'vitest'
import { createHttpApi, HttpRefusal } from '../../../public/client/http-api.js'

const asked: Request[] = []

/** The gateway says this to everything. */
function answer(make: () => Response | Promise<Response>): void {
  vi.stubGlobal('fetch', async (url: URL, init: RequestInit) => {
    asked.push(new Request(url, init))
    return make()
  })
}

afterEach(() => {
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
})
