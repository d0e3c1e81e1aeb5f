// The messages that a room has pinned.

import type { Log, PinStore } from '../ports.ts'
import { eventJson } from './event-json.ts'
import { readable } from './readable.ts'

/** The pins, as GET /api/rooms/:id/pins answers them. */
export interface PinsPage {
  /** The event of each pin with its `message` as it is now, the newest pin first. */
  readonly pins: Record<string, unknown>[]
  /** The last seq of the log: what changes them later has a greater one. */
  readonly head: number
}

/**
 * The seqs of pinned messages, the newest pin first. An older version may have deleted a message
 * and left its pin.
 */
export function pinnedSeqs(log: Log, pins: PinStore): number[] {
  return pins.all().filter((seq) => {
    const event = log.find(seq)
    return event?.type === 'message' && event.deleted === undefined
  })
}

/**
 * The pins that somebody may read.
 *
 * @param floor P1: no message up to this seq is shown, and no text of it elsewhere.
 */
export function pinsPage(log: Log, pins: PinStore, floor = 0): PinsPage {
  const seqs = pinnedSeqs(log, pins).filter((seq) => seq > floor)
  const found = seqs.flatMap((seq) => {
    const [message, event] = [log.find(seq), log.find(pins.get(seq) ?? 0)]
    return message && event
      ? [{ ...eventJson(event), message: eventJson(readable(message, floor)) }]
      : []
  })
  return { pins: found, head: log.head() }
}
