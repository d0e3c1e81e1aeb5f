// M2: the time of a "no" must not tell whether there is a room. An object in memory answers sooner
// than one that has to wake, and one with tables later than an empty one. So these answers leave at
// a multiple of UNKNOWN_ROOM_MS after their request came.

import { createMiddleware } from 'hono/factory'
import { Refusal, type RefusalCode } from '../../refusals.ts'
import type { GatewayEnv } from '../context.ts'

/** What hides whether something is there. */
const HIDING: ReadonlySet<RefusalCode> = new Set(['room-unknown', 'invitation-unknown'])

/** How long an answer still waits, that took so long until now; milliseconds. */
export function evenWait(code: RefusalCode, took: number, multiple: number): number {
  if (multiple === 0 || !HIDING.has(code)) return 0
  // A clock may go back.
  const over = ((took % multiple) + multiple) % multiple
  return multiple - over
}

/**
 * Waits until an answer with that code may leave.
 *
 * @param begun when its request came; milliseconds since 1970.
 */
export async function untilEven(code: RefusalCode, begun: number, multiple: number): Promise<void> {
  const wait = evenWait(code, Date.now() - begun, multiple)
  if (wait > 0) await new Promise<void>((resolve) => setTimeout(resolve, wait))
}

/** The same for the answers of all routes that it is used for. */
export const evenTime = createMiddleware<GatewayEnv>(async (context, next) => {
  const begun = Date.now()
  await next()
  const { error } = context
  if (!(error instanceof Refusal)) return
  await untilEven(error.code, begun, context.var.parts.config.unknownRoomMs)
})
