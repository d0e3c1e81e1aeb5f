// Turns the web addresses in a text into links: only http and https. The text itself does not
// change.

import { element } from './dom.ts'

const ADDRESS = /\bhttps?:\/\/[^\s<>"'`]+/giu
/** Punctuation at the end of a sentence is not part of the address. */
const TRAILING = /[.,:;!?…。、，！？)\]}»”’]+$/u

export function linkedText(text: string): (Node | string)[] {
  const parts: (Node | string)[] = []
  let from = 0
  for (const { 0: match, index } of text.matchAll(ADDRESS)) {
    const address = withoutTrailing(match)
    if (!URL.canParse(address)) continue
    parts.push(text.slice(from, index), link(address))
    from = index + address.length
  }
  parts.push(text.slice(from))
  return parts.filter((part) => part !== '')
}

/** A closing bracket is part of the address if the address opened it. */
function withoutTrailing(match: string) {
  const address = match.replace(TRAILING, '')
  return match[address.length] === ')' && address.includes('(') ? `${address})` : address
}

function link(address: string) {
  const node = element('a', '', address)
  node.href = address
  node.target = '_blank'
  node.rel = 'noopener noreferrer'
  return node
}
