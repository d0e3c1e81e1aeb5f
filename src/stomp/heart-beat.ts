// The heart-beat header of CONNECT and CONNECTED (STOMP 1.2, Heart-beating). For the beats
// themselves, objects/shared/sockets/sockets.ts lets the runtime answer.

import { malformed } from './stomp-error.ts'

/** Milliseconds: how often this side can send, and how often it wants to hear. 0 is never. */
interface HeartBeat {
  readonly sends: number
  readonly wants: number
}

const NO_HEART_BEAT: HeartBeat = { sends: 0, wants: 0 }

/**
 * Reads a `heart-beat` header: two non-negative integers with a comma (STOMP G1, G2).
 *
 * @throws StompError `frame-malformed` for anything else.
 */
export function parseHeartBeat(header: string | undefined): HeartBeat {
  if (header === undefined) return NO_HEART_BEAT
  const match = /^(\d{1,10}),(\d{1,10})$/.exec(header)
  if (!match) throw malformed('heart-beat is not two non-negative integers')
  return { sends: Number(match[1]), wants: Number(match[2]) }
}

/**
 * What the server answers, given that it beats only by echoing the client's beats once a `period`:
 * it asks for one a period and promises no more than the echo. A client that sends none gets none
 * (STOMP G3, G4c).
 */
export function answerHeartBeat(client: HeartBeat, period: number): HeartBeat {
  if (client.sends === 0) return NO_HEART_BEAT
  return { sends: Math.max(client.sends, period), wants: period }
}

/** The header's text. */
export function formatHeartBeat(beat: HeartBeat): string {
  return `${beat.sends},${beat.wants}`
}
