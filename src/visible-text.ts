// Text that people see of each other, in names and reactions: what it may hold, and how long it may be.

import * as v from 'valibot'
import { hasStackedMarks } from './combining-marks.ts'

/** Characters that no such text may hold: they cannot be seen, or they turn the text around them. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/u
/** Two that make one sign of several, as in emoji of families and in Persian. */
const JOINERS = /[\u200c\u200d]/g
/** Letters that are blank: a text of these alone shows as nothing. */
const BLANKS = /[\u115f\u1160\u3164\uffa0\u2800]/g
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u
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
      (text) =>
        EMOJI.test(text) ||
        (!INVISIBLE.test(text.replace(JOINERS, '')) && VISIBLE.test(text.replace(BLANKS, ''))),
      'characters that cannot be seen are not allowed',
    ),
    v.check((text) => !hasStackedMarks(text), 'too many marks on one letter'),
  )
