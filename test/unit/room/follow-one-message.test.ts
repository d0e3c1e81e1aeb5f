// README.md names the files that a SEND passes. This holds the list to the code.

import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../../..')
const SRC = join(ROOT, 'src')
/**
 * The platform takes five: a message in, its order, its token, its room, its batch. The rest has one
 * file for each idea. A merge would hide a step, and not remove it.
 */
const MOST = 20

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

/** The items of the list. */
function items(): string[] {
  const [, section = ''] = read('README.md').split('## Follow one message\n')
  const [list = ''] = section.split('\n## ')
  return list.split(/^\d+\. /m).slice(1)
}

const filesIn = (item: string) =>
  [...item.matchAll(/`src\/([\w/-]+\.ts)`/g)].map(([, file = '']) => file)

const listed = () => items().flatMap(filesIn)

function importedBy(file: string): string[] {
  return [...read(join('src', file)).matchAll(/from '(\.[^']+)'/g)].map(([, target = '']) =>
    relative(SRC, join(SRC, dirname(file), target)),
  )
}

it('a SEND passes no more files than anybody can read', () => {
  expect(listed().length).toBeGreaterThan(10)
  expect(listed().length).toBeLessThanOrEqual(MOST)
})

it('each item of the list names one file, and the list says how many there are', () => {
  expect(items().filter((item) => filesIn(item).length !== 1)).toEqual([])
  expect(read('README.md')).toContain(`A SEND passes ${listed().length} files`)
})

it('each file that a SEND passes is called by one before it, or stands behind a port of the room', () => {
  const files = listed()
  const unreachable = files.slice(1).filter((file, index) => {
    const before = files.slice(0, index + 1)
    const isCalled = before.some((each) => importedBy(each).includes(file))
    return !isCalled && !importedBy(file).includes('room/ports.ts')
  })
  expect(unreachable).toEqual([])
})
