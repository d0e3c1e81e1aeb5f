import { expect, it } from 'vitest'
import { PRICES } from '../../../../src/cost.ts'
import { asking, jsonOf, refusalIn } from '../../../support/asking.ts'

const scene = asking()
const { ask, send, signIn } = scene

it('GET /api/rooms/:id/cost tells the counts, the dollars, and the prices with their date', async () => {
  const { user, bearer } = await signIn()
  const { id } = await jsonOf(await send('POST', '/api/rooms', { name: 'a room' }, bearer))
  const counts = {
    ...{ messages: 500_000, inboundMessages: 1e6, requests: 50_000, wakeUps: 3 },
    ...{ activeSeconds: 1000, rowsRead: 2e6, rowsWritten: 500_000, storageBytes: 5e8 },
  }
  scene.backend.usage = { since: Date.UTC(2026, 10, 21), ...counts }
  scene.backend.takeCalls()
  const answer = await ask(`/api/rooms/${id}/cost`, { headers: bearer })
  expect(answer.status).toBe(200)
  expect(await jsonOf(answer)).toEqual({
    since: '2026-11-21T00:00:00.000Z',
    counts,
    dollars: {
      requests: expect.closeTo(0.015),
      duration: expect.closeTo(0.0016),
      rowsRead: expect.closeTo(0.000002),
      rowsWritten: expect.closeTo(0.5),
      total: expect.closeTo(0.516602),
      storagePerMonth: expect.closeTo(0.1),
    },
    perMillionMessages: expect.closeTo(1.033204),
    prices: PRICES,
  })
  expect(scene.backend.calls.at(-1)).toEqual({ what: 'room.cost', of: id, with: [user] })
})

it.each([
  [403, 'not-allowed'],
  [403, 'banned'],
  [404, 'room-unknown'],
] as const)(
  'GET /api/rooms/:id/cost is refused with %i %s where the room refuses it',
  async (status, code) => {
    const { bearer } = await signIn()
    const { id } = await jsonOf(await send('POST', '/api/rooms', { name: 'a room' }, bearer))
    scene.backend.refusals.set('room.cost', code)
    expect(await refusalIn(await ask(`/api/rooms/${id}/cost`, { headers: bearer }))).toEqual([
      status,
      code,
    ])
  },
)
