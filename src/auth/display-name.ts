// A name that people see, of what somebody else's token calls somebody.

import { isVisible, withoutInvisible, withoutStackedMarks } from '../characters.ts'

/** Graphemes, and code units: one grapheme may be of many. */
const MAX_GRAPHEMES = 40
const MAX_LENGTH = 160

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** The first text of which something visible is left, cleaned and cut; 'user' where none is. */
export function displayName(...texts: readonly unknown[]): string {
  for (const text of texts) {
    const name = typeof text === 'string' ? cleaned(text) : ''
    if (isVisible(name)) return name
  }
  return 'user'
}

function cleaned(text: string): string {
  // Normalized last, because what stood between two signs may have kept them two.
  const whole = withoutStackedMarks(withoutInvisible(text)).trim()
  let [name, count] = ['', 0]
  for (const { segment } of graphemes.segment(whole)) {
    if (++count > MAX_GRAPHEMES || name.length + segment.length > MAX_LENGTH) break
    name += segment
  }
  return name.trimEnd()
}
