// Who may do what, and to whom. This table decides for frames and for HTTP requests alike (M1).
// Reading it aloud is the security review. What it does not allow is denied.

import { Refusal } from '../refusals.ts'

/** What somebody is in a room, the least first. */
export const ROLES = ['banned', 'reader', 'writer', 'moderator', 'owner'] as const

/** What somebody is in a room. Each role may do what those before it may. */
export type Role = (typeof ROLES)[number]

/** The place of a role in `ROLES`: a higher one may do more. */
export const rank = (role: Role): number => ROLES.indexOf(role)

/** The settings of a room that decide together with the table. */
export interface PermissionRules {
  /** The least role that may write. */
  readonly write: Role
  /** The least role that may invite. `member` is anybody who is a member. */
  readonly invite: Role | 'member'
  /** The least role that may consume a work queue. */
  readonly consume: Role
  /** Nobody below a moderator may write. */
  readonly frozen: boolean
  /** Nobody may write or pin. */
  readonly archived: boolean
}

type Setting = Exclude<keyof PermissionRules, 'frozen' | 'archived'>

/** What a role may do in the room: the least role, or the setting that names it. */
const DEEDS = {
  read: 'reader',
  report: 'reader',
  write: { setting: 'write' },
  invite: { setting: 'invite' },
  consume: { setting: 'consume' },
  pin: 'moderator',
  mentionRoom: 'moderator',
  // Send what the rules of words and links forbid.
  sayAnything: 'moderator',
  readModeration: 'moderator',
  // Slow mode, freezing, and rules of words and links.
  keepOrder: 'moderator',
  changeRoom: 'owner',
  deleteRoom: 'owner',
  seeCost: 'owner',
} as const satisfies Record<string, Role | { readonly setting: Setting }>

const BELOW_WRITER = ['banned', 'reader'] as const
const BELOW_MODERATOR = [...BELOW_WRITER, 'writer'] as const
const BELOW_OWNER = [...BELOW_MODERATOR, 'moderator'] as const

/** Whoever acts on people acts on strictly lower roles. */
const ON_LOWER = { moderator: BELOW_MODERATOR, owner: BELOW_OWNER } as const

/** On whom a role may act; a role without a list acts on nobody. */
const ACTS = {
  // The role that somebody has, and the role that they are given.
  setRole: ON_LOWER,
  kick: ON_LOWER,
  ban: ON_LOWER,
  mute: ON_LOWER,
  clearMessages: ON_LOWER,
  // Nobody stands above the owner, so administrators delete the owner's messages, too.
  deleteMessage: { moderator: BELOW_MODERATOR, owner: ROLES },
  handOver: { owner: ['reader', 'writer', 'moderator'] },
  // The role that an invitation gives.
  inviteAs: {
    reader: ['reader'],
    writer: ['reader', 'writer'],
    moderator: ['reader', 'writer'],
    owner: ['reader', 'writer', 'moderator'],
  },
} as const satisfies Record<string, { readonly [Actor in Role]?: readonly Role[] }>

/** What may be done in a room. */
export type Deed = keyof typeof DEEDS

/** What may be done to somebody, who has a role, too. */
export type Act = keyof typeof ACTS

/** Whether a role may do something in a room. */
export function may(actor: Role, deed: Deed, rules: PermissionRules): boolean {
  if ((deed === 'write' || deed === 'pin') && rules.archived) return false
  return rank(actor) >= rank(leastRole(deed, rules))
}

/**
 * Demands that a role may do something in a room. The refusal is mild: whoever may not write reads
 * on.
 *
 * @throws Refusal `room-archived`, `room-frozen`, `not-allowed`.
 */
export function demand(actor: Role, deed: Deed, rules: PermissionRules): void {
  if (may(actor, deed, rules)) return
  if (!may(actor, deed, { ...rules, archived: false, frozen: false })) {
    throw new Refusal('not-allowed', `${actor} here`, true)
  }
  throw new Refusal(rules.archived ? 'room-archived' : 'room-frozen')
}

/** Whether a role may do something to somebody with a role, or give that role to somebody. */
export function mayActOn(actor: Role, act: Act, target: Role): boolean {
  const lists: { readonly [Actor in Role]?: readonly Role[] } = ACTS[act]
  return lists[actor]?.includes(target) ?? false
}

function leastRole(deed: Deed, rules: PermissionRules): Role {
  const row = DEEDS[deed]
  if (typeof row === 'string') return row
  const least = rules[row.setting]
  if (least === 'member') return 'reader'
  const isFrozen = row.setting === 'write' && rules.frozen
  return isFrozen && rank(least) < rank('moderator') ? 'moderator' : least
}
