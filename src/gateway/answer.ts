// What the objects answer: a value, or the code of a refusal.

import type { RefusalCode } from '../refusals.ts'

export type Answer<Value> = { readonly value: Value } | { readonly refused: RefusalCode }

/** `retryAfter` in seconds. */
export interface Delayed {
  readonly refused: 'sign-in-delayed' | 'too-fast'
  readonly retryAfter: number
}
