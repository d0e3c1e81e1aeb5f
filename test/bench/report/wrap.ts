// Paragraphs of Markdown in lines of a width that people read.

const COLUMNS = 110
/** A word of Markdown: a code span stays whole. */
const WORD = /(?:`[^`]*`|[^\s`])+/g
/** What cannot be wrapped: rows of tables, headings, pictures. */
const WHOLE = /^(?:\||#|!\[)/

/** Wraps the lines of paragraphs that are too long, and leaves all others as they are. */
export const wrapped = (text: string): string =>
  text
    .split('\n')
    .map((line) => (line.length > COLUMNS && !WHOLE.test(line) ? fold(line) : line))
    .join('\n')

function fold(line: string): string {
  const words = line.match(WORD) ?? []
  return words.reduce((folded, word) => {
    const column = folded.length - (folded.lastIndexOf('\n') + 1)
    return `${folded}${column + 1 + word.length > COLUMNS ? '\n' : ' '}${word}`
  })
}
