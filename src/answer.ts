// The answer of an object to a call: a value, or the code of a refusal. No error of ours crosses an
// RPC.

import { Refusal, type RefusalCode } from './refusals.ts'

/**
 * What a call over RPC returns: the value, or the code of a refusal with its detail for the one
 * refused.
 */
export type Answer<Value> =
  | { readonly value: Value }
  | {
      readonly refused: RefusalCode
      readonly detail?: string
      /** Seconds after which the same may be granted. */
      readonly retryAfter?: number
    }

/** A refusal that ends by itself; `retryAfter` in seconds. */
export interface Delayed {
  readonly refused: 'sign-in-delayed' | 'too-fast'
  readonly retryAfter: number
}

/** Runs a question; a Refusal that it throws becomes the answer. Other errors are thrown on. */
export function asAnswer<Value>(question: () => Value): Answer<Value> {
  try {
    return { value: question() }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { code: refused, detail, retryAfter } = error
    return {
      refused,
      ...(detail !== undefined && { detail }),
      ...(retryAfter !== undefined && { retryAfter }),
    }
  }
}
