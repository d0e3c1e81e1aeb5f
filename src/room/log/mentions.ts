// Whom a text mentions: which parts of the text may be names, and whose names they are.

import { nameKey } from '../../name-key.ts'
import {
  MENTION_LENGTH,
  MENTION_PLACES,
  MENTION_WORDS,
  MENTIONS,
} from '../limits/message-limits.ts'

/** Whom a message or an edit mentions. Nobody: there is no such property. */
export interface Mentions {
  /** The ids of the people, in the order of the text. */
  readonly mentions?: readonly string[]
  /** Everybody in the room. */
  readonly mentionsRoom?: true
}

/** The name by which everybody is mentioned. */
const ROOM_NAME = 'room'

/** An e-mail address mentions nobody. */
const IN_A_WORD = /[\p{L}\p{N}\p{M}_]$/u
const SPACE = /\s/u
const LETTER = /[\p{L}\p{N}\p{M}]/u
/** What is written without spaces between a name and what follows, such as a Korean particle. */
const UNSPACED = /[\p{Script=Hangul}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u

/**
 * For each `@` of a text the name keys that may be meant, the longest first. A name ends at the
 * edge of a word, or of a Korean, Chinese or Japanese character.
 */
export function mentionedKeys(content: string): string[][] {
  const found: string[][] = []
  // One byte is found many times as fast as a pattern.
  for (let at = content.indexOf('@'); at !== -1; at = content.indexOf('@', at + 1)) {
    if (!isPlace(content, at)) continue
    found.push(keysAt(content, at + 1))
    if (found.length === MENTION_PLACES) break
  }
  return found
}

/** Whether a name may follow the `@` there: it begins a word, and something stands behind it. */
function isPlace(content: string, at: number): boolean {
  const next = content[at + 1]
  if (next === undefined || next === '@' || isSpace(next)) return false
  return !IN_A_WORD.test(content.slice(Math.max(0, at - 2), at))
}

/** A Korean syllable may be three letters before it is in NFC. */
const LONGEST_SPELLING = 4

function keysAt(content: string, start: number): string[] {
  const spelled = content.slice(start, start + LONGEST_SPELLING * MENTION_LENGTH)
  const letters = [...spelled.normalize('NFC')]
  const keys: string[] = []
  let name = ''
  let words = 1
  for (const [place, letter] of letters.slice(0, MENTION_LENGTH).entries()) {
    if (letter === '\n' || letter === '\0') break
    if (isSpace(letter) && ++words > MENTION_WORDS) break
    name += letter
    if (!isSpace(letter) && isEnd(letter, letters[place + 1])) keys.push(nameKey(name))
  }
  return keys.reverse()
}

function isEnd(letter: string, next: string | undefined): boolean {
  if (next === undefined || !isLetter(letter) || !isLetter(next)) return true
  return (!isAscii(letter) && UNSPACED.test(letter)) || (!isAscii(next) && UNSPACED.test(next))
}

// A pattern costs as much as the rest of a message, so ASCII is looked up.

const isAscii = (letter: string) => letter.charCodeAt(0) < 128
const of = (pattern: RegExp) =>
  Array.from({ length: 128 }, (_, code) => pattern.test(String.fromCharCode(code)))
const ASCII_SPACES = of(SPACE)
const ASCII_LETTERS = of(LETTER)

const isSpace = (letter: string) => ASCII_SPACES[letter.charCodeAt(0)] ?? SPACE.test(letter)
const isLetter = (letter: string) => ASCII_LETTERS[letter.charCodeAt(0)] ?? LETTER.test(letter)

/**
 * The mentions of a text: of each place the longest name that somebody bears.
 *
 * @param places as `mentionedKeys` returns them.
 * @param bearers the ids of those with a name, by name key.
 * @param mayMentionRoom whether `@room` means everybody.
 */
export function mentionsAt(
  places: readonly (readonly string[])[],
  bearers: ReadonlyMap<string, readonly string[]>,
  mayMentionRoom: boolean,
): Mentions {
  const isRoom = (key: string) => mayMentionRoom && key === ROOM_NAME
  const named = places.map((keys) => keys.find((key) => isRoom(key) || bearers.has(key)) ?? '')
  const ids = new Set(named.flatMap((key) => (isRoom(key) ? [] : (bearers.get(key) ?? []))))
  return {
    ...(ids.size > 0 && { mentions: [...ids].slice(0, MENTIONS) }),
    ...(named.some(isRoom) && { mentionsRoom: true }),
  }
}

/** Whether somebody is mentioned. */
export const hasMentions = ({ mentions, mentionsRoom }: Mentions): boolean =>
  mentions !== undefined || mentionsRoom === true

/** Something without what it mentions. */
export function withoutMentions<T extends Mentions>(of: T): Omit<T, keyof Mentions> {
  const { mentions: _mentions, mentionsRoom: _mentionsRoom, ...rest } = of
  return rest
}
