// What the rules of a room make of a text: it is refused, its parts are masked, or moderators are
// told.

import type { LinkRule, WordRule } from '../../content-rules.ts'
import { type FoldedText, foldText } from '../../folded-text.ts'
import { linksIn } from './links.ts'
import { type Findings, WordMatcher } from './word-rules.ts'

/** What the rules say of a text. */
export interface Verdict {
  readonly isRefused: boolean
  /** The text as it may be stored, with masks. */
  readonly content: string
  /** Moderators are to be told. */
  readonly isReported: boolean
}

/** The rules of a room, made ready to be applied to many texts. */
export class ContentFilter {
  readonly #words: WordMatcher
  readonly #links: LinkRule | null
  readonly #allowed: ReadonlySet<string>

  constructor(words: readonly WordRule[], links: LinkRule | null) {
    this.#words = new WordMatcher(words)
    this.#links = links
    this.#allowed = new Set(links?.allow)
  }

  /** What the rules say of a text, in time that is proportional to its length. */
  judge(content: string): Verdict {
    const folded = foldText(content)
    const findings: Findings = { actions: new Set(), masked: [] }
    this.#words.search(folded, findings)
    if (this.#links) this.#searchLinks(folded, this.#links, findings)
    const { actions, masked } = findings
    return {
      isRefused: actions.has('refuse'),
      content: masked.length === 0 ? content : mask(content, folded, masked),
      isReported: actions.has('report'),
    }
  }

  #searchLinks({ text }: FoldedText, { action }: LinkRule, findings: Findings): void {
    for (const { host, from, to } of linksIn(text)) {
      if (this.#isAllowed(host)) continue
      findings.actions.add(action)
      if (action === 'mask') findings.masked.push([from, to])
    }
  }

  /** Whether a host is allowed, or is below one that is. */
  #isAllowed(host: string | undefined): boolean {
    for (let name = host; name !== undefined; name = parentOf(name)) {
      if (this.#allowed.has(name)) return true
    }
    return false
  }
}

function parentOf(host: string): string | undefined {
  const dot = host.indexOf('.')
  return dot < 0 ? undefined : host.slice(dot + 1)
}

/** What stands for each character that people see. */
const MASK = '*'

const UNSEEN = /^[\s\p{Default_Ignorable_Code_Point}]+$/u

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** The text with `*` for each visible character that a range of the folded text comes from. */
function mask(content: string, { from, to }: FoldedText, ranges: Findings['masked']): string {
  let masked = ''
  let done = 0
  for (const [start, end] of united(ranges)) {
    const [first, last] = [Math.max(done, from[start] ?? 0), to[end - 1] ?? 0]
    masked += content.slice(done, first)
    for (const { segment } of graphemes.segment(content.slice(first, last))) {
      masked += UNSEEN.test(segment) ? segment : MASK
    }
    done = Math.max(done, last)
  }
  return masked + content.slice(done)
}

/** The same ranges in their order, without overlaps. */
function united(ranges: Findings['masked']): [from: number, to: number][] {
  const united: [from: number, to: number][] = []
  for (const [from, to] of [...ranges].sort(([one], [other]) => one - other)) {
    const last = united.at(-1)
    if (last && from <= last[1]) last[1] = Math.max(last[1], to)
    else united.push([from, to])
  }
  return united
}
