import { afterEach, describe, expect, it, vi } from 'vitest'
import { asking, type Headers, jsonOf, refusalIn } from '../../../support/asking.ts'

const scene = asking()
const { ask, send, signIn } = scene

const upgrade = (query: string, headers: Headers = {}) =>
  ask(`/chat${query}`, { headers: { Upgrade: 'websocket', ...headers } })

afterEach(() => void vi.useRealTimers())

/** Moves the clock by so many milliseconds. */
const wait = (ms: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms })

/** A room, and a ticket to it. */
async function ticket() {
  const { user, bearer } = await signIn()
  const { id } = await jsonOf(await send('POST', '/api/rooms', { name: 'a room' }, bearer))
  const issued = await send('POST', `/api/rooms/${id}/tickets`, undefined, bearer)
  scene.backend.takeCalls()
  return { user, bearer, id, ticket: (await jsonOf(issued)).ticket }
}

describe('an upgrade', () => {
  it.each([
    ['without a credential', '', {}, 401, 'token-missing'],
    ['with a bad ticket', '?token=x', {}, 401, 'token-invalid'],
    ['with a bad token', '?room=x', { Authorization: 'Bearer x' }, 401, 'token-invalid'],
    ['with a bad sub-protocol', '', { 'Sec-WebSocket-Protocol': 'bearer.x' }, 401, 'token-invalid'],
    ['from a foreign origin', '', { Origin: 'https://evil.example' }, 403, 'origin-refused'],
  ])('%s never reaches an object', async (_name, query, headers, status, code) => {
    expect(await refusalIn(await upgrade(query, headers))).toEqual([status, code])
    expect(scene.backend.takeCalls()).toEqual([])
    expect(scene.audited).toEqual([{ event: 'entry-refused', code }])
  })

  it.each(['ws://evil.example', 'evil.example', 'http://chat.example', 'no origin at all'])(
    'with Authorization, which no script can set, comes in whatever its Origin: %s',
    async (Origin) => {
      const { bearer, id } = await ticket()
      const { status } = await upgrade(`?room=${id}`, { ...bearer, Origin })
      expect(status).toBe(await upgrade(`?room=${id}`, bearer).then((same) => same.status))
      expect(scene.audited).not.toContainEqual({ event: 'entry-refused', code: 'origin-refused' })
    },
  )

  it('with an access token in the URL never reaches a room: URLs are logged', async () => {
    const { bearer } = await signIn()
    const token = bearer.Authorization?.slice('Bearer '.length)
    expect(await refusalIn(await upgrade(`?token=${token}&room=x`))).toEqual([401, 'token-invalid'])
    expect(scene.backend.takeCalls()).toEqual([])
  })

  it('with a ticket for another room than it names is refused', async () => {
    const { ticket: token } = await ticket()
    expect(await refusalIn(await upgrade(`?token=${token}&room=${'x'.repeat(20)}`))).toEqual([
      403,
      'not-allowed',
    ])
    expect(scene.backend.takeCalls()).toEqual([])
  })

  it('with an access token without GENERAL is refused', async () => {
    const { id } = await ticket()
    scene.backend.roles = ['ADMIN']
    const { bearer } = await signIn()
    expect(await refusalIn(await upgrade(`?room=${id}`, bearer))).toEqual([403, 'not-allowed'])
    expect(scene.backend.takeCalls()).toEqual([])
  })

  it.each(['no room', '../../key-ring', '__proto__'])(
    'to a room that cannot be, %s, reaches no object',
    async (room) => {
      const { bearer } = await signIn()
      const answer = await upgrade(`?room=${encodeURIComponent(room)}`, bearer)
      expect(await refusalIn(answer)).toEqual([404, 'room-unknown'])
      expect(scene.backend.takeCalls()).toEqual([])
      // What a stranger has typed is not written down.
      expect(JSON.stringify(scene.audited)).not.toContain(room)
    },
  )

  it('[R6] by a ticket that was just made asks the room alone', async () => {
    const { ticket: token } = await ticket()
    await upgrade(`?token=${token}`)
    expect(scene.backend.takeCalls()).toEqual(['room.enter'])
  })

  it.each([1000, 20_000, -2000])(
    '[A5] by a ticket made %d ms ago asks the account again',
    async (ms) => {
      const { ticket: token } = await ticket()
      wait(ms)
      await upgrade(`?token=${token}`)
      expect(scene.backend.takeCalls()).toEqual(['account.checkVisit', 'room.enter'])
    },
  )

  it('[A5] asks the account, then the room, with what a ticket that has waited says', async () => {
    const { user, id, ticket: token } = await ticket()
    wait(1000)
    const session = { sessionId: `s-${user.id}`, version: 1 }
    expect(await refusalIn(await upgrade(`?token=${token}`))).toEqual([503, 'unavailable'])
    const expiresAt = expect.any(Number)
    expect(scene.backend.calls).toEqual([
      {
        what: 'account.checkVisit',
        of: user.id,
        with: [{ ...session, federated: false, expiresAt }, id, expect.any(String)],
      },
      {
        what: 'room.enter',
        of: id,
        with: [
          {
            ...session,
            principal: user,
            protocol: undefined,
            visitId: expect.any(String),
            ticket: { id: expect.any(String), expiresAt },
            toNote: undefined,
          },
        ],
      },
    ])
    expect(scene.audited).toEqual([
      { event: 'entry-refused', user: user.id, room: id, code: 'unavailable' },
    ])
  })

  it('[R5] beyond what one person may ask is refused, and reaches no room', async () => {
    const { ticket: token } = await ticket()
    wait(1000)
    scene.backend.costs.length = 0
    scene.backend.refusals.set('account.checkVisit', { refused: 'too-fast', retryAfter: 2 })
    const answer = await upgrade(`?token=${token}`)
    expect(answer.headers.get('Retry-After')).toBe('2')
    expect(await refusalIn(answer)).toEqual([429, 'too-fast'])
    expect(scene.backend.takeCalls()).toEqual(['account.checkVisit'])
    expect(scene.backend.costs).toEqual([2])
  })

  it('[R5] to a room that there is not has nothing noted', async () => {
    const { bearer } = await signIn()
    scene.backend.refusals.set('room.enter', 'room-unknown')
    const id = 'x'.repeat(20)
    expect(await refusalIn(await upgrade(`?room=${id}`, bearer))).toEqual([404, 'room-unknown'])
    expect(scene.backend.takeCalls()).toEqual(['account.checkVisit', 'room.enter'])
  })

  it.each([
    ['session-ended', 401],
    ['roles-changed', 401],
    ['account-disabled', 403],
  ] as const)(
    '[A5] of a session that does not hold (%s) never reaches a room',
    async (code, status) => {
      const { bearer, id, ticket: token } = await ticket()
      wait(1000)
      scene.backend.refusals.set('account.checkVisit', code)
      for (const [query, headers] of [
        [`?token=${token}`, {}],
        [`?room=${id}`, bearer],
      ] as const) {
        expect(await refusalIn(await upgrade(query, headers))).toEqual([status, code])
        expect(scene.backend.takeCalls()).toEqual(['account.checkVisit'])
      }
    },
  )
})

describe('an upgrade to an account', () => {
  async function ownTicket() {
    const { user, bearer } = await signIn()
    const issued = await send('POST', '/api/me/tickets', undefined, bearer)
    expect(issued.status).toBe(201)
    const { ticket, url, expiresIn } = await jsonOf(issued)
    expect([url.endsWith(`/chat?token=${ticket}`), expiresIn]).toEqual([true, 30])
    scene.backend.takeCalls()
    return { user, bearer, ticket }
  }

  const admissionOf = (what: { with: readonly unknown[] } | undefined) =>
    what?.with[0] as Record<string, unknown>

  it('asks the account alone: once, and at no cost right after its ticket', async () => {
    const { user, ticket } = await ownTicket()
    await upgrade(`?token=${ticket}`, { 'Sec-WebSocket-Protocol': 'v12.stomp' })
    const [entry, ...others] = scene.backend.calls.splice(0)
    expect(others).toEqual([])
    expect(entry).toMatchObject({ what: 'account.enter', of: user.id })
    expect(admissionOf(entry)).toMatchObject({
      ...{ principal: { id: user.id }, cost: 0, protocol: 'v12.stomp' },
      ticket: { id: expect.any(String), expiresAt: expect.any(Number) },
      bearer: { sessionId: expect.any(String), federated: false },
    })
  })

  it('is counted by a token, and by a ticket that has waited [R5]', async () => {
    const { bearer, ticket } = await ownTicket()
    await upgrade('?account=me', bearer)
    wait(2000)
    await upgrade(`?token=${ticket}&account=me`)
    const costs = scene.backend.calls.splice(0).map((call) => admissionOf(call).cost)
    expect(costs).toEqual([2, 2])
  })

  it.each([
    ['a room, too', 'query-invalid', 400],
    ['a ticket of a room', 'not-allowed', 403],
  ])('is refused with %s: %s', async (what, code, status) => {
    const { bearer, ticket: token } = await ticket()
    const own = `?account=me&room=${'x'.repeat(20)}`
    const answer =
      what === 'a room, too' ? upgrade(own, bearer) : upgrade(`?account=me&token=${token}`)
    expect(await refusalIn(await answer)).toEqual([status, code])
    expect(scene.backend.takeCalls()).toEqual([])
  })
})
