// An entry of the outbox, and the SEND frame that carries it. Pure.

/**
 * A message or change on its way into the log.
 *
 * It is `waiting` for its turn or for a connection, then `sending`, then `sent`: durable, and out
 * of the outbox. `failed` means refused, with a code. `unsure` means that it was tried so long ago
 * that the room cannot know whether it holds it. Both stay until `retry` or `withdraw`. A
 * `withdrawn` entry has left the outbox unsent.
 */
export interface Entry {
  /** The idempotency-key. */
  readonly key: string
  readonly kind: 'message' | 'edit' | 'delete' | 'reaction'
  /** The body of the SEND. */
  readonly body: EntryBody
  /** The place among all entries. Smaller goes first. */
  readonly order: number
  readonly state: 'waiting' | 'sending' | 'sent' | 'failed' | 'unsure' | 'withdrawn'
  /** When it was created, and when it was first tried; in milliseconds since 1970. */
  readonly at: number
  readonly since?: number
  /** The seq of the event, if `sent`. */
  readonly seq?: number
  /** The code of the newest refusal. */
  readonly code?: string
  /** Until when the room takes no message, if it said so; in milliseconds since 1970. */
  readonly until?: number
  /** The key of the `unsure` entry that this one replaces. */
  readonly replaces?: string
}

/** The fields of the body, of which each `kind` has its own: see docs/protocol.md, Frames. */
export interface EntryBody {
  readonly content?: string
  readonly replyTo?: number
  readonly seq?: number
  readonly reaction?: string
  readonly on?: boolean
  readonly reason?: string
}

/**
 * Stores entries beyond the life of the client. If it fails or hangs, entries are sent all the
 * same.
 */
export interface OutboxStore {
  /** All stored entries, in any order. */
  load(): Promise<Entry[]>
  /** Adds an entry, or replaces the one with that key. Resolves when it would survive a reload. */
  put(entry: Entry): Promise<void>
  /** Resolves also when there is no such entry. */
  remove(key: string): Promise<void>
}

/** What an entry asks for. */
export type EntryContent = Pick<Entry, 'kind' | 'body'>
/** A SEND frame, as stompjs takes it. */
type Send = { destination: string; headers: Record<string, string>; body: string }

const DESTINATIONS: Record<Entry['kind'], string> = {
  message: '/pub/send/message',
  edit: '/pub/edit/message',
  delete: '/pub/delete/message',
  reaction: '/pub/react/message',
}

/** The part of RoomClient that sends. Each method returns the key of its entry. */
export interface SendingMethods {
  /** Sends a message. Entries leave in order, over any number of connections. */
  send(content: string, more?: { readonly replyTo?: number }): string
  /** Changes the content of an own message, by its seq. */
  edit(seq: number, content: string): string
  /** A moderator may give a reason, which the author is told. */
  remove(seq: number, more?: { readonly reason?: string }): string
  /** Adds a reaction, or removes it if `on` is false. */
  react(seq: number, reaction: string, on?: boolean): string
}

/** Makes the methods of a `say`, which puts an entry into the outbox and returns its key. */
export const sendingMethods = (say: (content: EntryContent) => string): SendingMethods => ({
  send: (content, more = {}) => say({ kind: 'message', body: { content, ...more } }),
  edit: (seq, content) => say({ kind: 'edit', body: { seq, content } }),
  remove: (seq, more = {}) => say({ kind: 'delete', body: { seq, ...more } }),
  react: (seq, reaction, on = true) => say({ kind: 'reaction', body: { seq, reaction, on } }),
})

/**
 * The SEND of an entry. Its RECEIPT has the seq.
 *
 * @param again it was tried before, and may be in the log already
 */
export const sendFrameOf = (
  { key, kind, body, since }: Entry,
  receipt: string,
  again: boolean,
): Send => ({
  destination: DESTINATIONS[kind],
  headers: {
    'content-type': 'application/json',
    'idempotency-key': key,
    receipt,
    // The room cannot have forgotten a key that was never sent, so `since` matters only for a
    // retry.
    ...(again ? { 'idempotency-since': String(since) } : {}),
  },
  body: JSON.stringify(body),
})

/** The entry without what an earlier refusal said. */
export function withoutRefusal({ code: _, until: _until, ...entry }: Entry) {
  return entry
}
