// Turns the web addresses in a text into links: only http and https. The text itself does not
// change.

import type { ComponentChild } from 'preact'

const ADDRESS = /\bhttps?:\/\/[^\s<>"'`]+/giu
/** Punctuation at the end of a sentence is not part of the address. */
const TRAILING = /[.,:;!?…。、，！？)\]}»”’]+$/u

/** The text of a message. Links open in another tab, without a referrer. */
export function LinkedText({ content }: { content: string }) {
  const parts: ComponentChild[] = []
  let from = 0
  for (const { 0: match, index } of content.matchAll(ADDRESS)) {
    const address = withoutTrailing(match)
    if (!URL.canParse(address)) continue
    parts.push(content.slice(from, index))
    parts.push(
      <a key={index} href={address} target="_blank" rel="noopener noreferrer">
        {address}
      </a>,
    )
    from = index + address.length
  }
  parts.push(content.slice(from))
  return <>{parts}</>
}

/** A closing bracket is part of the address if the address opened it. */
function withoutTrailing(match: string) {
  const address = match.replace(TRAILING, '')
  return match[address.length] === ')' && address.includes('(') ? `${address})` : address
}
