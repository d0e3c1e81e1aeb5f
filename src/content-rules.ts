// The rules of a room about words and links: what they may say. room/moderation/ applies them.

import * as v from 'valibot'
import { foldText } from './folded-text.ts'

/** How many rules of words a room may have. */
const MAX_WORD_RULES = 200

/** Characters of one pattern. */
const MAX_PATTERN = 100

/** Characters of all patterns together, as they are compared. */
const MAX_PATTERNS = 10_000

/** Hosts that links may lead to, and characters of one. */
const MAX_ALLOWED_HOSTS = 100
const MAX_HOST = 253

/** The message is refused, its words are masked, or it is reported to the moderators. */
const RuleAction = v.picklist(['refuse', 'mask', 'report'])

/** What a rule does with a message that it matches. */
export type RuleAction = v.InferOutput<typeof RuleAction>

const WordRule = v.strictObject({
  pattern: v.pipe(
    v.string(),
    v.maxLength(MAX_PATTERN, `${MAX_PATTERN} characters at most`),
    v.check((pattern) => foldText(pattern).text.trim() !== '', 'something visible is wanted'),
  ),
  action: RuleAction,
  /** Whole words alone. */
  word: v.exactOptional(v.boolean()),
})

/** A rule of words: a pattern that is found anywhere in a text, or as whole words alone. */
export type WordRule = v.InferOutput<typeof WordRule>

/** The rules of words. */
export const WordRules = v.pipe(
  v.array(WordRule),
  v.maxLength(MAX_WORD_RULES, `${MAX_WORD_RULES} rules at most`),
  v.check(
    (rules) => sizeOf(rules) <= MAX_PATTERNS,
    `${MAX_PATTERNS} characters of patterns at most`,
  ),
)

const sizeOf = (rules: readonly WordRule[]) =>
  rules.reduce((size, { pattern }) => size + foldText(pattern).text.length, 0)

const Host = v.pipe(
  v.string(),
  v.maxLength(MAX_HOST, `${MAX_HOST} characters at most`),
  v.transform((host) => hostName(host) ?? ''),
  v.nonEmpty('the name of a host is wanted'),
)

/** What happens to links. Links to a host of `allow`, or to its sub-domains, are allowed. */
export const LinkRule = v.strictObject({
  action: RuleAction,
  allow: v.pipe(
    v.array(Host),
    v.maxLength(MAX_ALLOWED_HOSTS, `${MAX_ALLOWED_HOSTS} hosts at most`),
  ),
})

/** The rule of links of a room, with its hosts as `hostName` spells them. */
export type LinkRule = v.InferOutput<typeof LinkRule>

/** What ends the host in a URL, or stands before it. */
const NO_HOST = /[\s/?#@:\\]/

/** A host as a browser asks for it: in small letters and Punycode. Undefined where it is none. */
export function hostName(host: string): string | undefined {
  if (NO_HOST.test(host)) return undefined
  const name = URL.parse(`http://${host}`)?.hostname.replace(/\.$/, '')
  return name?.split('.').includes('') ? undefined : name
}
