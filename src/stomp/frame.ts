// What a STOMP frame is, and which commands there are. Nothing here reads or writes bytes.

/**
 * Headers in the order received. Of a repeated header the first counts (STOMP 1.2, Repeated Header
 * Entries).
 */
export type Headers = ReadonlyMap<string, string>

/** A decoded frame: `body` holds bytes, empty where the frame has none. */
export interface Frame {
  readonly command: StompCommand
  readonly headers: Headers
  readonly body: Uint8Array
}

/** A command of STOMP 1.0, 1.1 or 1.2, whoever sends it. */
export type StompCommand = keyof typeof COMMANDS

/** Every command of STOMP 1.0 to 1.2: who sends it, and whether it may have a body. */
export const COMMANDS = {
  CONNECT: { from: 'client', body: false },
  STOMP: { from: 'client', body: false },
  SEND: { from: 'client', body: true },
  SUBSCRIBE: { from: 'client', body: false },
  UNSUBSCRIBE: { from: 'client', body: false },
  ACK: { from: 'client', body: false },
  NACK: { from: 'client', body: false },
  BEGIN: { from: 'client', body: false },
  COMMIT: { from: 'client', body: false },
  ABORT: { from: 'client', body: false },
  DISCONNECT: { from: 'client', body: false },
  CONNECTED: { from: 'server', body: false },
  MESSAGE: { from: 'server', body: true },
  RECEIPT: { from: 'server', body: false },
  ERROR: { from: 'server', body: true },
} as const

/** Whether a word from the network is a command; commands are case-sensitive. */
export function isCommand(word: string): word is StompCommand {
  return Object.hasOwn(COMMANDS, word)
}
