// What a call over RPC gives where the answer may be a refusal: no error of ours crosses an RPC.

import { Refusal, type RefusalCode } from '../../refusals.ts'

export type Answer<Value> = { readonly value: Value } | { readonly refused: RefusalCode }

/** The value of a question, or why it is refused. Throws what is no refusal. */
export function answer<Value>(question: () => Value): Answer<Value> {
  try {
    return { value: question() }
  } catch (error) {
    if (error instanceof Refusal) return { refused: error.code }
    throw error
  }
}
