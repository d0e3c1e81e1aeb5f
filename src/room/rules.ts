// Who may do what. Reading it aloud is the security review. What no rule allows is denied (A2).

import type { Authority, Principal } from '../auth/principal.ts'
import { Refusal } from '../refusals.ts'

/** What somebody is in this room; each may do what those before may. */
export type Role = 'banned' | 'reader' | 'writer' | 'moderator' | 'owner'

const ROLES: readonly Role[] = ['banned', 'reader', 'writer', 'moderator', 'owner']

/** How much a role may. */
export const rank = (role: Role): number => ROLES.indexOf(role)

/** The role that QUEUE_CONSUMERS names. */
const CONSUMER = 'consumer'

/** May send and subscribe at all. */
export const GENERAL: Authority = 'GENERAL'

/**
 * A frame to a destination needs an authority of the token and a role in the room. `{roomId}`
 * is this room's id, so another room's destination matches nothing; `{name}` is the application's
 * choice.
 */
export const RULES = [
  allow('SUBSCRIBE', '/topic/chat/room/{roomId}', GENERAL, 'reader', 'log'),
  allow('SUBSCRIBE', '/topic/rooms/{roomId}', GENERAL, 'reader', 'signals'),
  allow('SUBSCRIBE', '/topic/rooms/{roomId}/{name}', GENERAL, 'reader', 'channel'),
  allow('SUBSCRIBE', '/queue/rooms/{roomId}/{name}', GENERAL, CONSUMER, 'queue'),
  allow('SUBSCRIBE', '/user/queue/errors', GENERAL, 'reader', 'errors'),
  allow('SEND', '/pub/send/message', GENERAL, 'writer', 'message'),
  allow('SEND', '/pub/edit/message', GENERAL, 'writer', 'edit'),
  allow('SEND', '/pub/delete/message', GENERAL, 'writer', 'delete'),
  allow('SEND', '/pub/react/message', GENERAL, 'writer', 'react'),
  allow('SEND', '/pub/pin/message', GENERAL, 'moderator', 'pin'),
  allow('SEND', '/pub/unpin/message', GENERAL, 'moderator', 'unpin'),
  allow('SEND', '/pub/typing', GENERAL, 'writer', 'typing'),
  allow('SEND', '/pub/read', GENERAL, 'reader', 'read'),
  allow('SEND', '/pub/auth', GENERAL, 'reader', 'auth'),
  allow('SEND', '/topic/rooms/{roomId}/{name}', GENERAL, 'writer', 'channel'),
  allow('SEND', '/queue/rooms/{roomId}/{name}', GENERAL, 'writer', 'queue'),
]

/** Those of a single destination, by it. */
const EXACT = new Map(
  RULES.filter(({ path }) => !path.some((part) => part.startsWith('{'))).map((rule) => [
    `${rule.command} ${rule.path.join('/')}`,
    rule,
  ]),
)

function allow<const C extends 'SEND' | 'SUBSCRIBE', const A extends string>(
  command: C,
  destination: string,
  authority: Authority,
  role: Role | typeof CONSUMER,
  action: A,
) {
  return { command, path: destination.split('/'), authority, role, action }
}

type RuleCommand = (typeof RULES)[number]['command']
type ActionOf<C extends RuleCommand> = Extract<(typeof RULES)[number], { command: C }>['action']

/** What a frame does, and to which of the application's own destinations. */
export interface Allowed<C extends RuleCommand> {
  readonly action: ActionOf<C>
  /** The `{name}` of the destination; '' where it has none. */
  readonly name: string
}

/** Who asks, and where. */
export interface Requester {
  readonly principal: Principal
  readonly role: Role
  readonly roomId: string
  /** Who may consume a work queue: what is given to one is kept from the others. */
  readonly consumer: Role
}

/** Safe in every version of STOMP, and in a log line. */
const NAME = /^[\p{L}\p{N}._~-]{1,64}$/u

/**
 * What a frame to a destination does.
 *
 * @throws Refusal `not-allowed` where no rule says otherwise; a mild one where only the role is
 * too low, since a reader goes on reading.
 */
export function authorize<C extends RuleCommand>(
  command: C,
  destination: string,
  requester: Requester,
): Allowed<C> {
  const canonical = canonicalDestination(destination)
  const rule = EXACT.get(`${command} ${canonical}`) ?? ruleFor(command, canonical, requester.roomId)
  const { principal, role, consumer } = requester
  if (!rule || !principal.roles.includes(rule.authority)) {
    throw new Refusal('not-allowed', `${command} to this destination`)
  }
  if (rank(role) < rank(rule.role === CONSUMER ? consumer : rule.role)) {
    throw new Refusal('not-allowed', `${role} here`, true)
  }
  const named = rule.path.at(-1) === '{name}'
  const name = named ? canonical.slice(canonical.lastIndexOf('/') + 1) : ''
  return { action: rule.action as ActionOf<C>, name }
}

function ruleFor(command: RuleCommand, destination: string, roomId: string) {
  const path = destination.split('/')
  return RULES.find((rule) => rule.command === command && matches(rule.path, path, roomId))
}

function matches(pattern: readonly string[], path: readonly string[], roomId: string): boolean {
  return (
    pattern.length === path.length &&
    pattern.every((part, index) => {
      const given = path[index] ?? ''
      if (part === '{roomId}') return given === roomId
      return part === '{name}' ? NAME.test(given) : given === part
    })
  )
}

/** `/app/**` is an alias of `/pub/**`, and `/app/send` of `/pub/send/message`. */
function canonicalDestination(destination: string): string {
  if (destination === '/app/send') return '/pub/send/message'
  if (destination.startsWith('/app/')) return `/pub/${destination.slice('/app/'.length)}`
  return destination
}
