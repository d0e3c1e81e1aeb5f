// What every log must do: run against the one in memory and against the one in SQLite.

import { expect, it } from 'vitest'
import type { Draft, Log } from '../../src/room/log.ts'

const draft = (content: string, extra: Partial<Draft> = {}): Draft => ({
  type: 'message',
  at: 1_795_000_000_000,
  sender: { id: 'ann', name: '앤' },
  content,
  ...extra,
})

/** @param withLog runs its argument with a fresh log. */
export function logContract(withLog: (work: (log: Log) => void) => Promise<void>): void {
  it('[L1] counts from 1 without a hole', () =>
    withLog((log) => {
      expect(log.head()).toBe(0)
      expect([1, 2, 3].map((n) => log.append(draft(String(n))).seq)).toEqual([1, 2, 3])
      expect(log.head()).toBe(3)
    }))

  it('[L2] gives back what was appended, in order', () =>
    withLog((log) => {
      const drafts = [
        draft('안녕 😀\0\n'),
        draft('b', { idempotencyKey: '__proto__' }),
        draft('c', { replyTo: 1 }),
        draft('d', { idempotencyKey: 'k', replyTo: 2 }),
      ]
      const events = drafts.map((each) => log.append(each))
      expect(log.after(0, 10)).toEqual(events)
      expect(events).toEqual(drafts.map((each, index) => ({ seq: index + 1, ...each })))
    }))

  it('pages forwards and backwards, ascending', () =>
    withLog((log) => {
      for (let n = 1; n <= 10; n++) log.append(draft(String(n)))
      const seqs = (events: { seq: number }[]) => events.map(({ seq }) => seq)
      expect(seqs(log.after(3, 4))).toEqual([4, 5, 6, 7])
      expect(seqs(log.after(8, 4))).toEqual([9, 10])
      expect(seqs(log.after(10, 4))).toEqual([])
      expect(seqs(log.before(4, 2))).toEqual([2, 3])
      expect(seqs(log.before(3, 9))).toEqual([1, 2])
      expect(seqs(log.before(1, 9))).toEqual([])
      expect(seqs(log.before(99, 3))).toEqual([8, 9, 10])
      expect(seqs(log.before(0, 3))).toEqual([])
    }))

  it('[L5] tells the keys of its newest events', () =>
    withLog((log) => {
      for (let n = 1; n <= 6; n++) {
        log.append(draft('x', n % 2 === 0 ? { idempotencyKey: `k${n}` } : {}))
      }
      expect([...log.keys(3)]).toEqual([
        { seq: 4, senderId: 'ann', key: 'k4' },
        { seq: 6, senderId: 'ann', key: 'k6' },
      ])
      expect([...log.keys(100)]).toHaveLength(3)
    }))
}
