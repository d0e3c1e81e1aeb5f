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
      rooms: [{ ...room, joinedAt: '1970-01-01T00:00:00.007Z' }],
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

  it('[A1] are nobody’s without a token', async () => {
    expect(await refusalIn(await scene.ask('/api/me/rooms'))).toEqual([401, 'token-missing'])
  })
})
