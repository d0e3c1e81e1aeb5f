// Which frame to which destination does what, and which right it needs. What no rule allows is
// denied (A2). permissions.ts says which role may do it.

import type { Authority } from '../auth/principal.ts'
import { Refusal } from '../refusals.ts'
import type { ConnectedSession } from './connections/session.ts'
import { timestamp } from './log/timestamp.ts'
import { type Requester, requesterOf } from './membership/roles.ts'
import { type Deed, demand } from './permissions.ts'
import { required } from './stomp-commands/body.ts'
import type { Call, Turn } from './turn.ts'

/** May send and subscribe at all. */
export const GENERAL: Authority = 'GENERAL'

/**
 * A frame to a destination needs an authority of the token, and a role that may read, write or
 * consume. `{roomId}` is this room's id, so another room's destination matches nothing; `{name}` is
 * the application's choice.
 */
export const RULES = [
  allow('SUBSCRIBE', '/topic/chat/room/{roomId}', GENERAL, 'read', 'log'),
  allow('SUBSCRIBE', '/topic/rooms/{roomId}', GENERAL, 'read', 'signals'),
  allow('SUBSCRIBE', '/topic/rooms/{roomId}/{name}', GENERAL, 'read', 'channel'),
  allow('SUBSCRIBE', '/queue/rooms/{roomId}/{name}', GENERAL, 'consume', 'queue'),
  allow('SUBSCRIBE', '/user/queue/errors', GENERAL, 'read', 'errors'),
  allow('SUBSCRIBE', '/user/queue/notices', GENERAL, 'read', 'notices'),
  allow('SEND', '/pub/send/message', GENERAL, 'write', 'message'),
  allow('SEND', '/pub/edit/message', GENERAL, 'write', 'edit'),
  allow('SEND', '/pub/delete/message', GENERAL, 'write', 'delete'),
  allow('SEND', '/pub/react/message', GENERAL, 'write', 'react'),
  allow('SEND', '/pub/pin/message', GENERAL, 'pin', 'pin'),
  allow('SEND', '/pub/unpin/message', GENERAL, 'pin', 'unpin'),
  allow('SEND', '/pub/typing', GENERAL, 'write', 'typing'),
  allow('SEND', '/pub/read', GENERAL, 'read', 'read'),
  allow('SEND', '/pub/auth', GENERAL, 'read', 'auth'),
  allow('SEND', '/topic/rooms/{roomId}/{name}', GENERAL, 'write', 'channel'),
  allow('SEND', '/queue/rooms/{roomId}/{name}', GENERAL, 'write', 'queue'),
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
  deed: Deed,
  action: A,
) {
  return { command, path: destination.split('/'), authority, deed, action }
}

type RuleCommand = (typeof RULES)[number]['command']
type ActionOf<C extends RuleCommand> = Extract<(typeof RULES)[number], { command: C }>['action']

/** What a frame does, and to which of the application's own destinations. */
interface Allowed<C extends RuleCommand> {
  readonly action: ActionOf<C>
  /** The `{name}` of the destination; '' where it has none. */
  readonly name: string
}

/** Safe in every version of STOMP, and in a log line. */
const NAME = /^[\p{L}\p{N}._~-]{1,64}$/u

/**
 * What a frame to a destination does.
 *
 * @throws Refusal `not-allowed` where no rule says otherwise, `muted`, and as `demand`.
 */
export function authorize<C extends RuleCommand>(
  command: C,
  destination: string,
  requester: Requester,
): Allowed<C> {
  const canonical = canonicalDestination(destination)
  const rule = EXACT.get(`${command} ${canonical}`) ?? ruleFor(command, canonical, requester.roomId)
  const { principal, role, permissions } = requester
  if (!rule || !principal.roles.includes(rule.authority)) {
    throw new Refusal('not-allowed', `${command} to this destination`)
  }
  demand(role, rule.deed, permissions)
  const { mutedUntil } = requester
  const isWrite = rule.deed === 'write' || rule.deed === 'pin'
  if (isWrite && mutedUntil !== undefined) {
    throw new Refusal('muted', `until ${timestamp(mutedUntil)}`)
  }
  const named = rule.path.at(-1) === '{name}'
  const name = named ? canonical.slice(canonical.lastIndexOf('/') + 1) : ''
  return { action: rule.action as ActionOf<C>, name }
}

/** What a frame may do. Whoever was given a message may acknowledge it. */
export type Permission = Allowed<'SEND'> | { readonly action: 'acknowledge'; readonly name: '' }

/**
 * What a frame may do, by the table of rules (A2).
 *
 * @throws Refusal `header-missing`, and as `authorize`.
 */
export function authorizeFrame(
  { room }: Turn,
  { frame, session }: Call<ConnectedSession>,
): Permission {
  if (frame.command !== 'SEND') return { action: 'acknowledge', name: '' }
  const destination = required(frame, 'destination')
  return authorize('SEND', destination, requesterOf(room, session.principal))
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
export function canonicalDestination(destination: string): string {
  if (destination === '/app/send') return '/pub/send/message'
  if (destination.startsWith('/app/')) return `/pub/${destination.slice('/app/'.length)}`
  return destination
}
