// What somebody says, as an entry of the outbox; and an entry, as the SEND that carries it. Pure.

/**
 * Something said, from then until the log holds it.
 *
 * `waiting` for its turn or a connection, `sending`, then `sent` (durable: it leaves the outbox); or `failed`, refused
 * with a code, or `unsure`, tried so long ago that the room cannot know whether it was: both stay until `retry` or
 * `withdraw`. `withdrawn` has left the outbox unsent.
 */
export interface Entry {
  /** Its idempotency-key. */
  readonly key: string
  readonly kind: 'message' | 'edit' | 'delete' | 'reaction'
  /** What its SEND carries. */
  readonly body: EntryBody
  /** Its place among all entries: smaller goes first. */
  readonly order: number
  readonly state: 'waiting' | 'sending' | 'sent' | 'failed' | 'unsure' | 'withdrawn'
  /** When it was said, and when it was first tried; milliseconds since 1970. */
  readonly at: number
  readonly since?: number
  /** Of the event, where `sent`. */
  readonly seq?: number
  /** Of the newest refusal. */
  readonly code?: string
  /** The key of the entry that was `unsure` and is said again by this one. */
  readonly replaces?: string
}

export interface EntryBody {
  readonly content?: string
  readonly replyTo?: number
  readonly seq?: number
  readonly reaction?: string
  readonly on?: boolean
}

/** Where entries outlive the client. One that fails or hangs is told of, and never holds up what is sent. */
export interface OutboxStore {
  /** All that are kept, in any order. */
  load(): Promise<Entry[]>
  put(entry: Entry): Promise<void>
  remove(key: string): Promise<void>
}

export type Saying = Pick<Entry, 'kind' | 'body'>
export type Send = { destination: string; headers: Record<string, string>; body: string }

const DESTINATIONS: Record<Entry['kind'], string> = {
  message: '/pub/send/message',
  edit: '/pub/edit/message',
  delete: '/pub/delete/message',
  reaction: '/pub/react/message',
}

/** What an application may say. */
export interface Sayings {
  /** Says a message; gives its key. What is said leaves in this order, whatever becomes of the connection. */
  send(content: string, more?: { readonly replyTo?: number }): string
  edit(seq: number, content: string): string
  remove(seq: number): string
  /** Gives a reaction, or with `on` false takes it back. */
  react(seq: number, reaction: string, on?: boolean): string
}

export const sayings = (say: (saying: Saying) => string): Sayings => ({
  send: (content, more = {}) => say({ kind: 'message', body: { content, ...more } }),
  edit: (seq, content) => say({ kind: 'edit', body: { seq, content } }),
  remove: (seq) => say({ kind: 'delete', body: { seq } }),
  react: (seq, reaction, on = true) => say({ kind: 'reaction', body: { seq, reaction, on } }),
})

/** `again`: it was tried before, and may be in the log already. */
export const sendOf = (
  { key, kind, body, since }: Entry,
  receipt: string,
  again: boolean,
): Send => ({
  destination: DESTINATIONS[kind],
  headers: {
    'content-type': 'application/json',
    'idempotency-key': key,
    receipt,
    // A key that nobody has tried cannot have been forgotten, whatever this clock says.
    ...(again ? { 'idempotency-since': String(since) } : {}),
  },
  body: JSON.stringify(body),
})

/** Without the code of an earlier refusal. */
export function uncoded({ code: _, ...entry }: Entry) {
  return entry
}
