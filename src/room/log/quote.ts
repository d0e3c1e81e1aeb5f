// What a reply quotes of the message that it answers.

import type { MessageEntry, Quote } from './event.ts'

/** Characters of a message that are quoted. */
export const QUOTED = 200

/**
 * The quote of a message as it is now. It ends at a NUL, as in the storage.
 */
export function quoteOf({ seq, sender, content, edited, deleted }: MessageEntry): Quote {
  const [line = ''] = content.split('\0', 1)
  return {
    seq,
    sender,
    content: line.length > QUOTED ? [...line].slice(0, QUOTED).join('') : line,
    ...(edited !== undefined && { edited }),
    ...(deleted !== undefined && { deleted }),
  }
}
