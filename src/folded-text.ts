// Text as rules of words and links compare it: in NFKC, with its case folded and without what
// cannot be seen, and the way back to the text as it was written. Pure.

/** A text that is compared, unit by unit, with the places that each unit comes from. */
export interface FoldedText {
  readonly text: string
  /** For each UTF-16 unit of `text`: where the characters begin that it was made of. */
  readonly from: readonly number[]
  /** For each UTF-16 unit of `text`: where those characters end. */
  readonly to: readonly number[]
}

const IGNORED = /\p{Default_Ignorable_Code_Point}/u

/**
 * What a character begins with that joins the one before: marks, and the vowels and finals of
 * Hangul. Nothing else composes with what stands before it.
 */
const JOINING = /^[\p{M}\u1160-\u11ff\ud7b0-\ud7ff\u{16d63}\u{16d67}]/u

/** No character joins the one before below this one. */
const FIRST_JOINING = '\u0300'

const ASCII = /^[\0-\x7f]*$/

/** Characters that are composed together; no writing needs more (UAX 15, section 13). */
const MOST_TOGETHER = 32

/** A text as it is compared. The work is proportional to its length. */
export function foldText(text: string): FoldedText {
  if (ASCII.test(text)) return foldAscii(text)
  const from: number[] = []
  const to: number[] = []
  let folded = ''
  for (const { characters, start, end } of clusters(text)) {
    const piece = foldCluster(characters)
    for (let unit = 0; unit < piece.length; unit++) {
      from.push(start)
      to.push(end)
    }
    folded += piece
  }
  return { text: folded, from, to }
}

/** Whether a character joins the one before when they are composed. */
export const joins = (character: string): boolean =>
  character >= FIRST_JOINING && JOINING.test(character.normalize('NFKC'))

interface Cluster {
  readonly characters: string
  readonly start: number
  readonly end: number
}

/** The pieces of a text that are composed each by itself, without what cannot be seen. */
function* clusters(text: string): Generator<Cluster> {
  let characters = ''
  let [start, end, size, at] = [0, 0, 0, 0]
  for (const character of text) {
    const next = at + character.length
    if (!IGNORED.test(character)) {
      if (size === 0 || size === MOST_TOGETHER || !joins(character)) {
        if (size > 0) yield { characters, start, end }
        characters = ''
        size = 0
        start = at
      }
      characters += character
      size++
      end = next
    }
    at = next
  }
  if (size > 0) yield { characters, start, end }
}

function foldCluster(characters: string): string {
  let folded = ''
  // One by one: the small form of a sigma depends on the letter before.
  for (const character of characters.normalize('NFKC')) folded += foldCase(character)
  return folded.normalize('NFKC')
}

/** Full case folding: `ẞ`, `ß` and `SS` are all `ss`. */
const foldCase = (character: string) => character.toLowerCase().toUpperCase().toLowerCase()

function foldAscii(text: string): FoldedText {
  const from = Array.from(text, (_, at) => at)
  return { text: text.toLowerCase(), from, to: from.map((at) => at + 1) }
}
