// M2: when the answers leave that must not tell whether there is a room.

import { afterEach, describe, expect, it, vi } from 'vitest'
import { readConfig } from '../../../../src/config.ts'
import { evenWait } from '../../../../src/gateway/http/even-time.ts'
import { REFUSALS, type RefusalCode } from '../../../../src/refusals.ts'
import { asking, type Headers } from '../../../support/asking.ts'

afterEach(() => void vi.restoreAllMocks())

/** What hides whether something is there. */
const HIDING: readonly RefusalCode[] = ['room-unknown', 'invitation-unknown']

describe('[M2] an answer that hides a room', () => {
  it.each([
    [0, 250],
    [3, 247],
    [249, 1],
    [250, 250],
    [260, 240],
    // The clock went back.
    [-10, 10],
    [-260, 10],
  ])('that took %i ms waits %i ms more', (took, more) => {
    for (const code of HIDING) expect(evenWait(code, took, 250)).toBe(more)
  })

  it('is none of the others, and waits for nothing where the variable is 0', () => {
    const others = (Object.keys(REFUSALS) as RefusalCode[]).filter((code) => !HIDING.includes(code))
    expect(others.map((code) => evenWait(code, 3, 250)).filter((wait) => wait !== 0)).toEqual([])
    expect(evenWait('room-unknown', 3, 0)).toBe(0)
  })

  it('waits by default', () => {
    expect(readConfig({}).unknownRoomMs).toBe(250)
  })
})

describe('[M2] the gateway', () => {
  const scene = asking()
  const { send, ask, signIn } = scene
  const GRID = 20
  const room = 'x'.repeat(20)

  const UPGRADE = { Upgrade: 'websocket' }
  const upgrade = (bearer: Headers) => {
    scene.backend.refusals.set('room.enter', 'room-unknown')
    return ask(`/chat?room=${room}`, { headers: { ...UPGRADE, ...bearer } })
  }

  /** The milliseconds for which a request waits, beside what it takes. */
  async function waitsOf(request: (bearer: Headers) => Promise<Response>): Promise<unknown[]> {
    scene.start({ UNKNOWN_ROOM_MS: GRID })
    const { bearer } = await signIn()
    const timeouts = vi.spyOn(globalThis, 'setTimeout')
    await request(bearer)
    const waits = timeouts.mock.calls.map(([, ms]) => ms)
    timeouts.mockRestore()
    return waits
  }

  it.each<[what: string, request: (bearer: Headers) => Promise<Response>]>([
    ['a room', (bearer) => send('GET', `/api/rooms/${room}`, undefined, bearer)],
    ['an id that cannot be', (bearer) => send('GET', '/api/rooms/x', undefined, bearer)],
    ['a ticket', (bearer) => send('POST', `/api/rooms/${room}/tickets`, undefined, bearer)],
    [
      'a message',
      (bearer) => send('POST', `/api/rooms/${room}/messages`, { content: 'x' }, bearer),
    ],
    ['an invitation', () => send('GET', `/api/invitations/${room}${'x'.repeat(22)}`)],
    ['an upgrade', upgrade],
  ])('waits before it tells that there is none: %s', async (_what, request) => {
    const [wait, ...more] = await waitsOf(request)
    expect(more).toEqual([])
    expect(wait).toBeGreaterThan(0)
    expect(wait).toBeLessThanOrEqual(GRID)
  })

  it('waits for nothing else', async () => {
    const refused = (bearer: Headers) => send('GET', '/api/admin/users/x', undefined, bearer)
    expect(await waitsOf(refused)).toEqual([])
    expect(await waitsOf(() => ask('/chat', { headers: UPGRADE }))).toEqual([])
    const listed = (bearer: Headers) => send('GET', '/api/rooms', undefined, bearer)
    expect(await waitsOf(listed)).toEqual([])
  })
})
