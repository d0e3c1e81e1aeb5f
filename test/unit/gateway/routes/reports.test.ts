import { describe, expect, it } from 'vitest'
import { asking, jsonOf, refusalIn } from '../../../support/asking.ts'

const scene = asking()
const { send, signIn } = scene

async function makeRoom() {
  const { user, bearer } = await signIn()
  const { id } = await jsonOf(await send('POST', '/api/rooms', { name: 'a room' }, bearer))
  scene.backend.calls.length = 0
  return { user, bearer, id, path: `/api/rooms/${id}/reports` }
}

describe('reports', () => {
  it.each<[string, string, object | undefined, number, string, unknown[]]>([
    ['POST', '', { seq: 3, reason: ' rude ' }, 201, 'report', [{ seq: 3, reason: 'rude' }]],
    ['POST', '', { seq: 3 }, 201, 'report', [{ seq: 3, reason: '' }]],
    ['GET', '', undefined, 200, 'reports', [{ state: undefined, before: undefined, limit: 50 }]],
    [
      'GET',
      '?state=open&cursor=9&limit=2',
      undefined,
      200,
      'reports',
      [{ state: 'open', before: 9, limit: 2 }],
    ],
    ['PATCH', '/8', { state: 'dismissed' }, 200, 'settleReport', [8, 'dismissed']],
  ])(
    '%s …/reports%s asks the room in one’s own name',
    async (method, to, body, status, call, by) => {
      const { user, bearer, id, path } = await makeRoom()
      const answer = await send(method, path + to, body, bearer)
      expect(answer.status).toBe(status)
      const asked = scene.backend.calls.filter(({ what }) => what.startsWith('room.'))
      expect(asked).toEqual([{ what: `room.${call}`, of: id, with: [user, ...by] }])
    },
  )

  it.each<[string, string, object | undefined, number, string]>([
    ['POST', '', {}, 422, 'body-invalid'],
    ['POST', '', { seq: 0 }, 422, 'body-invalid'],
    ['POST', '', { seq: 1, reason: 'x'.repeat(501) }, 422, 'body-invalid'],
    ['POST', '', { seq: 1, reason: 'a\u202eb' }, 422, 'body-invalid'],
    ['GET', '?state=new', undefined, 400, 'query-invalid'],
    ['GET', '?cursor=0', undefined, 400, 'query-invalid'],
    ['GET', '?limit=101', undefined, 400, 'query-invalid'],
    ['PATCH', '/8', { state: 'open' }, 422, 'body-invalid'],
    ['PATCH', '/x', { state: 'settled' }, 404, 'report-unknown'],
    ['PATCH', '/0', { state: 'settled' }, 404, 'report-unknown'],
  ])('%s …/reports%s with %j is refused, and the room not asked', async (...row) => {
    const [method, to, body, status, code] = row
    const { bearer, path } = await makeRoom()
    const answer = await send(method, path + to, body, bearer)
    expect(await refusalIn(answer)).toEqual([status, code])
    expect(scene.backend.calls.filter(({ what }) => what.startsWith('room.'))).toEqual([])
  })
})
