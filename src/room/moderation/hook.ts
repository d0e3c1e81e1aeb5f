// The hook of a room: an application that is asked about each message before it is published. The
// room says what to ask and what the answer means. Its shell asks, between two turns.

import * as v from 'valibot'
import { Refusal } from '../../refusals.ts'
import { visibleText } from '../../visible-text.ts'
import { admitCommand, type RoomCommand } from '../commands/execute.ts'
import type { Actor } from '../commands/handler.ts'
import { timestamp } from '../log/timestamp.ts'
import type { HookVerdict } from '../ports.ts'
import { roomRefusalOf } from '../refuse.ts'
import type { RoomState } from '../room-state.ts'
import type { Turn } from '../turn.ts'

/** What an application is to be asked. */
export interface HookQuestion {
  readonly url: string
  /** The secret that signs the question. */
  readonly secret: string
  readonly failOpen: boolean
  /** JSON. */
  readonly body: string
}

/** Characters of a reason that the sender is told. */
const MAX_REASON = 200

const Answer = v.variant('allow', [
  v.object({ allow: v.literal(true) }),
  // A no is a no, whatever its reason is.
  v.object({ allow: v.literal(false), reason: v.optional(v.unknown()) }),
])

/** Whether a command of that type is asked about in a room. */
export const isHooked = ({ profile }: RoomState, type: string): boolean =>
  profile.get().settings.hook !== null && (type === 'message' || type === 'edit')

/**
 * What is to be asked about a command, once it is checked and charged: what is refused anyway is
 * not asked about. Otherwise the verdict. Never throws: why not is in the verdict.
 *
 * @param commandOf makes the command, where its sender may send it. Throws Refusal.
 */
export function hookQuestion(
  turn: Turn,
  commandOf: () => readonly [Actor, RoomCommand] | undefined,
): HookQuestion | HookVerdict {
  try {
    const [actor, command] = commandOf() ?? []
    const { hook } = turn.room.profile.get().settings
    if (!hook || !actor || !(command?.type === 'message' || command?.type === 'edit')) {
      return { isCharged: false }
    }
    // L5: what was accepted before is not asked about again.
    if (!admitCommand(turn, actor, command)) return { isCharged: false }
    const { idempotencyKey: _key, keyUsedSince: _since, type, ...asked } = command
    const { id, name, guest } = actor.principal
    const sender = { id, name, ...(guest && { guest }) }
    const data = { room: turn.room.id, sender, ...asked }
    const body = { type: `${type}.before`, timestamp: timestamp(turn.now), data }
    const secret = turn.room.profile.hookSecret ?? ''
    return { ...hook, secret, body: JSON.stringify(body) }
  } catch (error) {
    return { isCharged: false, refusal: roomRefusalOf(error) }
  }
}

/**
 * The verdict of an answer. Undefined, or anything that is not of the schema, counts as no answer.
 */
export function verdictOf({ failOpen }: HookQuestion, answer: unknown): HookVerdict {
  const { success, output } = v.safeParse(Answer, answer)
  if (!success) {
    return { isCharged: true, ...(!failOpen && { refusal: new Refusal('hook-unavailable') }) }
  }
  if (output.allow) return { isCharged: true }
  const reason = v.safeParse(visibleText(MAX_REASON), output.reason)
  const detail = reason.success ? reason.output : undefined
  return { isCharged: true, refusal: new Refusal('content-refused', detail) }
}
