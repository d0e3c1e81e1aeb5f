import { describe, expect, it } from 'vitest'
import { asking, jsonOf, refusalIn } from '../../../support/asking.ts'

const scene = asking()
const ROOM = 'x'.repeat(20)

describe('my rooms', () => {
  it('are one call to the account, however many', async () => {
    const { ask, signIn } = scene
    const { bearer, user } = await signIn()
    const room = { id: ROOM, name: 'a room', kind: 'public', role: 'writer', joinedAt: 7 }
    scene.backend.memberRooms = { rooms: [room], next: { joinedAt: 7, id: ROOM } }
    scene.backend.takeCalls()
    const answer = await ask(`/api/me/rooms?limit=1&cursor=9-${ROOM}`, { headers: bearer })
    expect(await jsonOf(answer)).toEqual({
      rooms: [{ ...room, joinedAt: '1970-01-01T00:00:00.007Z', muted: false, level: 'all' }],
      next: `7-${ROOM}`,
    })
    const [, asked] = scene.backend.calls
    expect(asked).toEqual({
      what: 'account.rooms',
      of: user.id,
      with: [{ joinedAt: 9, id: ROOM }, 1],
    })
    expect(scene.backend.takeCalls()).toEqual(['account.check', 'account.rooms'])
  })

  it.each([
    'limit=0',
    'limit=201',
    'limit=x',
    'cursor=',
    'cursor=7',
    `cursor=x-${ROOM}`,
    'cursor=7-x',
  ])('are not given with %s', async (query) => {
    const { ask, signIn } = scene
    const { bearer } = await signIn()
    scene.backend.takeCalls()
    const answer = await ask(`/api/me/rooms?${query}`, { headers: bearer })
    expect(await refusalIn(answer)).toEqual([400, 'query-invalid'])
    expect(scene.backend.takeCalls()).toEqual(['account.check'])
  })

  it.each([true, false])('[M1] are hidden by their room: %s', async (hidden) => {
    const { send, signIn, backend } = scene
    const { bearer, user } = await signIn()
    const { id } = await jsonOf(await send('POST', '/api/rooms', { name: 'a room' }, bearer))
    backend.takeCalls()
    const answer = await send('PATCH', `/api/me/rooms/${id}`, { hidden }, bearer)
    expect(answer.status).toBe(200)
    expect(await jsonOf(answer)).toEqual({
      ...{ id, name: 'a room', kind: 'direct', role: 'writer' },
      ...{ joinedAt: '1970-01-01T00:00:00.007Z', hidden },
    })
    expect(backend.calls.at(-1)).toEqual({ what: 'room.hide', of: id, with: [user, hidden] })
    backend.refusals.set('room.hide', 'unavailable')
    const late = await send('PATCH', `/api/me/rooms/${id}`, { hidden }, bearer)
    expect(await refusalIn(late)).toEqual([503, 'unavailable'])
    backend.refusals.delete('room.hide')
  })

  it('are muted, and more, by the account alone', async () => {
    const { send, signIn, backend } = scene
    const { bearer, user } = await signIn()
    backend.takeCalls()
    const change = { muted: true, level: 'mentions', draft: 'a', unreadFrom: 1, order: -0.5 }
    const answer = await send('PATCH', `/api/me/rooms/${ROOM}`, change, bearer)
    expect(answer.status).toBe(200)
    expect(await jsonOf(answer)).toEqual({
      ...{ id: ROOM, name: 'a room', kind: 'public', role: 'writer' },
      ...{ joinedAt: '1970-01-01T00:00:00.007Z', muted: true, level: 'all' },
    })
    expect(backend.calls.at(-1)).toEqual({
      what: 'account.choose',
      of: user.id,
      with: [ROOM, change],
    })
    expect(backend.takeCalls()).toEqual(['account.check', 'account.choose'])
    for (const [code, status] of [
      ['room-unknown', 404],
      ['too-many-drafts', 409],
    ] as const) {
      backend.refusals.set('account.choose', code)
      const refused = await send('PATCH', `/api/me/rooms/${ROOM}`, { draft: 'a' }, bearer)
      expect(await refusalIn(refused)).toEqual([status, code])
    }
    backend.refusals.delete('account.choose')
  })

  it.each<[string, unknown, number, string]>([
    [ROOM, { hidden: true, muted: true }, 422, 'body-invalid'],
    [ROOM, { muted: null }, 422, 'body-invalid'],
    [ROOM, { level: 'some' }, 422, 'body-invalid'],
    [ROOM, { draft: 'x'.repeat(4001) }, 422, 'body-invalid'],
    [ROOM, { draft: '\ud800' }, 422, 'body-invalid'],
    [ROOM, { unreadFrom: 0 }, 422, 'body-invalid'],
    [ROOM, { unreadFrom: 1.5 }, 422, 'body-invalid'],
    [ROOM, { order: '1' }, 422, 'body-invalid'],
    ['x', { muted: true }, 404, 'room-unknown'],
    [ROOM, {}, 422, 'body-invalid'],
    [ROOM, { hidden: null }, 422, 'body-invalid'],
    [ROOM, { hidden: 'true' }, 422, 'body-invalid'],
    [ROOM, [{ hidden: true }], 422, 'body-invalid'],
    [ROOM, '{"hidden":', 400, 'body-malformed'],
    [ROOM, undefined, 415, 'media-type-refused'],
    ['x', { hidden: true }, 404, 'room-unknown'],
    [ROOM, { hidden: true }, 404, 'room-unknown'],
  ])('[R1] PATCH %s with %j: %i %s', async (id, body, status, code) => {
    const { bearer } = await scene.signIn()
    const answer = await scene.send('PATCH', `/api/me/rooms/${id}`, body as object, bearer)
    expect(await refusalIn(answer)).toEqual([status, code])
  })

  it('[A1] are nobody’s without a token', async () => {
    expect(await refusalIn(await scene.ask('/api/me/rooms'))).toEqual([401, 'token-missing'])
  })
})
