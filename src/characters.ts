// What can be seen of a text: invisible characters, blank letters, and combining marks that pile up
// on one letter and cover the lines around it (UTS 39, section 5.4). Pure.

/**
 * Characters without a glyph, and those that turn the text around them; not the joiners of emoji
 * and Persian.
 */
const HIDDEN = '(?![\\u200c\\u200d])[\\p{Cf}\\p{Co}\\p{Cs}]'
/** Control characters and line ends. */
const BREAKS = '\\p{Cc}\\p{Zl}\\p{Zp}'
const INVISIBLE = new RegExp(`${HIDDEN}|[${BREAKS}]`, 'u')
const ALL_HIDDEN = new RegExp(HIDDEN, 'gu')
const GAPS = new RegExp(`[\\s${BREAKS}]+`, 'gu')
/** Letters that are blank: a text of these alone shows as nothing. */
const BLANKS = /[\u115f\u1160\u3164\uffa0\u2800]/g
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u

/** Whether a text has characters that cannot be seen, other than spaces and joiners. */
export const hasInvisible = (text: string): boolean => INVISIBLE.test(text)

/** The text without those; where they part words, a space is left. */
export const withoutInvisible = (text: string): string =>
  text.replace(ALL_HIDDEN, '').replace(GAPS, ' ')

/** Whether anything of a text can be seen. */
export const isVisible = (text: string): boolean => VISIBLE.test(text.replace(BLANKS, ''))

/** Nonspacing marks that may follow one another: what UTS 39 allows, and no living script needs. */
const MOST = 4
const MARK = '[\\p{Mn}\\p{Me}]'
/** Joiners have no width, so marks on both sides of one are on the same letter. */
const JOINERS = /[\u200c\u200d]/g
const STACKED = new RegExp(`(${MARK})\\1|${MARK}{${MOST + 1}}`, 'u')
const BETWEEN = /(?<=[\p{Mn}\p{Me}])[\u200c\u200d]+(?=[\p{Mn}\p{Me}])/gu
const REPEATED = new RegExp(`(${MARK})\\1+`, 'gu')
const BEYOND = new RegExp(`(${MARK}{${MOST}})${MARK}+`, 'gu')

/** Whether a mark stands twice in a row, or too many do, however the text is composed. */
export const hasStackedMarks = (text: string): boolean =>
  STACKED.test(text.replace(JOINERS, '').normalize('NFD'))

/** The text without those marks, in NFC. */
export function withoutStackedMarks(text: string): string {
  if (!hasStackedMarks(text)) return text.normalize('NFC')
  // Marks that a joiner kept apart may change places once it is gone.
  const apart = text.normalize('NFD').replace(BETWEEN, '').normalize('NFD')
  return apart.replace(REPEATED, '$1').replace(BEYOND, '$1').normalize('NFC')
}
