// Folds events into messages as they are now, after edits, deletions and reactions: see "Changes"
// in docs/protocol.md. Pure.

import type { ChatEvent, Quote } from './events.ts'

/**
 * `waiting`: changes of messages that are not loaded. An older page may bring the messages without
 * them.
 */
export type MessageState = {
  messages: ReadonlyMap<number, ChatEvent>
  waiting: readonly ChatEvent[]
  /** By message: the newest event that pinned it, unpinned it, or deleted it once it was pinned. */
  pins: ReadonlyMap<number, ChatEvent>
}

/** The state before the first event. */
export const NO_MESSAGES: MessageState = { messages: new Map(), waiting: [], pins: new Map() }

const CHANGES: Record<string, (message: ChatEvent, event: ChatEvent) => ChatEvent> = {
  edit: (message, { seq, content = '', mentions, mentionsRoom }) => ({
    ...withoutMentions(message),
    content,
    edited: seq,
    ...(mentions && { mentions }),
    ...(mentionsRoom && { mentionsRoom }),
  }),
  reaction: withReaction,
  delete: (message, { seq }) => {
    const {
      edited: _edited,
      reacted: _reacted,
      reactions: _reactions,
      ...rest
    } = withoutMentions(message)
    return { ...rest, content: '', deleted: seq }
  },
}

function withoutMentions(message: ChatEvent): ChatEvent {
  const { mentions: _mentions, mentionsRoom: _mentionsRoom, ...rest } = message
  return rest
}

/**
 * The state after one more event. An event that comes twice or too late changes nothing, and
 * neither does an unknown type.
 */
export function foldEvent(state: MessageState, event: ChatEvent): MessageState {
  if (event.type === 'message') return withMessage(state, event)
  if (isAboutPin(state, event)) return foldChange(withPin(state, event), event)
  return foldChange(state, event)
}

function foldChange(state: MessageState, event: ChatEvent): MessageState {
  if (event.target === undefined || !Object.hasOwn(CHANGES, event.type)) return state
  const quoted = withQuotes(state, event)
  const target = quoted.messages.get(event.target)
  if (!target) return { ...quoted, waiting: [...quoted.waiting, event] }
  const next = changedMessage(target, event)
  return next === target ? quoted : { ...quoted, messages: withEntry(quoted.messages, next) }
}

/** The state without the messages before a seq, for an application that no longer shows them. */
export const messagesFrom = ({ messages, ...rest }: MessageState, first: number): MessageState => ({
  messages: new Map([...messages].filter(([seq]) => seq >= first)),
  ...rest,
})

/**
 * The seqs of the pinned messages, the newest pin first. Fold the events of `GET …/pins` to know
 * those from before.
 */
export function pinnedMessages({ messages, waiting, pins }: MessageState): number[] {
  const isDeleted = (seq: number) =>
    messages.get(seq)?.deleted !== undefined ||
    waiting.some(({ type, target }) => type === 'delete' && target === seq)
  return [...pins]
    .filter(([seq, { type }]) => type === 'pinned' && !isDeleted(seq))
    .sort(([, one], [, other]) => other.seq - one.seq)
    .map(([seq]) => seq)
}

function isAboutPin({ pins }: MessageState, { type, target }: ChatEvent): boolean {
  if (type === 'delete') return target !== undefined && pins.has(target)
  return type === 'pinned' || type === 'unpinned'
}

function withPin(state: MessageState, event: ChatEvent): MessageState {
  const { target } = event
  if (target === undefined || (state.pins.get(target)?.seq ?? 0) >= event.seq) return state
  return { ...state, pins: new Map(state.pins).set(target, event) }
}

/** The seq of the newest change that this copy of a message includes. */
const version = ({ edited = 0, reacted = 0, deleted = 0 }: ChatEvent) =>
  Math.max(edited, reacted, deleted)

/** Keeps the newer of two copies, then applies the changes that waited for the message. */
function withMessage(state: MessageState, message: ChatEvent): MessageState {
  const { messages, waiting } = state
  const held = messages.get(message.seq)
  const newer = held && version(held) >= version(message) ? held : message
  const mine = waiting.filter(({ target }) => target === message.seq)
  return {
    ...state,
    messages: withEntry(messages, requoted(state, mine.reduce(changedMessage, newer))),
    waiting: mine.length > 0 ? waiting.filter((event) => !mine.includes(event)) : waiting,
  }
}

/** The replies to a message quote it as it is after a change. */
function withQuotes(state: MessageState, change: ChatEvent): MessageState {
  if (change.type === 'reaction') return state
  let { messages } = state
  for (const message of state.messages.values()) {
    const next = quoteAfter(message, change)
    if (next !== message) messages = withEntry(messages, next)
  }
  return messages === state.messages ? state : { ...state, messages }
}

/** A reply of a page may quote an older state than what is known of the message. */
function requoted({ messages, waiting }: MessageState, message: ChatEvent): ChatEvent {
  const { quote } = message
  if (!quote) return message
  const held = messages.get(quote.seq)
  const quoting =
    held && quoteVersion(held) > quoteVersion(quote)
      ? { ...message, quote: quoteOf(held) }
      : message
  return waiting.reduce(quoteAfter, quoting)
}

/** Ignores a change of another message, and one that the quote already includes. */
function quoteAfter(message: ChatEvent, { type, target, seq, content = '' }: ChatEvent): ChatEvent {
  const { quote } = message
  if (!quote || quote.seq !== target || seq <= quoteVersion(quote)) return message
  if (type === 'edit') {
    return { ...message, quote: { ...quote, content: shortened(content), edited: seq } }
  }
  if (type !== 'delete') return message
  const { edited: _edited, ...rest } = quote
  return { ...message, quote: { ...rest, content: '', deleted: seq } }
}

const quoteVersion = ({ edited = 0, deleted = 0 }: Pick<Quote, 'edited' | 'deleted'>) =>
  Math.max(edited, deleted)

function quoteOf({ seq, sender, content = '', edited, deleted }: ChatEvent): Quote {
  return {
    seq,
    sender,
    content: shortened(content),
    ...(edited !== undefined && { edited }),
    ...(deleted !== undefined && { deleted }),
  }
}

/** The room quotes so much, up to a NUL. */
const shortened = (content: string) => [...(content.split('\0', 1)[0] ?? '')].slice(0, 200).join('')

/** Ignores a change that the message already includes. */
function changedMessage(message: ChatEvent, event: ChatEvent) {
  if (event.seq <= version(message)) return message
  return CHANGES[event.type]?.(message, event) ?? message
}

function withReaction(
  { reactions = {}, ...rest }: ChatEvent,
  { reaction = '', on = true, sender, seq }: ChatEvent,
) {
  const all = new Map(Object.entries(reactions))
  const others = (all.get(reaction) ?? []).filter((id) => id !== sender.id)
  const people = on ? [...others, sender.id] : others
  if (people.length > 0) all.set(reaction, people)
  else all.delete(reaction)
  // Built from entries, because a reaction may be the word `__proto__`. No reactions: no property.
  const left = all.size > 0 ? { reactions: Object.fromEntries(all) } : {}
  return { ...rest, reacted: seq, ...left }
}

const withEntry = (messages: MessageState['messages'], message: ChatEvent) =>
  new Map(messages).set(message.seq, message)
