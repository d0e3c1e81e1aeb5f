// The hostile bench: what an attacker sends and hears, and what is told of it.

import { expect, it } from 'vitest'
import type { Ordeal } from '../bench/hostile/ordeal.ts'
import { closeAtEnd, message } from '../bench/hostile/ws-bytes.ts'
import { frame } from '../bench/load/wire.ts'
import { hostilitiesText, isAllowedToSleep, isWithstood } from '../bench/report/hostile.ts'

const times = (p99: number) => ({ count: 100, p50: 1, p95: 1, p99, max: p99 })
const ordeal = (quiet: number, attacked: number, megabytes: number, attack = 'one'): Ordeal => ({
  attack,
  about: 'something is done',
  quiet: times(quiet),
  attacked: times(attacked),
  memory: megabytes * 2 ** 20,
  cores: 1,
  told: 'nothing',
})

it('makes WebSocket messages of every length', () => {
  for (const length of [0, 1, 125, 126, 65_535]) {
    expect(message('x'.repeat(length))).toEqual(frame('x'.repeat(length)))
  }
  const large = message(Buffer.alloc(65_536))
  expect(large.subarray(0, 2)).toEqual(Buffer.from([0x82, 0xff]))
  expect(large.readBigUInt64BE(2)).toBe(65_536n)
  expect(large.length).toBe(65_536 + 14)
})

it('finds the close at the end of what was heard, and takes nothing else for one', () => {
  const close = Buffer.from([0x88, 10, 0x11, 0x4d, ...Buffer.from('too-fast')])
  expect(closeAtEnd(close)).toBe('4429 too-fast')
  expect(closeAtEnd(Buffer.concat([message('before'), close]))).toBe('4429 too-fast')
  expect(closeAtEnd(Buffer.from([0x88, 2, 0x03, 0xe8]))).toBe('1000')
  expect(closeAtEnd(message('text'))).toBeUndefined()
  expect(closeAtEnd(Buffer.from([0x88, 2, 0, 0]))).toBeUndefined()
})

it('wants 100 ms or three times the quiet p99, and 64 MB', () => {
  expect(isWithstood(ordeal(2, 100, 63))).toBe(true)
  expect(isWithstood(ordeal(2, 101, 1))).toBe(false)
  expect(isWithstood(ordeal(50, 150, 1))).toBe(true)
  expect(isWithstood(ordeal(2, 3, 64))).toBe(false)
  expect(isWithstood(ordeal(2, Number.NaN, 1))).toBe(false)
  expect(isWithstood({ ...ordeal(2, 3, 1), failed: 'a victim was thrown out' })).toBe(false)
  expect(isAllowedToSleep({ tried: 12, awake: 3, told: '' })).toBe(true)
  expect(isAllowedToSleep({ tried: 12, awake: 12, told: '' })).toBe(false)
})

it('tells apart what a bare object does not withstand either', () => {
  const bare = ordeal(2, 800, 80, 'one, bare')
  const verdict = (mine: Ordeal) => hostilitiesText({ ordeals: [mine, bare] }).split('\n')[1]
  expect(verdict(ordeal(2, 900, 79))).toContain('as the runtime')
  expect(verdict(ordeal(2, 900, 81))).toContain('NOT WITHSTOOD')
  expect(verdict(ordeal(2, 900, 1, 'two'))).toContain('NOT WITHSTOOD')
  expect(verdict({ ...ordeal(2, 900, 1), failed: 'gone' })).toContain('NOT WITHSTOOD')
})
