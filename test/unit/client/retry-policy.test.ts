// Which refusals mean signing in again.

import { expect, it } from 'vitest'
import { endsSignIn } from '../../../src/client/connection/retry-policy.ts'

it.each([
  ['session-ended', true],
  ['refresh-reused', true],
  ['account-disabled', true],
  ['banned', false],
  ['roles-changed', false],
])('%s means signing in again: %s', (code, over) => {
  expect(endsSignIn(code)).toBe(over)
})
