// README.md names the files that a SEND passes. This holds the list to the code.

import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../../..')
const SRC = join(ROOT, 'src')
/**
 * A file counts if the message is handed to it, as bytes, frame, command, event or MESSAGE, and it
 * hands it on. A table that lets it pass counts too. What a step only asks does not: its limits, its
 * session, its types, the parts of its own work. A file leaves the list when nothing passes through
 * it any more, and never because it is called a helper.
 */
const MOST = 15

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
