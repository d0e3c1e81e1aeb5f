import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { Batcher } from '../../../../src/objects/shared/batcher.ts'

/** A batch has done enough after three items. */
function batcher() {
  const batches: string[][] = []
  const due: (() => void)[] = []
  const batched = new Batcher<string, string>(
    (items) => {
      const done = items.slice(0, 3)
      batches.push(done)
      return done
    },
    (work) => due.push(work),
  )
  const ask = (name: string) => batched.add(name)
  /** The next macrotask; false where nothing is due. */
  const next = () => {
    const work = due.shift()
    work?.()
    return work !== undefined
  }
  return { batches, ask, next }
}

describe('work of one moment', () => {
  it('[R4] is done in batches that have an end; what is left comes before what comes later', async () => {
    const { batches, ask, next } = batcher()
    for (const name of 'abcdefgh') ask(name)
    next()
    for (const name of 'xy') ask(name)
    while (next());
    expect(batches.map((batch) => batch.join(''))).toEqual(['a', 'bcd', 'efg', 'hxy'])
  })

  it('[H2] arms no timer when all is done', () => {
    const { ask, next } = batcher()
    for (const name of 'abcde') ask(name)
    while (next());
    expect(next()).toBe(false)
    ask('f')
    expect(next()).toBe(true)
    expect(next()).toBe(false)
  })

  it('[R1] that cannot be done at all is told to everybody who waits, and the next goes on', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
    onTestFinished(() => logged.mockRestore())
    const due: (() => void)[] = []
    let broken = false
    const batched = new Batcher<string, string>(
      (items) => {
        if (broken) throw new Error('no turn')
        return items
      },
      (work) => due.push(work),
    )
    await batched.add('before')
    broken = true
    const waiting = [batched.add('a'), batched.add('b')]
    due.shift()?.()
    expect((await Promise.allSettled(waiting)).map(({ status }) => status)).toEqual([
      'rejected',
      'rejected',
    ])
    broken = false
    const after = batched.add('done')
    due.shift()?.()
    expect(await after).toBe('done')
  })
})
