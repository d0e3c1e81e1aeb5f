import { describe, expect, it } from 'vitest'
import { asking, jsonOf, refusalIn } from '../../../support/asking.ts'

const scene = asking()
const { send, signIn } = scene

async function makeRoom() {
  const { user, bearer } = await signIn()
  const { id } = await jsonOf(await send('POST', '/api/rooms', { name: 'a room' }, bearer))
  scene.backend.calls.length = 0
  return { user, bearer, id, path: `/api/rooms/${id}` }
}

const roomCalls = () => scene.backend.calls.filter(({ what }) => what.startsWith('room.'))
const UNTIL = '2099-01-01T00:00:00.000Z'

describe('moderation', () => {
  it.each<[string, string, object | undefined, number, string, unknown]>([
    [
      ...(['PUT', '/bans/bob', { reason: ' spam ', until: UNTIL }, 200, 'moderate'] as const),
      { type: 'ban', personId: 'bob', reason: 'spam', until: Date.parse(UNTIL) },
    ],
    ['PUT', '/bans/bob', undefined, 200, 'moderate', { type: 'ban', personId: 'bob' }],
    ['DELETE', '/bans/bob', undefined, 204, 'moderate', { type: 'unban', personId: 'bob' }],
    [
      ...(['PATCH', '/members/bob', { mutedUntil: UNTIL, reason: 'x' }, 200, 'moderate'] as const),
      { type: 'mute', personId: 'bob', until: Date.parse(UNTIL), reason: 'x' },
    ],
    [
      ...(['PATCH', '/members/bob', { mutedUntil: null }, 200, 'moderate'] as const),
      { type: 'mute', personId: 'bob', until: null, reason: undefined },
    ],
    [
      ...(['DELETE', '/members/bob/messages?last=500', undefined, 202, 'moderate'] as const),
      { type: 'clear', personId: 'bob', last: 500 },
    ],
    ['GET', '/bans', undefined, 200, 'moderation', { list: 'bans' }],
    [
      ...(['GET', '/moderation?cursor=9&limit=2', undefined, 200, 'moderation'] as const),
      { list: 'log', cursor: '9', limit: 2 },
    ],
  ])('%s …%s asks the room in one’s own name', async (method, to, body, status, call, argument) => {
    const { user, bearer, id, path } = await makeRoom()
    const answer = await send(method, path + to, body, bearer)
    expect(answer.status).toBe(status)
    expect(roomCalls()).toEqual([{ what: `room.${call}`, of: id, with: [user, argument] }])
  })

  const ANNS = { name: 'Ann', guest: true }

  it.each([
    ['PUT', '/bans/ann', {}, 'moderate', [{ type: 'ban', personId: 'ann', introduced: ANNS }]],
    ['PATCH', '/members/ann', { role: 'reader' }, 'setRole', ['ann', 'reader', undefined, ANNS]],
  ] as const)('%s …%s introduces whoever the room has never met', async (...row) => {
    const [method, to, body, call, given] = row
    const { user, bearer, id, path } = await makeRoom()
    scene.backend.people.set('ann', { name: 'Ann', kind: 'guest', device: '' })
    scene.backend.refusals.set(`room.${call}`, 'user-unknown')
    const answer = await send(method, path + to, body, bearer)
    expect(await refusalIn(answer)).toEqual([404, 'user-unknown'])
    const asked = { what: `room.${call}`, of: id }
    expect(roomCalls()).toMatchObject([asked, { ...asked, with: [user, ...given] }])
  })

  it('[M2] asks no account where the room does not exist for who asks', async () => {
    const { bearer, path } = await makeRoom()
    for (const call of ['moderate', 'setRole']) {
      scene.backend.refusals.set(`room.${call}`, 'room-unknown')
    }
    for (const [method, to, body] of [
      ['PUT', '/bans/ann', {}],
      ['PATCH', '/members/ann', { role: 'reader' }],
    ] as const) {
      expect(await refusalIn(await send(method, path + to, body, bearer))).toEqual([
        ...[404, 'room-unknown'],
      ])
    }
    expect(scene.backend.calls.filter(({ what }) => what === 'account.show')).toEqual([])
  })

  it('asks the room no more where there is no such person', async () => {
    const { bearer, path } = await makeRoom()
    scene.backend.refusals.set('room.moderate', 'user-unknown')
    scene.backend.refusals.set('account.show', 'user-unknown')
    const answer = await send('PUT', `${path}/bans/ann`, {}, bearer)
    expect(await refusalIn(answer)).toEqual([404, 'user-unknown'])
    expect(roomCalls()).toHaveLength(1)
  })

  it.each<[string, string, object | undefined, number, string]>([
    ['PUT', '/bans/bob', { until: 'tomorrow' }, 422, 'body-invalid'],
    ['PUT', '/bans/bob', { until: 4_070_908_800_000 }, 422, 'body-invalid'],
    ['PUT', '/bans/bob', { until: '2099-13-01T00:00:00Z' }, 422, 'body-invalid'],
    ['PUT', '/bans/bob', { until: '2099-02-29T00:00:00Z' }, 422, 'body-invalid'],
    ['PATCH', '/members/bob', { mutedUntil: '2099-04-31T12:00:00+09:00' }, 422, 'body-invalid'],
    ['PUT', '/bans/bob', { reason: 'x'.repeat(201) }, 422, 'body-invalid'],
    ['PUT', '/bans/bob', { reason: 'a\u202eb' }, 422, 'body-invalid'],
    ['PUT', `/bans/${'x'.repeat(301)}`, {}, 404, 'user-unknown'],
    ['PATCH', '/members/bob', { mutedUntil: 'soon' }, 422, 'body-invalid'],
    ['PATCH', '/members/bob', { mutedUntil: null, role: 'reader' }, 422, 'body-invalid'],
    ['PATCH', '/members/bob', { reason: 'x' }, 422, 'body-invalid'],
    ['PATCH', '', [], 422, 'body-invalid'],
    ['PATCH', '', { settings: [] }, 422, 'body-invalid'],
    ['PATCH', '', { settings: { slowMode: 21_601 } }, 422, 'body-invalid'],
    ['PATCH', '', { settings: { slowMode: -1 } }, 422, 'body-invalid'],
    ['PATCH', '', { settings: { slowMode: 0.5 } }, 422, 'body-invalid'],
    ['DELETE', '/members/bob/messages', undefined, 400, 'query-invalid'],
    ['DELETE', '/members/bob/messages?last=501', undefined, 400, 'query-invalid'],
    ['PUT', '/bans/bob', { deleteSince: 'x' }, 422, 'body-invalid'],
    ['GET', '/bans?limit=0', undefined, 400, 'query-invalid'],
    ['GET', `/bans?cursor=${'x'.repeat(2001)}`, undefined, 400, 'query-invalid'],
    ['GET', '/moderation?limit=201', undefined, 400, 'query-invalid'],
  ])('%s …%s with %j is refused, and the room not asked', async (...row) => {
    const [method, to, body, status, code] = row
    const { bearer, path } = await makeRoom()
    expect(await refusalIn(await send(method, path + to, body, bearer))).toEqual([status, code])
    expect(roomCalls()).toEqual([])
  })
})
