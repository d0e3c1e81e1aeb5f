// What SEND, ACK and NACK ask for, checked and not yet done: so that a transaction can do many at
// once, all or none, and a lone frame is a transaction of one.

import type { ConnectedSession } from '../connections/session.ts'
import type { Call, Turn } from '../turn.ts'

export interface Effect {
  /** Writes. Runs with those of its transaction: if one throws, none has happened. */
  store?(): void
  /** True where that is one statement: it happens or not by itself. */
  readonly single?: true
  /** Changes sessions and tells, once everything is stored (L3). Never throws. */
  tell(): void
  /** Headers for the RECEIPT, known once it is stored. */
  receipt?(): [name: string, value: string][]
  /** True where it stores nothing that stays, or gives room back: it is done in a full room too. */
  readonly frees?: true
  /** True where nothing new is said: it does not count against the rate. */
  readonly repeated?: true
}

/** Checks a frame, and gives what it asks for. Throws Refusal. */
export type Prepare = (call: Call<ConnectedSession>) => Effect

/** Does everything, in order and all or nothing; the deliveries come with nothing between them. */
export function perform({ room }: Turn, effects: readonly Effect[], also?: () => void): void {
  const store = () => {
    for (const effect of effects) effect.store?.()
    also?.()
  }
  // A single statement needs no transaction, which would cost as much again.
  const [first, ...rest] = effects
  const single = rest.length === 0 && !also && (first?.single || !first?.store)
  try {
    if (single) store()
    else room.atomically(store)
  } catch (error) {
    room.log.forget()
    room.queues.forget()
    room.keyed.forget()
    throw error
  }
  for (const effect of effects) effect.tell()
}
