import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { dollarsOf, PRICES, perMillionMessages, type Usage } from '../../src/cost.ts'

const NOTHING: Usage = {
  ...{ since: 0, messages: 0, inboundMessages: 0, requests: 0, wakeUps: 0 },
  ...{ activeSeconds: 0, rowsRead: 0, rowsWritten: 0, storageBytes: 0 },
}

describe('the price of a room', () => {
  it.each<[what: string, usage: Partial<Usage>, total: number]>([
    ['nothing', {}, 0],
    ['a million requests', { requests: 1e6 }, 0.15],
    ['twenty million inbound messages', { inboundMessages: 20e6 }, 0.15],
    ['a million seconds at 128 MB', { activeSeconds: 1e6 }, 1.6],
    ['a million rows written', { rowsWritten: 1e6 }, 1],
    ['a million rows read', { rowsRead: 1e6 }, 0.001],
    ['waking up, as such', { wakeUps: 1e6 }, 0],
    ['storage, which is by the month', { storageBytes: 1e9 }, 0],
  ])('of %s', (_, usage, total) => {
    expect(dollarsOf({ ...NOTHING, ...usage }).total).toBeCloseTo(total, 12)
  })

  it('of a gigabyte a month', () => {
    expect(dollarsOf({ ...NOTHING, storageBytes: 1e9 }).storagePerMonth).toBeCloseTo(0.2, 12)
  })

  it('of a million messages is that of their inbound messages, rows and active time', () => {
    const usage = { ...NOTHING, messages: 500, inboundMessages: 500, rowsWritten: 500 }
    expect(perMillionMessages(usage, dollarsOf(usage))).toBeCloseTo(1.0075, 12)
    const busy = { ...usage, activeSeconds: 0.5 }
    expect(perMillionMessages(busy, dollarsOf(busy))).toBeCloseTo(1.0075 + 1.6 * 0.001, 12)
  })

  it('of a million messages is unknown where there was none', () => {
    expect(perMillionMessages(NOTHING, dollarsOf(NOTHING))).toBeNull()
  })

  it('says of when its prices are', () => {
    expect(PRICES.asOf).toMatch(/^\d{4}-\d\d-\d\d$/)
  })
})

it('[C1] a message is no invocation log, and no line that is written is lost to sampling', () => {
  const toml = readFileSync(join(import.meta.dirname, '../../wrangler.toml'), 'utf8')
  const [, logs = ''] = toml.split('[observability.logs]\n')
  expect(logs).toContain('invocation_logs = false')
  expect(logs).toContain('head_sampling_rate = 1\n')
})
