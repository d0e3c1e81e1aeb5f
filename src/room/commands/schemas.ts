// The fields that several commands share, and how a schema is held to.

import * as v from 'valibot'
import { Refusal } from '../../refusals.ts'

/** The place of an event in the log: 1 or more. */
export const Seq = v.pipe(v.number(), v.safeInteger(), v.minValue(1))

/**
 * A text. The store is UTF-8, so a lone surrogate is replaced: it would not come back as it was.
 */
export const Content = v.pipe(
  v.string(),
  v.minLength(1),
  v.transform((text) => text.toWellFormed()),
)

/**
 * A value that fits a schema.
 *
 * @throws Refusal `body-invalid`.
 */
export function validated<Output>(
  value: unknown,
  schema: v.GenericSchema<unknown, Output>,
): Output {
  const result = v.safeParse(schema, value)
  if (!result.success) throw new Refusal('body-invalid', fault(result.issues))
  return result.output
}

function fault([first]: readonly v.BaseIssue<unknown>[]): string {
  if (!first) return 'body'
  const wanted = first.expected === null ? first.message : `expected ${first.expected}`
  return `${v.getDotPath(first) ?? 'body'}: ${wanted}`
}
