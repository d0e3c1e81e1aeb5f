// The reference client where the platform is no browser, and not all of one.

import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ClientWorld } from '../../support/client-world.ts'
import { settled } from '../../support/manual-clock.ts'

const TALK = join(import.meta.dirname, '../../support/bare-talk.ts')
const run = promisify(execFile)

afterEach(() => {
  vi.unstubAllGlobals()
})

/** What a talk tells on a platform without these. */
async function talk(...lacking: string[]): Promise<[string, unknown][]> {
  const { stdout } = await run(process.execPath, [TALK, JSON.stringify(lacking)], {
    timeout: 20_000,
  })
  const lines = stdout.trim().split('\n')
  return lines.map((line) => JSON.parse(line))
}

const of = (told: [string, unknown][], what: string) =>
  told.filter(([kind]) => kind === what).map(([, value]) => value)

/** What React Native has not, or had not for long, and what older Safaris have not. */
const ABSENT = [
  ...['AbortSignal.timeout', 'AbortSignal.any', 'crypto', 'structuredClone', 'navigator'],
  ...['URL', 'URLSearchParams', 'BroadcastChannel', 'Promise.withResolvers'],
  ...['Array.prototype.findLast', 'Array.prototype.toSorted', 'Object.groupBy', 'Array.fromAsync'],
  ...['localStorage', 'sessionStorage', 'performance', 'Iterator'],
]

describe('a platform', () => {
  it.each([
    ['without what React Native lacks', ABSENT],
    ['and without an AbortController', [...ABSENT, 'AbortController', 'AbortSignal']],
  ])('%s: somebody says something, and hears it', async (_, lacking) => {
    const told = await talk(...lacking)
    expect(of(told, 'problem')).toEqual([])
    expect(of(told, 'event')).toEqual(['hello'])
    expect(of(told, 'fetch')).toEqual(['https://chat.example/api/rooms/room/tickets'])
    expect(of(told, 'state')).toEqual([
      { phase: 'connecting', again: false },
      { phase: 'connected' },
    ])
  })

  it.each([
    [['TextEncoder'], 'this platform has no TextEncoder'],
    [['TextDecoder'], 'this platform has no TextDecoder'],
    [
      ['TextEncoder', 'TextDecoder', 'WebSocket'],
      'this platform has no TextEncoder, no TextDecoder, no WebSocket',
    ],
  ])('without %j: it is said once, and the client ends', async (lacking, problem) => {
    const told = await talk(...lacking)
    expect(told).toEqual([
      ['problem', problem],
      ['state', { phase: 'ended', code: 'platform-lacking' }],
    ])
  })
})

describe('a key', () => {
  const real = crypto
  const randomUUID = () => real.randomUUID()
  const getRandomValues = (into: Uint8Array<ArrayBuffer>) => real.getRandomValues(into)
  it.each<[string, object | undefined]>([
    ['in a browser', { randomUUID, getRandomValues }],
    ['on a page over http', { getRandomValues }],
    ['without crypto', undefined],
  ])('%s is another each time, and fits the header', (_, crypto) => {
    vi.stubGlobal('crypto', crypto)
    const world = new ClientWorld()
    const { newKey: _own, ...platform } = world.platform
    const client = world.make({ platform })
    const keys = Array.from({ length: 200 }, () => client.send('hello'))
    expect(new Set(keys).size).toBe(200)
    for (const key of keys) expect(key).toMatch(/^[0-9a-f-]{32,36}$/)
  })
})

describe('React Native', () => {
  it.each([
    ['by itself', {}, 'ReactNative'],
    ['where the application says so', { binary: true }, 'Gecko'],
  ])(
    'cuts texts at a NUL, so frames go as binary messages, and so do the answers: %s',
    async (_, options, product) => {
      vi.stubGlobal('navigator', { product })
      const world = new ClientWorld()
      world.room.cutsTexts = true
      const client = await world.start(options)
      client.send('hello')
      await settled()
      expect(world.phases).toEqual(['connecting', 'connected'])
      expect(world.contents).toEqual(['hello'])
    },
  )
})

it('says that it reads several frames in one message', async () => {
  const world = new ClientWorld()
  await world.start()
  expect(world.room.heard('CONNECT')[0]?.headers).toMatchObject({ 'multi-frame': 'true' })
})
