// The reference client in somebody else's TypeScript project: its types are whole, and hold what an application needs.

import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const CONSUMER = join(ROOT, 'test/support/client-consumer')

/** What the compiler finds wrong there. */
function complaints(): string[] {
  const tsc = join(ROOT, 'node_modules/.bin/tsc')
  try {
    execFileSync(tsc, ['-p', CONSUMER], { encoding: 'utf8' })
    return []
  } catch (error) {
    return String((error as { stdout: string }).stdout)
      .trim()
      .split('\n')
  }
}

test('compiles without a build step, with every library checked', () => {
  // Other people's declarations may be wrong; ours, and their use, are not.
  expect(complaints().filter((line) => !line.includes('node_modules/'))).toEqual([])
})
