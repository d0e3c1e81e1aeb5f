// The one spelling by which names are found.

/**
 * A name in NFC and with full case folding: names that differ in nothing else have the same key,
 * and a name begins with a text where its key begins with the text's key.
 */
export const nameKey = (name: string): string =>
  // Lower case first: the capital ẞ has no other. A sigma at the end of a word is a sigma.
  name
    .normalize('NFC')
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    .replaceAll('ς', 'σ')
    .normalize('NFC')
