// Text that people see of each other, in names, reactions and reasons: what it may hold, and its
// length.

import * as v from 'valibot'
import { hasInvisible, hasStackedMarks, isVisible } from './characters.ts'

/** The flags of England, Scotland and Wales are emoji written with invisible characters. */
const EMOJI = /^\p{RGI_Emoji}$/v

/** A text that people see: trimmed, in NFC, of at most `max` characters. */
export const visibleText = (max: number) =>
  v.pipe(
    v.string('a text is wanted'),
    v.trim(),
    v.normalize('NFC'),
    v.minGraphemes(1, 'one character at least'),
    v.maxGraphemes(max, `${max} characters at most`),
    v.maxLength(4 * max, 'too long'),
    v.check(
      (text) => EMOJI.test(text) || (!hasInvisible(text) && isVisible(text)),
      'characters that cannot be seen are not allowed',
    ),
    v.check((text) => !hasStackedMarks(text), 'too many marks on one letter'),
  )

/** Why somebody does something to another, who is told it: at most 200 characters. */
export const Reason = visibleText(200)
