// A log in memory, for tests of the room in Node. The contract suite holds it to the real one.

import type { KeyBlock, KeyedSeq } from '../../src/room/keys/key-window.ts'
import type { Draft, Event, MessageEntry } from '../../src/room/log/event.ts'
import { hasMentions, type Mentions, withoutMentions } from '../../src/room/log/mentions.ts'
import { quoteOf } from '../../src/room/log/quote.ts'
import type { KeyedRows, Log, MentioningMessages } from '../../src/room/ports.ts'

export class MemoryLog implements Log, KeyedRows {
  #events: Event[] = []
  /** Deleted messages, and the newest of their edits that has a text. */
  #left = new Map<number, number>()
  readonly #blocks = new Map<number, Uint32Array>()
  readonly #requests = new Map<number, number>()
  /** Events that brought a mention, whatever has become of it. */
  readonly #mentioning = new Set<number>()
  readonly countedFrom = 0
  /** What is stored of a block: versions differ in that. */
  stored: (block: Uint32Array) => Uint32Array | undefined = (block) => block
  /** When set, the next append fails with it and writes nothing. */
  failure: Error | undefined
  /** The same, for the event of one seq, appended or amended. */
  failsAt: number | undefined

  head(): number {
    return this.#events.length
  }

  append(draft: Draft, block?: Uint32Array, request?: number): Event {
    if (this.failure) throw this.failure
    this.#demandWritable(this.head() + 1)
    const seq = this.head() + 1
    const n = this.messagesUpTo(seq) + (draft.type === 'message' ? 1 : 0)
    const event: Event = { seq, n, ...draft }
    this.#events.push(event)
    const isMentioning = 'content' in draft && hasMentions(draft)
    if (isMentioning) this.#mentioning.add(seq)
    else this.#mentioning.delete(seq)
    const stored = block && this.stored(block)
    if (stored) this.#blocks.set(event.seq, stored.slice())
    else this.#blocks.delete(event.seq)
    if (request === undefined) this.#requests.delete(event.seq)
    else this.#requests.set(event.seq, request)
    return event
  }

  messagesUpTo(seq: number): number {
    return this.#events[Math.min(seq, this.head()) - 1]?.n ?? 0
  }

  mentioning(after: number, most: number): MentioningMessages {
    const all = this.#events.filter(({ seq }) => seq > after && this.#mentioning.has(seq))
    const found = new Map<number, Mentions>()
    for (const event of all.slice(-most)) {
      const seq = event.type === 'edit' ? event.target : event.seq
      const message = this.#events[seq - 1]
      if (message?.type !== 'message' || message.deleted !== undefined || seq <= after) continue
      const { mentions, mentionsRoom } = message
      if (hasMentions(message)) {
        found.set(seq, { ...(mentions && { mentions }), ...(mentionsRoom && { mentionsRoom }) })
      }
    }
    return { messages: [...found.values()], isWhole: all.length <= most }
  }

  lastMessageOf(personId: string, after: number, most: number): number | undefined {
    return this.#events
      .slice(after, after + most)
      .findLast(({ type, sender }) => type === 'message' && sender.id === personId)?.seq
  }

  lastMessagesAfter(seq: number): Map<string, number> {
    const messages = this.#events.slice(seq).filter(({ type }) => type === 'message')
    return new Map(messages.map((event) => [event.sender.id, event.seq]))
  }

  lastMessage(most: number): MessageEntry | undefined {
    const isLeft = (event: Event) => event.type === 'message' && event.deleted === undefined
    const event = this.#events.slice(-most).findLast(isLeft)
    return event && (this.#told(event) as MessageEntry)
  }

  messagesOf(personId: string, after: number, before: number): number[] {
    return this.#events
      .filter(({ seq, sender }) => seq > after && seq < before && sender.id === personId)
      .filter((event) => event.type === 'message' && event.deleted === undefined)
      .map(({ seq }) => seq)
      .reverse()
  }

  lastMessages(since: number, events: number): Map<string, number> {
    const last = new Map<string, number>()
    for (const { type, at, sender } of this.#events.slice(-events)) {
      if (type === 'message' && at > since) last.set(sender.id, at)
    }
    return last
  }

  requestFingerprint(seq: number): number | undefined {
    return this.#requests.get(seq)
  }

  /** Makes events as the version before wrote them. */
  forgetRequests(): void {
    this.#requests.clear()
  }

  find(seq: number): Event | undefined {
    const event = this.#events[seq - 1]
    return event && this.#told(event)
  }

  emptyEdits({ seq, edited }: MessageEntry, limit: number): void {
    this.#empty(seq, edited, limit)
  }

  emptyMore(limit: number): void {
    for (const [target, edit] of this.#left) {
      this.#empty(target, edit, limit)
      return
    }
  }

  get isEmptying(): boolean {
    return this.#left.size > 0
  }

  /** The texts of edits as they are stored. */
  textsOf(target: number): string[] {
    return this.#events.flatMap((event) =>
      event.type === 'edit' && event.target === target && event.content ? [event.content] : [],
    )
  }

  #empty(target: number, newest: number | undefined, limit: number): void {
    let edit = newest
    for (let n = 0; n < limit && edit !== undefined; n++) {
      this.#demandWritable(edit)
      const event = this.#events[edit - 1]
      if (event?.type !== 'edit') throw new Error('no edit')
      this.#events = this.#events.with(edit - 1, { ...withoutMentions(event), content: '' })
      edit = event.earlier
    }
    this.#left = new Map(this.#left)
    if (edit === undefined) this.#left.delete(target)
    else this.#left.set(target, edit)
  }

  #told(event: Event): Event {
    if (event.type === 'message' && event.replyTo !== undefined) return this.#quoting(event)
    if (event.type !== 'edit' || !this.#left.has(event.target)) return event
    return { ...withoutMentions(event), content: '' }
  }

  #quoting({ quote: _, ...event }: MessageEntry): MessageEntry {
    const { replyTo, ...rest } = event
    const answered = this.#events[(replyTo ?? 0) - 1]
    if (answered?.type !== 'message' || replyTo === undefined) return event
    const { seq, type, at, sender, content, ...state } = rest
    return { seq, type, at, sender, content, replyTo, quote: quoteOf(answered), ...state }
  }

  amend(event: MessageEntry): void {
    this.#demandWritable(event.seq)
    this.#events = this.#events.with(event.seq - 1, event)
  }

  after(seq: number, limit: number): Event[] {
    return this.#events.slice(seq, seq + limit).map((event) => this.#told(event))
  }

  before(seq: number, limit: number): Event[] {
    const older = this.#events.slice(0, Math.max(0, seq - 1))
    return older.slice(Math.max(0, older.length - limit)).map((event) => this.#told(event))
  }

  forget(): void {}

  /** The messages as they are told now. */
  messages(): MessageEntry[] {
    return this.#events.filter((event) => event.type === 'message')
  }

  /** The events as they are, to be put back. */
  snapshot(): () => void {
    const events = this.#events
    const { length } = events
    const left = this.#left
    return () => {
      this.#events = events
      events.length = length
      this.#left = left
    }
  }

  *blocks(seqs: readonly number[]): Iterable<KeyBlock> {
    for (const seq of seqs) {
      if (this.find(seq)) yield { seq, fingerprints: this.#blocks.get(seq) }
    }
  }

  *keys(after: number, upTo: number): Iterable<KeyedSeq> {
    for (const { seq, sender, idempotencyKey } of this.#events.slice(after, upTo)) {
      if (idempotencyKey !== undefined) yield { seq, senderId: sender.id, key: idempotencyKey }
    }
  }

  #demandWritable(seq: number): void {
    if (this.failsAt === seq) throw new Error('the disk is full')
  }
}
