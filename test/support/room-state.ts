// What a client makes of the log: its messages as they are now. The rule that docs/protocol.md
// gives to whoever writes a client, as one pure function; a property test holds it to what the room
// itself tells.

/** A message as it is told in JSON. */
export interface ToldMessage {
  readonly seq: number
  readonly type: 'message'
  readonly content: string
  readonly edited?: number
  readonly reacted?: number
  readonly reactions?: Readonly<Record<string, readonly string[]>>
  readonly deleted?: number
}

/** An edit, a deletion or a reaction as it is told in JSON. */
export interface ToldChange {
  readonly seq: number
  readonly type: 'edit' | 'delete' | 'reaction'
  readonly target: number
  readonly sender: { readonly id: string }
  readonly content?: string
  readonly reaction?: string
  readonly on?: boolean
}

export type Told = ToldMessage | ToldChange

export interface RoomState {
  readonly messages: ReadonlyMap<number, ToldMessage>
  /**
   * Changes of messages that are not here yet: a page of older ones may still bring them, as they
   * were before.
   */
  readonly waiting: readonly ToldChange[]
}

export const NOTHING: RoomState = { messages: new Map(), waiting: [] }

/**
 * The state after one event more. What is told live and in a replay comes in order and without a
 * hole; pages of older events may come at any time between. Whatever comes twice, or late, changes
 * nothing.
 */
export const heard = (state: RoomState, event: Told): RoomState => after(state, [event])

/** The state after more events, one after the other. */
export function after({ messages, waiting }: RoomState, events: readonly Told[]): RoomState {
  const state = { messages: new Map(messages), waiting }
  for (const event of events) hear(state, event)
  return state
}

interface Hearing {
  readonly messages: Map<number, ToldMessage>
  waiting: readonly ToldChange[]
}

function hear(state: Hearing, event: Told): void {
  const { messages, waiting } = state
  if (event.type === 'message') {
    hearMessage(state, event)
    return
  }
  const target = messages.get(event.target)
  if (target) messages.set(event.target, changed(target, event))
  else state.waiting = [...waiting, event]
}

/** The seq of the newest event that a copy of a message knows of. */
export function version({ edited = 0, reacted = 0, deleted = 0 }: ToldMessage): number {
  return Math.max(edited, reacted, deleted)
}

/** Of two copies the one that knows more counts; then what waited for the message. */
function hearMessage(state: Hearing, message: ToldMessage): void {
  const { messages, waiting } = state
  const held = messages.get(message.seq)
  const newer = held && version(held) >= version(message) ? held : message
  const mine = waiting.filter(({ target }) => target === message.seq)
  messages.set(message.seq, mine.reduce(changed, newer))
  if (mine.length > 0) state.waiting = waiting.filter(({ target }) => target !== message.seq)
}

/** A change that is not newer than what the message carries is in it already. */
function changed(message: ToldMessage, event: ToldChange): ToldMessage {
  if (event.seq <= version(message)) return message
  switch (event.type) {
    case 'edit':
      return { ...message, content: event.content ?? '', edited: event.seq }
    case 'reaction':
      return withReaction(message, event)
    case 'delete': {
      const { edited: _edited, reacted: _reacted, reactions: _reactions, ...rest } = message
      return { ...rest, content: '', deleted: event.seq }
    }
  }
}

function withReaction({ reactions = {}, ...rest }: ToldMessage, event: ToldChange): ToldMessage {
  const { reaction = '', on = true, sender, seq } = event
  const all = new Map(Object.entries(reactions))
  const others = (all.get(reaction) ?? []).filter((id) => id !== sender.id)
  const people = on ? [...others, sender.id] : others
  if (people.length > 0) all.set(reaction, people)
  else all.delete(reaction)
  // Of entries, because a reaction may be the word `__proto__`; without any there is no such
  // property.
  const left = all.size > 0 ? { reactions: Object.fromEntries(all) } : {}
  return { ...rest, reacted: seq, ...left }
}
