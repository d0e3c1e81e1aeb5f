// What is needed of the storage of work queues: a message is stored until it is acknowledged.

/** What was sent to a queue: headers for the MESSAGE, and a body of text or octets. */
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
export interface Sum {
  readonly messages: number
  readonly bytes: number
}

const utf8 = new TextEncoder()

/** Octets of a load, its headers and its body: what it counts against the limit. */
export function payloadSize({ headers, body }: Payload): number {
  let size = octetsOf(body)
  for (const [name, value] of headers) size += octetsOf(name) + octetsOf(value)
  return size
}

const octetsOf = (part: string | Uint8Array) =>
  typeof part === 'string' ? utf8.encode(part).length : part.length
