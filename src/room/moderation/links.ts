// Links in a text: what a client may make clickable, with or without a scheme. The work is
// proportional to the length of the text.

import { parse } from 'tldts'
import { hostName } from '../../content-rules.ts'

/** A link, or what may be taken for one. */
interface FoundLink {
  /** The host as a browser asks for it; undefined where none can be read. */
  readonly host: string | undefined
  readonly from: number
  readonly to: number
}

const SCHEME = '://'
const SCHEME_CHARACTER = /^[a-z0-9+.-]$/
const AFTER_AUTHORITY = /[\s/?#\\]/
/** Characters of an authority that are looked at. A longer one is no address of a host. */
const MOST_OF_AUTHORITY = 1000

/** Labels with single dots between. The ideographic full stop is a dot to browsers, too. */
const NAMES = /[\p{L}\p{N}\p{M}_-]+(?:[.。][\p{L}\p{N}\p{M}_-]+)*/gu
/** A dot and the label after it. */
const DOTTED = /([.。])([^.。]+)/g
const LEADING_ASCII = /^[a-z0-9-]*/
/** Characters of a host name, and of a label (RFC 1035, section 2.3.4). */
const MOST_OF_NAME = 253
const MOST_OF_LABEL = 63

/** The links of a folded text: those with a scheme, and the bare names of domains. */
export function* linksIn(text: string): Generator<FoundLink> {
  yield* schemeLinks(text)
  for (const { 0: name, index } of text.matchAll(NAMES)) yield* bareLinks(name, index)
}

function* schemeLinks(text: string): Generator<FoundLink> {
  for (let at = text.indexOf(SCHEME); at >= 0; at = text.indexOf(SCHEME, at + 1)) {
    if (!SCHEME_CHARACTER.test(text.charAt(at - 1))) continue
    const from = at + SCHEME.length
    const rest = text.slice(from, from + MOST_OF_AUTHORITY)
    const length = rest.search(AFTER_AUTHORITY)
    const authority = length < 0 ? rest : rest.slice(0, length)
    if (authority !== '') yield { host: hostOf(authority), from, to: from + authority.length }
  }
}

/** The host without the user and the port. */
const hostOf = (authority: string) =>
  hostName(authority.slice(authority.lastIndexOf('@') + 1).replace(/:\d*$/, ''))

/**
 * The longest name of a domain. Where letters of another script follow at once, as in Korean, also
 * the name that ends before them: some clients make a link of that.
 */
function* bareLinks(name: string, index: number): Generator<FoundLink> {
  const linkTo = (end: number): FoundLink => {
    const host = hostName(name.slice(Math.max(0, end - MOST_OF_NAME), end).replace(/^[.。]/, ''))
    return { host, from: index, to: index + end }
  }
  let longest: number | undefined
  for (const { 0: dotted, 1: dot, 2: label = '', index: at } of name.matchAll(DOTTED)) {
    const [ascii = ''] = LEADING_ASCII.exec(label) ?? []
    if (ascii !== label && isTopLevel(ascii)) yield linkTo(at + 1 + ascii.length)
    // A sentence may end with an ideographic full stop, and go on without a space.
    const isDot = dot === '.' || ascii === label
    if (isDot && isTopLevel(label)) longest = at + dotted.length
  }
  if (longest !== undefined) yield linkTo(longest)
}

/** Whether a label is a top-level domain (publicsuffix.org). */
const isTopLevel = (label: string): boolean =>
  label !== '' &&
  label.length <= MOST_OF_LABEL &&
  parse(`a.${label}`, { validateHostname: false }).isIcann === true
