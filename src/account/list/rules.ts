// Which frame to which destination does what on the socket of an account. What no rule allows is
// denied (A2).

import { Refusal } from '../../refusals.ts'
import { canonicalDestination } from '../../room/rules.ts'

/** What each frame does. Whoever has come through CONNECT may do it. */
export const LIST_RULES = {
  'SUBSCRIBE /user/queue/rooms': 'rooms',
  'SUBSCRIBE /user/queue/errors': 'errors',
  'SEND /pub/rooms': 'rooms',
  'SEND /pub/auth': 'auth',
} as const

type Rules = typeof LIST_RULES
type ActionOf<C extends string> = Rules[Extract<keyof Rules, `${C} ${string}`>]

/** What a frame to a destination does. @throws Refusal `not-allowed`. */
export function actionOf<C extends 'SEND' | 'SUBSCRIBE'>(
  command: C,
  destination: string,
): ActionOf<C> {
  const rule = `${command} ${canonicalDestination(destination)}`
  if (!Object.hasOwn(LIST_RULES, rule)) {
    throw new Refusal('not-allowed', `${command} to this destination`)
  }
  return LIST_RULES[rule as keyof Rules] as ActionOf<C>
}
