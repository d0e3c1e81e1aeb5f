// Tests that write nothing to the console, and leave nothing behind: for every test of the file
// that calls it.

import { afterEach, beforeEach, vi } from 'vitest'
import { auditLines } from './person-in-workerd.ts'

/**
 * Gives the audit lines of the test that runs. Afterwards the clock is the real one, and no spy is
 * left.
 */
export function quiet(): () => Record<string, unknown>[] {
  let lines: ReturnType<typeof auditLines> = () => []
  beforeEach(() => {
    lines = auditLines()
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
  })
  return () => lines()
}
