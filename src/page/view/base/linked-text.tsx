// Turns the web addresses in a text into links: only http and https. The text itself does not
// change.

import type { ComponentChild, ComponentChildren } from 'preact'

const ADDRESS = /\bhttps?:\/\/[^\s<>"'`]+/giu
/** Punctuation at the end of a sentence is not part of the address. */
const TRAILING = /[.,:;!?…。、，！？)\]}»”’]+$/u

/**
 * A text with its links, which open in another tab, without a referrer.
 *
 * @param plain how what is no link is shown
 */
export function LinkedText({
  content,
  plain = (text) => text,
}: {
  content: string
  plain?: (text: string) => ComponentChildren
}) {
  const parts: ComponentChild[] = []
  let from = 0
  for (const { 0: match, index } of content.matchAll(ADDRESS)) {
    const address = withoutTrailing(match)
    if (!URL.canParse(address)) continue
    parts.push(plain(content.slice(from, index)))
    parts.push(
      <a key={index} href={address} target="_blank" rel="noopener noreferrer">
        {address}
      </a>,
    )
    from = index + address.length
  }
  parts.push(plain(content.slice(from)))
  return <>{parts}</>
}

/** A closing bracket is part of the address if the address opened it. */
function withoutTrailing(match: string) {
  const address = match.replace(TRAILING, '')
  return match[address.length] === ')' && address.includes('(') ? `${address})` : address
}
