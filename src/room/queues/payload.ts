// What is needed of the storage of work queues: a message is stored until it is acknowledged.

/** What was sent to a queue: headers for the MESSAGE, and a body of text or octets. */
export interface Load {
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string | Uint8Array
}

/** A message in a queue, without what is in it. */
export interface QueuedMessage {
  /** Grows from message to message; never used again. */
  readonly id: number
  /** How often it was delivered before. */
  readonly deliveries: number
  /** As `loadSize` counts its load. */
  readonly bytes: number
}

/** What messages add up to. */
export interface Sum {
  readonly messages: number
  readonly bytes: number
}

export interface QueueStore {
  /** Writes one row. */
  put(queue: string, senderId: string, load: Load, now: number): void
  /** The oldest messages whose ids are not among `except`, at most `limit`. */
  next(queue: string, except: ReadonlySet<number>, limit: number): QueuedMessage[]
  /** What is in one of them. */
  load(queue: string, id: number): Load | undefined
  /** Counts one more delivery: writes one row. */
  delivered(queue: string, id: number): void
  /** Removes one row. */
  remove(queue: string, id: number): void
  /** Counts a message that was given up; gives how many of this queue were so far. */
  dropped(queue: string): number
  /** Drops what is kept in memory: writes were undone. */
  forget(): void
  /** All that waits in the room. */
  size(): Sum
  /** What of it one person has sent. */
  sizeOf(senderId: string): Sum
  /** The queues in which something waits. */
  names(): { readonly size: number; has(queue: string): boolean }
}

const utf8 = new TextEncoder()

/** Octets of a load, its headers and its body: what it counts against the limit. */
export function loadSize({ headers, body }: Load): number {
  let size = octetsOf(body)
  for (const [name, value] of headers) size += octetsOf(name) + octetsOf(value)
  return size
}

const octetsOf = (part: string | Uint8Array) =>
  typeof part === 'string' ? utf8.encode(part).length : part.length
