// Who may do what. Reading it aloud is the security review. Nothing in it: denied (A2).

import type { Principal, Role } from '../auth/principal.ts'
import { Refusal } from '../refusals.ts'

/** May send and subscribe. */
const GENERAL: Role = 'GENERAL'

type Action = 'message' | 'log' | 'signals' | 'errors'

interface Rule {
  readonly command: 'SEND' | 'SUBSCRIBE'
  /** `{roomId}` is this room's id: another room's destination matches nothing. */
  readonly destination: string
  readonly authority: Role
  /** What is done when the rule applies. */
  readonly action: Action
}

export const RULES = [
  allow('SUBSCRIBE', '/topic/chat/room/{roomId}', GENERAL, 'log'),
  allow('SUBSCRIBE', '/topic/rooms/{roomId}', GENERAL, 'signals'),
  allow('SUBSCRIBE', '/user/queue/errors', GENERAL, 'errors'),
  allow('SEND', '/pub/send/message', GENERAL, 'message'),
] as const satisfies Rule[]

function allow<const C extends Rule['command'], const A extends Action>(
  command: C,
  destination: string,
  authority: Role,
  action: A,
) {
  return { command, destination, authority, action }
}

type ActionOf<C extends Rule['command']> = Extract<(typeof RULES)[number], { command: C }>['action']

/**
 * What a frame to a destination does.
 *
 * @throws Refusal `not-allowed` where no rule says otherwise.
 */
export function authorize<C extends Rule['command']>(
  command: C,
  destination: string,
  principal: Principal,
  roomId: string,
): ActionOf<C> {
  const canonical = canonicalDestination(destination)
  const rule = RULES.find(
    (each) =>
      each.command === command &&
      each.destination.replace('{roomId}', roomId) === canonical &&
      principal.roles.includes(each.authority),
  )
  if (!rule) throw new Refusal('not-allowed', `${command} to this destination`)
  return rule.action as ActionOf<C>
}

/** `/app/**` is an alias of `/pub/**`, and `/app/send` of `/pub/send/message`. */
function canonicalDestination(destination: string): string {
  if (destination === '/app/send') return '/pub/send/message'
  if (destination.startsWith('/app/')) return `/pub/${destination.slice('/app/'.length)}`
  return destination
}
