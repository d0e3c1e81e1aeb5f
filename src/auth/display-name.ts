// A display name, made from the claims of another issuer's token.

import { isVisible, withoutInvisible, withoutStackedMarks } from '../characters.ts'

/** Graphemes, and code units: one grapheme may be of many. */
const MAX_GRAPHEMES = 40
const MAX_LENGTH = 160

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** The first text that is visible once it is cleaned and cut; 'user' if none is. */
export function displayName(...texts: readonly unknown[]): string {
  for (const text of texts) {
    const name = typeof text === 'string' ? cleaned(text) : ''
    if (isVisible(name)) return name
  }
  return 'user'
}

function cleaned(text: string): string {
  // Normalized last: removing what stood between two signs may let them combine.
  const whole = withoutStackedMarks(withoutInvisible(text)).trim()
  let [name, count] = ['', 0]
  for (const { segment } of graphemes.segment(whole)) {
    if (++count > MAX_GRAPHEMES || name.length + segment.length > MAX_LENGTH) break
    name += segment
  }
  return name.trimEnd()
}
