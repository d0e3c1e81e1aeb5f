// A password costs a fifth of a second of a core on purpose. Tests that are not about that cost do
// without it.

import { afterAll, beforeAll } from 'vitest'
import { PARAMETERS } from '../../src/auth/passwords/password.ts'

/**
 * Makes scrypt cheap for all tests of the suite that calls it, inside workerd or in Node. Afterwards
 * today's parameters are back: other files share the module.
 */
export function cheapPasswords(): void {
  const today = { ...PARAMETERS }
  beforeAll(() => void Object.assign(PARAMETERS, { ln: 4, r: 8, p: 1 }))
  afterAll(() => void Object.assign(PARAMETERS, today))
}
