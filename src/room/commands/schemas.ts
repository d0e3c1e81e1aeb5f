// The fields that several commands share.

import * as v from 'valibot'

export const Seq = v.pipe(v.number(), v.safeInteger(), v.minValue(1))

/**
 * A text. The store is UTF-8, so a lone surrogate is replaced: it would not come back as it was.
 */
export const Content = v.pipe(
  v.string(),
  v.minLength(1),
  v.transform((text) => text.toWellFormed()),
)
