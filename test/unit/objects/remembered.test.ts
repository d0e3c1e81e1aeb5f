import { describe, expect, it } from 'vitest'
import { forgetting, Remembered } from '../../../src/objects/shared/remembered.ts'

/** Values read from a map, and how often each was read. */
function world(most = 9) {
  const stored = new Map<string, number>([['a', 1]])
  const reads: string[] = []
  const remembered = new Remembered<number | undefined>(most)
  const get = (name: string) =>
    remembered.get(name, () => {
      reads.push(name)
      return stored.get(name)
    })
  return { stored, reads, remembered, get }
}

describe('what was read of a storage', () => {
  it('is read once, also where there is nothing', () => {
    const { reads, get } = world()
    expect(['a', 'b', 'a', 'b'].map(get)).toEqual([1, undefined, 1, undefined])
    expect(reads).toEqual(['a', 'b'])
  })

  it('is what was written since', () => {
    const { reads, remembered, get } = world()
    remembered.set('a', 2)
    remembered.update('a', (value = 0) => value + 1)
    expect([get('a'), reads]).toEqual([3, []])
  })

  it('changes only where it is known: what stands beside it is not', () => {
    const { remembered, get } = world()
    remembered.update('a', () => 5)
    expect(get('a')).toBe(1)
  })

  it.each([
    ['one is forgotten', ({ remembered }: ReturnType<typeof world>) => remembered.forget('a')],
    ['all are forgotten', ({ remembered }: ReturnType<typeof world>) => remembered.clear()],
  ])('is read again where %s', (_what, forget) => {
    const all = world()
    all.get('a')
    all.stored.set('a', 7)
    forget(all)
    expect(all.get('a')).toBe(7)
  })

  it('[R4] has a bound', () => {
    const { reads, get } = world(2)
    for (const name of ['a', 'b', 'c', 'a']) get(name)
    expect(reads).toEqual(['a', 'b', 'c', 'a'])
  })
})

describe('[R1] SQL whose failures make one forget', () => {
  it('gives what it gives, and forgets where a statement fails', () => {
    let forgotten = 0
    const exec = (query: string) => {
      if (query === 'bad') throw new Error('full')
      return query
    }
    const sql = forgetting({ exec } as unknown as SqlStorage, () => forgotten++)
    expect([sql.exec('good'), forgotten]).toEqual(['good', 0])
    expect(() => sql.exec('bad')).toThrow('full')
    expect(forgotten).toBe(1)
  })
})
