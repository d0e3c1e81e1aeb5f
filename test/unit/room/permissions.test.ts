// The whole table of who may do what, and to whom.

import { describe, expect, it } from 'vitest'
import {
  type Act,
  type Deed,
  may,
  mayActOn,
  type PermissionRules,
  ROLES,
  type Role,
} from '../../../src/room/permissions.ts'

const OPEN: PermissionRules = {
  write: 'writer',
  invite: 'moderator',
  consume: 'moderator',
  frozen: false,
  archived: false,
}

const MODERATORS: readonly Role[] = ['moderator', 'owner']
const WRITERS: readonly Role[] = ['writer', ...MODERATORS]
const READERS: readonly Role[] = ['reader', ...WRITERS]
const OWNER: readonly Role[] = ['owner']

describe('[M1] in a room', () => {
  it.each<[deed: Deed, rules: Partial<PermissionRules>, allowed: readonly Role[]]>([
    ['read', {}, READERS],
    ['read', { frozen: true, write: 'owner' }, READERS],
    ['report', {}, READERS],
    ['write', {}, WRITERS],
    ['write', { write: 'moderator' }, MODERATORS],
    ['write', { write: 'owner' }, OWNER],
    ['write', { frozen: true }, MODERATORS],
    ['write', { frozen: true, write: 'moderator' }, MODERATORS],
    ['write', { frozen: true, write: 'owner' }, OWNER],
    ['write', { archived: true }, []],
    ['pin', { archived: true }, []],
    ['read', { archived: true }, READERS],
    ['keepOrder', { archived: true }, MODERATORS],
    ['changeRoom', { archived: true }, OWNER],
    ['invite', {}, MODERATORS],
    ['invite', { invite: 'member' }, READERS],
    ['invite', { invite: 'writer' }, WRITERS],
    ['invite', { invite: 'owner' }, OWNER],
    ['invite', { frozen: true, invite: 'writer' }, WRITERS],
    ['consume', {}, MODERATORS],
    ['consume', { consume: 'writer' }, WRITERS],
    ['consume', { consume: 'owner' }, OWNER],
    ['pin', {}, MODERATORS],
    ['mentionRoom', {}, MODERATORS],
    ['sayAnything', {}, MODERATORS],
    ['readModeration', {}, MODERATORS],
    ['keepOrder', {}, MODERATORS],
    ['changeRoom', {}, OWNER],
    ['deleteRoom', {}, OWNER],
    ['seeCost', {}, OWNER],
  ])('%s with %j is for %j', (deed, rules, allowed) => {
    expect(ROLES.filter((role) => may(role, deed, { ...OPEN, ...rules }))).toEqual(allowed)
  })
})

const LOWER: readonly Role[] = ['banned', 'reader', 'writer']
const PEOPLE: readonly Role[] = ['reader', 'writer']

describe('[M1] on somebody', () => {
  it.each<[act: Act, actor: Role, targets: readonly Role[]]>([
    ...(['setRole', 'kick', 'ban', 'mute', 'clearMessages'] as const).flatMap(
      (act): [Act, Role, readonly Role[]][] => [
        [act, 'banned', []],
        [act, 'reader', []],
        [act, 'writer', []],
        [act, 'moderator', LOWER],
        [act, 'owner', [...LOWER, 'moderator']],
      ],
    ),
    ['deleteMessage', 'banned', []],
    ['deleteMessage', 'reader', []],
    ['deleteMessage', 'writer', []],
    ['deleteMessage', 'moderator', LOWER],
    ['deleteMessage', 'owner', ROLES],
    ['handOver', 'banned', []],
    ['handOver', 'reader', []],
    ['handOver', 'writer', []],
    ['handOver', 'moderator', []],
    ['handOver', 'owner', [...PEOPLE, 'moderator']],
    ['inviteAs', 'banned', []],
    ['inviteAs', 'reader', ['reader']],
    ['inviteAs', 'writer', PEOPLE],
    ['inviteAs', 'moderator', PEOPLE],
    ['inviteAs', 'owner', [...PEOPLE, 'moderator']],
  ])('%s by a %s is for %j', (act, actor, targets) => {
    expect(ROLES.filter((target) => mayActOn(actor, act, target))).toEqual(targets)
  })
})
