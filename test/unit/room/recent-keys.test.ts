import { describe, expect, it } from 'vitest'
import { IDEMPOTENCY_WINDOW } from '../../../src/room/limits.ts'
import { RecentKeys } from '../../../src/room/recent-keys.ts'
import { MemoryLog } from '../../support/memory-log.ts'

describe('the recent keys', () => {
  const append = (log: MemoryLog, key: string) =>
    log.append({
      type: 'message',
      at: 0,
      sender: { id: 'ann', name: 'ANN' },
      content: 'x',
      idempotencyKey: key,
    }).seq

  it('[L5] are found while their events are among the newest, and forgotten after', () => {
    const log = new MemoryLog()
    const keys = new RecentKeys(log)
    for (let n = 1; n <= IDEMPOTENCY_WINDOW; n++) keys.add('ann', `k${n}`, append(log, `k${n}`))
    expect(keys.find('ann', 'k1')).toBe(1)
    keys.add('ann', 'next', append(log, 'next'))
    expect([keys.find('ann', 'k1'), keys.find('ann', 'k2')]).toEqual([undefined, 2])
    // A fresh one, after an eviction, says the same.
    const again = new RecentKeys(log)
    expect([again.find('ann', 'k1'), again.find('ann', 'k2')]).toEqual([undefined, 2])
  })

  it('[R1] are bounded, also where the oldest is used again after its window', () => {
    const log = new MemoryLog()
    const keys = new RecentKeys(log)
    const add = (key: string) => keys.add('ann', key, append(log, key))
    for (const key of ['again', 'old', 'older']) add(key)
    // Sent without a key: the memory of keys is not touched meanwhile.
    for (let n = 0; n < IDEMPOTENCY_WINDOW; n++) append(log, 'not remembered')
    add('again')
    expect(keys.size).toBe(1)
  })
})
