// Turns the web addresses in a text into links. Only http and https, and the text stays what it
// was.

import { element } from './dom.ts'

const ADDRESS = /\bhttps?:\/\/[^\s<>"'`]+/giu
/** What ends a sentence does not belong to the address in it. */
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

/** A closing bracket stays where the address opened one. */
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
