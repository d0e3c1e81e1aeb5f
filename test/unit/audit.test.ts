import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { RefusalLog } from '../../src/audit.ts'
import type { RefusalCode } from '../../src/refusals.ts'

const NOON = 1_800_000_000_000 - (1_800_000_000_000 % 60_000)

let now: number
let log: RefusalLog
let lines: { suppressed?: number; code: string }[]

beforeEach(() => {
  now = NOON
  log = new RefusalLog(() => now)
  lines = []
  vi.spyOn(console, 'log').mockImplementation((line) => {
    lines.push(JSON.parse(line))
  })
})
afterEach(() => {
  vi.restoreAllMocks()
})

function refuse(times: number, code: RefusalCode = 'token-invalid') {
  for (let n = 0; n < times; n++) log.write({ event: 'token-refused', code, reason: `${n}` })
  return lines.splice(0)
}

describe('[R5] the log of refusals', () => {
  it('has the first ten of a minute whole', () => {
    expect(refuse(10)).toEqual(
      Array.from({ length: 10 }, (_, n) => ({
        ...{ event: 'token-refused', code: 'token-invalid', reason: `${n}` },
      })),
    )
  })

  it('has one line for each hundred after them, and no other', () => {
    expect(refuse(200).slice(10)).toEqual([expect.objectContaining({ suppressed: 99 })])
    expect(refuse(100_000)).toHaveLength(1000)
  })

  it('tells of every refusal, once', () => {
    let told = 0
    for (let n = 0; n < 500; n++) {
      told += refuse(1).reduce((sum, { suppressed = 0 }) => sum + 1 + suppressed, 0)
      if (n % 150 === 149) now += 60_000
    }
    now += 60_000
    told += refuse(1).reduce((sum, { suppressed = 0 }) => sum + 1 + suppressed, 0)
    expect(told).toBe(501)
  })

  it('begins anew with the minute, with what was left of the last', () => {
    refuse(60)
    now += 59_999
    expect(refuse(1)).toEqual([])
    now += 1
    expect(refuse(11).map(({ suppressed }) => suppressed)).toEqual([
      51,
      ...Array(9).fill(undefined),
    ])
  })

  it('counts each code and each event by itself', () => {
    refuse(50)
    expect(refuse(11, 'token-expired')).toHaveLength(10)
    log.write({ event: 'entry-refused', code: 'token-invalid' })
    expect(lines).toEqual([{ event: 'entry-refused', code: 'token-invalid' }])
  })

  it.each(['refresh-reused', 'credentials-invalid', 'login-taken', 'principal-mismatch'] as const)(
    'has every %s whole: it may be a thief',
    (code) => {
      expect(refuse(300, code)).toHaveLength(300)
    },
  )
})
