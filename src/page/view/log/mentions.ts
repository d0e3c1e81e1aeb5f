// Where a text mentions people. An event says whom it mentions, and their names say where. Pure.

import { nameKey } from '../../../name-key.ts'

/** Somebody whom a message mentions, or with the name `room` everybody. */
export interface Mentioned {
  readonly name: string
  readonly isMe: boolean
}

/** A piece of a text. The pieces together are the text. */
export interface TextPart {
  readonly text: string
  readonly mention?: Mentioned
}

/** An e-mail address mentions nobody. */
const IN_A_WORD = /[\p{L}\p{N}\p{M}_]$/u
const SPACE = /\s/u
const LETTER = /[\p{L}\p{N}\p{M}]/u
/** What is written without spaces between a name and what follows, such as a Korean particle. */
const UNSPACED = /[\p{Script=Hangul}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u
/** The room looks at so many places of a text. */
const PLACES = 20
/** The most characters of a name, in a text that spells each letter with several. */
const LONGEST = 320

/** Takes a text apart where it mentions people. The longest name wins, as in the room. */
export function partsOf(content: string, mentioned: readonly Mentioned[]): TextPart[] {
  const known = mentioned
    .map((mention) => ({ mention, key: nameKey(mention.name) }))
    .filter(({ key }) => key !== '')
    .toSorted((a, b) => b.key.length - a.key.length)
  const parts: TextPart[] = []
  let from = 0
  let places = 0
  let at = known.length === 0 ? -1 : content.indexOf('@')
  for (; at !== -1 && places < PLACES; at = content.indexOf('@', Math.max(at + 1, from))) {
    if (!isPlace(content, at)) continue
    places += 1
    const rest = content.slice(at + 1, at + 1 + LONGEST)
    const restKey = nameKey(rest)
    for (const { mention, key } of known) {
      const length = restKey.startsWith(key) ? lengthOf(mention.name, key, rest) : 0
      if (length === 0) continue
      if (at > from) parts.push({ text: content.slice(from, at) })
      from = at + 1 + length
      parts.push({ text: content.slice(at, from), mention })
      break
    }
  }
  if (from < content.length || parts.length === 0) parts.push({ text: content.slice(from) })
  return parts
}

/** How many characters of a text are the name with that key. 0: none, because a word goes on. */
function lengthOf(name: string, key: string, text: string): number {
  const isName = (length: number) => nameKey(text.slice(0, length)) === key && isEnd(text, length)
  if (isName(name.length)) return name.length
  for (let length = 1; length <= text.length; length++) if (isName(length)) return length
  return 0
}

/** Whether a name may follow the `@` there. */
function isPlace(content: string, at: number): boolean {
  const next = content[at + 1]
  if (next === undefined || next === '@' || SPACE.test(next)) return false
  return !IN_A_WORD.test(content.slice(Math.max(0, at - 2), at))
}

function isEnd(text: string, end: number): boolean {
  const letter = [...text.slice(Math.max(0, end - 2), end)].at(-1) ?? ''
  const [next = ''] = text.slice(end, end + 2)
  if (!LETTER.test(letter) || !LETTER.test(next)) return true
  return UNSPACED.test(letter) || UNSPACED.test(next)
}
