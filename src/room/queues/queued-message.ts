// Messages of work queues and channels, as they are stored and passed on.

/** What was sent: headers for the MESSAGE, and a body of text or bytes. */
export interface Payload {
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string | Uint8Array
}

/** A message in a queue, without what is in it. */
export interface QueuedMessage {
  /** Grows from message to message; never used again. */
  readonly id: number
  /** How often it was delivered before. */
  readonly deliveries: number
  /** As `payloadSize` counts its load. */
  readonly bytes: number
}

/** What messages add up to. */
export interface QueueSize {
  readonly messages: number
  readonly bytes: number
}

const utf8 = new TextEncoder()

/** Bytes of the headers and the body: what a message counts against the limit. */
export function payloadSize({ headers, body }: Payload): number {
  let size = bytesOf(body)
  for (const [name, value] of headers) size += bytesOf(name) + bytesOf(value)
  return size
}

const bytesOf = (part: string | Uint8Array) =>
  typeof part === 'string' ? utf8.encode(part).length : part.length
