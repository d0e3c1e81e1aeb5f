// @ts-check
// What the log makes of a room: its messages as they are now. The rule that docs/protocol.md gives to whoever
// writes a client ("Changes"). Pure.

/** @typedef {import('../client/room-client.js').ChatEvent} ChatEvent */
/**
 * `waiting`: changes of messages that are not here; a page of older ones may bring them as they were before.
 * @typedef {{ messages: ReadonlyMap<number, ChatEvent>, waiting: readonly ChatEvent[] }} RoomState
 */

/** @type {RoomState} */
export const NOTHING = { messages: new Map(), waiting: [] }

/** @type {Record<string, (message: ChatEvent, event: ChatEvent) => ChatEvent>} */
const CHANGES = {
  edit: (message, { seq, content = '' }) => ({ ...message, content, edited: seq }),
  reaction: withReaction,
  delete: ({ edited: _edited, reacted: _reacted, reactions: _reactions, ...rest }, { seq }) => ({
    ...rest,
    content: '',
    deleted: seq,
  }),
}

/**
 * The state after one event more. Whatever comes twice, or late, changes nothing; types that are not known
 * neither.
 * @param {RoomState} state
 * @param {ChatEvent} event
 * @returns {RoomState}
 */
export function heard(state, event) {
  if (event.type === 'message') return withMessage(state, event)
  if (event.target === undefined || !Object.hasOwn(CHANGES, event.type)) return state
  const target = state.messages.get(event.target)
  if (!target) return { ...state, waiting: [...state.waiting, event] }
  const next = changed(target, event)
  return next === target ? state : { ...state, messages: withEntry(state.messages, next) }
}

/**
 * Without the messages before a seq: they are not shown any more.
 * @param {RoomState} state
 * @param {number} first
 * @returns {RoomState}
 */
export const since = ({ messages, waiting }, first) => ({
  messages: new Map([...messages].filter(([seq]) => seq >= first)),
  waiting,
})

/** The seq of the newest event that a copy of a message knows of. @param {ChatEvent} message */
const version = ({ edited = 0, reacted = 0, deleted = 0 }) => Math.max(edited, reacted, deleted)

/**
 * Of two copies the one that knows more counts; then what waited for the message.
 * @param {RoomState} state
 * @param {ChatEvent} message
 * @returns {RoomState}
 */
function withMessage({ messages, waiting }, message) {
  const held = messages.get(message.seq)
  const newer = held && version(held) >= version(message) ? held : message
  const mine = waiting.filter(({ target }) => target === message.seq)
  return {
    messages: withEntry(messages, mine.reduce(changed, newer)),
    waiting: mine.length > 0 ? waiting.filter((event) => !mine.includes(event)) : waiting,
  }
}

/**
 * A change that is not newer than what the message carries is in it already.
 * @param {ChatEvent} message
 * @param {ChatEvent} event
 */
function changed(message, event) {
  if (event.seq <= version(message)) return message
  return CHANGES[event.type]?.(message, event) ?? message
}

/**
 * @param {ChatEvent} message
 * @param {ChatEvent} event
 */
function withReaction({ reactions = {}, ...rest }, { reaction = '', on = true, sender, seq }) {
  const all = new Map(Object.entries(reactions))
  const others = (all.get(reaction) ?? []).filter((id) => id !== sender.id)
  const people = on ? [...others, sender.id] : others
  if (people.length > 0) all.set(reaction, people)
  else all.delete(reaction)
  // Of entries, because a reaction may be the word `__proto__`; without any there is no such property.
  const left = all.size > 0 ? { reactions: Object.fromEntries(all) } : {}
  return { ...rest, reacted: seq, ...left }
}

/**
 * @param {RoomState['messages']} messages
 * @param {ChatEvent} message
 */
const withEntry = (messages, message) => new Map(messages).set(message.seq, message)
