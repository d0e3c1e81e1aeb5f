// Invitations: whoever has one may join, also where nobody comes in by themselves.

import type { Principal } from '../../auth/principal.ts'
import { Refusal, type RefusalCode } from '../../refusals.ts'
import { DEFAULT_INVITATIONS, MAX_INVITATIONS } from '../limits/limits.ts'
import { may, mayActOn, type Role, rank } from '../permissions.ts'
import { type RoomState, writeAtomically } from '../room-state.ts'
import type { Turn } from '../turn.ts'
import {
  type Invitation,
  type InvitationsPage,
  type InvitationsQuery,
  type InvitationWish,
  type InvitedRole,
  type ListedInvitation,
  listedInvitation,
  type ShownInvitation,
} from './invitation.ts'
import { addMember } from './join.ts'
import { demandAdmissible, demandDeed, permissionsOf, storedRole } from './roles.ts'

/** Where people invite others, and where those come in. */
export class InvitationDesk {
  readonly #room: RoomState

  constructor(room: RoomState) {
    this.#room = room
  }

  /**
   * Makes an invitation. One row, and one more where it takes the place of one that is over.
   *
   * @throws Refusal `too-many-invitations`, `room-archived`, `not-allowed`, and as `demandEntry`.
   */
  add({ room, now }: Turn, by: Principal, wish: InvitationWish): ListedInvitation {
    const actor = demandDeed(room, by, 'invite')
    demandUnarchived(room)
    const { kind } = room.profile.get()
    if (kind === 'direct') throw new Refusal('not-allowed', 'a direct room is for two')
    const role = wish.role ?? usualRole(actor, kind === 'broadcast')
    if (!mayActOn(actor, 'inviteAs', role)) throw new Refusal('not-allowed', 'as what is below you')
    const kept = room.invitations.all()
    const over = kept.filter((each) => endOf(room, each, now))
    if (kept.length - over.length >= MAX_INVITATIONS) throw new Refusal('too-many-invitations')
    const invitation: Invitation = {
      id: room.newId(),
      digest: wish.digest,
      role,
      by: { id: by.id, name: by.name },
      ofMember: room.members.get(by.id)?.joined !== undefined && mayGive(room, by.id, role),
      createdAt: now,
      expiresAt: now + wish.expiresIn * 1000,
      uses: wish.uses,
      used: 0,
    }
    // R5: an invitation that is over stays until its place is needed, so that it is refused with
    // the reason.
    const oldest = kept.length >= MAX_INVITATIONS ? over.at(-1) : undefined
    room.atomically(() => {
      if (oldest) room.invitations.remove(oldest.digest)
      room.invitations.put(invitation)
    })
    return listedInvitation(invitation)
  }

  /**
   * The open invitations, the newest first. Moderators see all, others their own.
   *
   * @throws Refusal `query-invalid`, `not-allowed`, and as `demandEntry`.
   */
  page(by: Principal, query: InvitationsQuery, now: number): InvitationsPage {
    const { cursor, limit = DEFAULT_INVITATIONS } = query
    const visible = visibleTo(this.#room, by)
    const last = cursor === undefined ? -1 : visible.findIndex(({ id }) => id === cursor)
    if (cursor !== undefined && last === -1) throw new Refusal('query-invalid', 'cursor: gone')
    const open = visible.slice(last + 1).filter((each) => !endOf(this.#room, each, now))
    const page = open.slice(0, limit)
    return {
      invitations: page.map(listedInvitation),
      next: open.length > limit ? (page.at(-1)?.id ?? null) : null,
    }
  }

  /**
   * Takes an invitation back, by whoever made it or a moderator. One row.
   *
   * @throws Refusal `invitation-unknown`, `not-allowed`, and as `demandEntry`.
   */
  revoke({ room }: Turn, by: Principal, id: string): null {
    const invitation = visibleTo(room, by).find((each) => each.id === id)
    if (!invitation) throw new Refusal('invitation-unknown')
    room.invitations.remove(invitation.digest)
    return null
  }

  /**
   * What an invitation is to, for whoever has it.
   *
   * @throws Refusal `invitation-unknown`, `invitation-expired`, `invitation-used`.
   */
  show(digest: string, now: number): ShownInvitation {
    const { role, by, expiresAt } = demandOpen(this.#room, digest, now)
    const { id, name, kind } = this.#room.profile.get()
    return { room: { id, name, kind }, invitedBy: { name: by.name }, role, expiresAt }
  }

  /**
   * Somebody joins by an invitation. The use and the member are two rows, both or none. A member
   * uses up nothing.
   *
   * @throws Refusal `invitation-unknown`, `invitation-expired`, `invitation-used`, `banned`,
   * `accounts-only`, `room-archived`, `too-many-members`.
   */
  use(turn: Turn, by: Principal, digest: string): void {
    const { room, now } = turn
    if (!room.invitations.find(digest)) throw new Refusal('invitation-unknown')
    demandAdmissible(room, by)
    if (room.members.get(by.id)?.joined) return
    const invitation = demandOpen(room, digest, now)
    demandUnarchived(room)
    writeAtomically(room, () => {
      room.invitations.put({ ...invitation, used: invitation.used + 1 })
      addMember(turn, by, invitation.role)
    })
  }
}

const usualRole = (actor: Role, isBroadcast: boolean): InvitedRole =>
  isBroadcast || actor === 'reader' ? 'reader' : 'writer'

/** Those that somebody may list and take back, open or not. */
function visibleTo(room: RoomState, by: Principal): Invitation[] {
  const role = demandDeed(room, by, 'invite')
  const isModerator = rank(role) >= rank('moderator')
  return room.invitations.all().filter((each) => isModerator || each.by.id === by.id)
}

function demandUnarchived({ profile }: RoomState): void {
  if (profile.get().archivedAt !== undefined) throw new Refusal('room-archived')
}

function demandOpen(room: RoomState, digest: string, now: number): Invitation {
  const invitation = room.invitations.find(digest)
  if (!invitation) throw new Refusal('invitation-unknown')
  const end = endOf(room, invitation, now)
  if (end) throw new Refusal(end)
  return invitation
}

/** Why an invitation is over; undefined while it is open. */
function endOf(room: RoomState, invitation: Invitation, now: number): RefusalCode | undefined {
  const { expiresAt, uses, used } = invitation
  if (!isUpheld(room, invitation)) return 'invitation-unknown'
  if (expiresAt <= now) return 'invitation-expired'
  return uses > 0 && used >= uses ? 'invitation-used' : undefined
}

/**
 * Whether whoever made it may still give that role, and was a member all the time. One by an
 * administrator, or by somebody whom a claim lets in, is upheld unless they are banned.
 */
function isUpheld(room: RoomState, { by, role, ofMember, createdAt }: Invitation): boolean {
  const member = room.members.get(by.id)
  if (!ofMember) return member?.role !== 'banned'
  // Whoever left and came back made it in an earlier membership.
  const isSame = member?.joined !== undefined && member.joined.at <= createdAt
  return isSame && mayGive(room, by.id, role)
}

function mayGive(room: RoomState, personId: string, role: InvitedRole): boolean {
  const actor = storedRole(room, personId)
  return may(actor, 'invite', permissionsOf(room)) && mayActOn(actor, 'inviteAs', role)
}
