// What a name looks like: two names with one look are hard to tell apart (UTS 39, section 4).

import confusables from 'unhomoglyph/data.json' with { type: 'json' }

/** What each confusable character stands for: Unicode's confusables.txt. */
const PROTOTYPES: Readonly<Record<string, string>> = confusables

/** White space and invisible characters: they distinguish no names. */
const GAPS = /[\s\p{Default_Ignorable_Code_Point}]+/gu

/** The look of a name: its skeleton, whatever the case and the width of its letters. */
export const lookOf = (name: string): string =>
  skeleton(skeleton(name.normalize('NFKC')).toLowerCase())

/** UTS 39, section 4, `skeleton(X)`, without white space. */
function skeleton(text: string): string {
  let mapped = ''
  for (const character of text.normalize('NFD').replace(GAPS, '')) {
    mapped += Object.hasOwn(PROTOTYPES, character) ? PROTOTYPES[character] : character
  }
  return mapped.normalize('NFD')
}
