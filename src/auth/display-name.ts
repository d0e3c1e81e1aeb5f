// A name that people see, of what somebody else's token calls somebody.

import { withoutStackedMarks } from '../combining-marks.ts'

/** Graphemes, and code units: one grapheme may be of many. */
const MAX_GRAPHEMES = 40
const MAX_LENGTH = 160

/** What cannot be seen, or turns the text around it, but for the two joiners of emoji and Persian. */
const INVISIBLE = /(?![\u200c\u200d])[\p{Cf}\p{Co}\p{Cs}]/gu
/** What parts words, line ends among it. */
const GAPS = /[\s\p{Cc}\p{Zl}\p{Zp}]+/gu
/** Letters that are blank: a name of these alone shows as nothing. */
const BLANKS = /[\u115f\u1160\u3164\uffa0\u2800]/g
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** The first of the texts of which anything is left to be seen, cleaned and cut; 'user' where none is. */
export function displayName(...texts: readonly unknown[]): string {
  for (const text of texts) {
    const name = typeof text === 'string' ? cleaned(text) : ''
    if (VISIBLE.test(name.replace(BLANKS, ''))) return name
  }
  return 'user'
}

function cleaned(text: string): string {
  // Normalized last, because what stood between two signs may have kept them two.
  const whole = withoutStackedMarks(text.replace(INVISIBLE, '').replace(GAPS, ' ')).trim()
  let [name, count] = ['', 0]
  for (const { segment } of graphemes.segment(whole)) {
    if (++count > MAX_GRAPHEMES || name.length + segment.length > MAX_LENGTH) break
    name += segment
  }
  return name.trimEnd()
}
