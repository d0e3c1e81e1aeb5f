// The reactions to one message: who gave which. Plain data, replaced and never changed in place.

import { Refusal } from '../../refusals.ts'
import { MAX_REACTIONS, MAX_REACTIONS_DISTINCT } from '../limits/message-limits.ts'

/**
 * The ids of the people who gave each reaction, in the order they came. Keys are anybody's words.
 */
export type Reactions = Readonly<Record<string, readonly string[]>>

/** A person gives a reaction, or takes it back. */
interface ReactionChange {
  readonly reaction: string
  readonly personId: string
  readonly on: boolean
}

const RGI_EMOJI = /^\p{RGI_Emoji}$/v
/**
 * An emoji character that shows as text where neither a variation selector nor a skin tone follows.
 */
const BARE_EMOJI = /(?!\p{Emoji_Presentation})\p{Emoji}(?![\ufe0f\p{Emoji_Modifier}])/gu

/**
 * A reaction in its fully-qualified form (UTS 51, ED-18): U+2764 and U+2764 U+FE0F are one emoji.
 * So are U+1F44D and U+1F44D U+FE0F: a selector that adds nothing is ignored (ED-13).
 * Any other text stays as it is.
 */
export function qualified(reaction: string): string {
  const candidate = reaction.replaceAll('\ufe0f', '').replace(BARE_EMOJI, '$&\ufe0f')
  return RGI_EMOJI.test(candidate) ? candidate : reaction
}

/** The key of a reaction. Older events may hold one that is not qualified. */
export function reactionKey(reactions: Reactions, reaction: string): string {
  if (Object.hasOwn(reactions, reaction)) return reaction
  const wanted = qualified(reaction)
  return Object.keys(reactions).find((key) => qualified(key) === wanted) ?? wanted
}

/**
 * The reactions after a change; undefined where nothing changes.
 *
 * @throws Refusal `too-many-reactions`.
 */
export function withReaction(
  reactions: Reactions,
  { reaction, personId, on }: ReactionChange,
): Reactions | undefined {
  const people = Object.hasOwn(reactions, reaction) ? (reactions[reaction] ?? []) : []
  if (people.includes(personId) === on) return undefined
  if (on) demandRoom(reactions, people.length === 0)
  const next = on ? [...people, personId] : people.filter((id) => id !== personId)
  return replaced(reactions, reaction, next)
}

function demandRoom(reactions: Reactions, isNew: boolean): void {
  const given = Object.values(reactions)
  const count = given.reduce((sum, people) => sum + people.length, 0)
  if (count >= MAX_REACTIONS || (isNew && given.length >= MAX_REACTIONS_DISTINCT)) {
    throw new Refusal('too-many-reactions')
  }
}

/** A reaction that nobody gives is removed. Made of entries, because a key may be `__proto__`. */
function replaced(reactions: Reactions, reaction: string, people: readonly string[]): Reactions {
  const entries = new Map(Object.entries(reactions))
  if (people.length > 0) entries.set(reaction, people)
  else entries.delete(reaction)
  return Object.fromEntries(entries)
}
