// Combining marks that pile up on one letter, and cover the lines around it (UTS 39, section 5.4). Pure.

/** Nonspacing marks that may follow one another: as many as UTS 39 allows, which no living script needs. */
const MOST = 4
const MARK = '[\\p{Mn}\\p{Me}]'
/** Joiners take no room: marks on both sides of one stand on the same letter. */
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
