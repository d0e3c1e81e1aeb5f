// Frames for tests that begin behind the decoder.

import type { Frame, StompCommand } from '../../src/stomp/frame.ts'

/** A frame as the decoder would give it. */
export function frameOf(
  command: StompCommand,
  headers: Record<string, string>,
  body: string | Uint8Array = '',
): Frame {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  return { command, headers: new Map(Object.entries(headers)), body: bytes }
}
