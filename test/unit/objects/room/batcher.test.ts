import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { Gathering } from '../../../../src/objects/room/batcher.ts'

/** Batches of pieces, each of which costs one; a batch has done enough at three. */
function gathering() {
  const batches: string[][] = []
  const due: (() => void)[] = []
  const gathered = new Gathering<string[]>(
    (batch) => {
      const done: string[] = []
      batches.push(done)
      batch(done)
    },
    (done) => done.length >= 3,
    (work) => due.push(work),
  )
  const ask = (name: string) => gathered.soon((done) => done.push(name))
  /** The next macrotask; false where nothing is due. */
  const next = () => {
    const work = due.shift()
    work?.()
    return work !== undefined
  }
  return { batches, ask, next, gathered }
}

describe('work of one moment', () => {
  it('[R4] is done in batches that have an end; what is left comes before what comes later', async () => {
    const { batches, ask, next } = gathering()
    for (const name of 'abcdefgh') ask(name)
    next()
    for (const name of 'xy') ask(name)
    while (next());
    expect(batches.map((batch) => batch.join(''))).toEqual(['a', 'bcd', 'efg', 'hxy'])
  })

  it('[H2] arms no timer when all is done', () => {
    const { ask, next } = gathering()
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
    const gathered = new Gathering<number>(
      (batch) => {
        if (broken) throw new Error('no turn')
        batch(1)
      },
      () => false,
      (work) => due.push(work),
    )
    await gathered.soon(() => {})
    broken = true
    const waiting = [gathered.soon(() => {}), gathered.soon(() => {})]
    due.shift()?.()
    expect((await Promise.allSettled(waiting)).map(({ status }) => status)).toEqual([
      'rejected',
      'rejected',
    ])
    broken = false
    const after = gathered.soon(() => 'done')
    due.shift()?.()
    expect(await after).toBe('done')
  })
})
