// What the gateway asks of a room.

import type { Answer } from '../answer.ts'
import type { Principal } from '../auth/principal.ts'
import type { Usage } from '../cost.ts'
import type { EventsPage, PageQuery } from '../room/log/pages.ts'
import type { PinsPage } from '../room/log/pins.ts'
import type {
  InvitationsPage,
  InvitationsQuery,
  InvitationWish,
  ListedInvitation,
  ShownInvitation,
} from '../room/membership/invitation.ts'
import type {
  Introduction,
  Member,
  MemberRoom,
  MemberRow,
  MembersPage,
  MembersQuery,
} from '../room/membership/member.ts'
import type { ProfileChange, RoomProfile, ShownRoom } from '../room/membership/profile.ts'
import type {
  ModerationAct,
  ModerationOutcome,
  ModerationPage,
  ModerationQuery,
} from '../room/moderation/act.ts'
import type { Report, ReportRequest, ReportsPage, ReportsQuery } from '../room/moderation/report.ts'
import type { Role } from '../room/permissions.ts'
import type { RequestOutcome, RoomRequest } from '../room/request.ts'
import type { RoomGlance } from '../room/unread/glance.ts'

export type { Admission } from '../room/connections/admission.ts'
export type {
  InvitationsPage,
  InvitationsQuery,
  InvitationWish,
  ListedInvitation,
  ShownInvitation,
} from '../room/membership/invitation.ts'
export type {
  Introduction,
  Member,
  MemberRow,
  MembersPage,
  MembersQuery,
} from '../room/membership/member.ts'
export type {
  ListedRoom,
  ProfileChange,
  RoomProfile,
  ShownRoom,
} from '../room/membership/profile.ts'
export type {
  ModerationAct,
  ModerationOutcome,
  ModerationPage,
  ModerationQuery,
} from '../room/moderation/act.ts'
export type { Report, ReportRequest, ReportsPage, ReportsQuery } from '../room/moderation/report.ts'
export type { Role } from '../room/permissions.ts'
export type { RequestOutcome, RoomRequest } from '../room/request.ts'
export type { GlancedMessage, RoomGlance } from '../room/unread/glance.ts'
export type { Unread } from '../room/unread/unread.ts'

/** A direct room, and whether it was made just now. */
export interface OpenedDirect {
  readonly room: ShownRoom
  readonly created: boolean
}

/**
 * Every call but `watch` is made in somebody's name, and the room decides who may ask. Whoever may
 * not come in is refused with `room-unknown`, `banned`, `accounts-only`, `members-only` or
 * `room-blocked`, and whoever's role does not allow the call with `not-allowed`.
 */
export interface RoomCalls {
  /** Stores a new room. The directory has a place for it already. */
  create(profile: RoomProfile): Promise<void>
  /** The room with what `by` is in it, and those settings that `by` may see. */
  show(by: Principal): Promise<Answer<ShownRoom>>
  /** Changes the profile or the settings, and ends whoever may not stay. Refused: body-invalid. */
  change(by: Principal, change: ProfileChange): Promise<Answer<ShownRoom>>
  /** The usage of the room since `since`: for its owner. */
  cost(by: Principal): Promise<Answer<Usage>>
  /** A page of what `by` may read of the log (P1). */
  events(by: Principal, query: PageQuery): Promise<Answer<EventsPage>>
  /** Deletes the room and everything in it, and ends its sockets with `room-deleted`. */
  delete(by: Principal): Promise<Answer<null>>
  /** The pinned messages. */
  pins(by: Principal): Promise<Answer<PinsPage>>
  /** A message, or what is done to one. Answered once everything is durable (L3). */
  execute(by: Principal, request: RoomRequest): Promise<Answer<RequestOutcome>>
  /**
   * Reports a message to the moderators. Refused: event-unknown, event-deleted, too-many-reports,
   * too-fast, room-full.
   */
  report(by: Principal, request: ReportRequest): Promise<Answer<Report>>
  /** A page of reports, the newest first: for moderators. */
  reports(by: Principal, query: ReportsQuery): Promise<Answer<ReportsPage>>
  /** Settles or dismisses a report; the second time changes nothing. Refused: report-unknown. */
  settleReport(by: Principal, id: number, state: 'settled' | 'dismissed'): Promise<Answer<Report>>
  /** A page of members, the owner first. Refused: query-invalid. */
  members(by: Principal, query: MembersQuery): Promise<Answer<MembersPage>>
  /** `by` becomes a member, or is one already. Refused: too-many-members. */
  join(by: Principal): Promise<Answer<Member>>
  /**
   * `personId` leaves where that is `by`, and is removed otherwise. Refused: heir-needed,
   * member-unknown.
   */
  removeMember(by: Principal, personId: string, reason?: string): Promise<Answer<null>>
  /**
   * Gives somebody a role: `owner` hands the room over, `banned` bans. Refused: member-unknown,
   * too-many-members; user-unknown for whoever the room has never met and nobody introduced.
   */
  setRole(
    by: Principal,
    personId: string,
    role: Role,
    reason?: string,
    introduced?: Introduction,
  ): Promise<Answer<Member>>
  /**
   * Bans, mutes or clears the messages of somebody, or takes that back. Refused: member-unknown,
   * user-unknown as setRole, body-invalid, too-many-members, too-fast.
   */
  moderate(by: Principal, act: ModerationAct): Promise<Answer<ModerationOutcome>>
  /** A page of the moderation log, or of the bans: for moderators. Refused: query-invalid. */
  moderation(by: Principal, query: ModerationQuery): Promise<Answer<ModerationPage>>
  /** Makes an invitation; its secret stays with the caller. Refused: too-many-invitations. */
  invite(by: Principal, wish: InvitationWish): Promise<Answer<ListedInvitation>>
  /**
   * A page of open invitations: all of them for moderators, and their own for others. Refused:
   * query-invalid.
   */
  invitations(by: Principal, query: InvitationsQuery): Promise<Answer<InvitationsPage>>
  /** Takes an invitation back, by whoever made it or a moderator. Refused: invitation-unknown. */
  revokeInvitation(by: Principal, id: string): Promise<Answer<null>>
  /**
   * In nobody's name: the digest of the invitation's secret is enough. M2: refused alike where
   * there is no room. Refused: invitation-unknown, invitation-expired, invitation-used.
   */
  showInvitation(digest: string): Promise<Answer<ShownInvitation>>
  /** The direct room of two people, made where there is none. Refused: room-blocked. */
  openDirect(
    by: Principal,
    profile: RoomProfile,
    people: readonly MemberRow[],
  ): Promise<Answer<OpenedDirect>>
  /** Blocks the other of a direct room, or takes that back. */
  block(by: Principal, isBlocked: boolean): Promise<Answer<null>>
  /**
   * Hides a direct room from the list of rooms of `by`, or shows it there. Refused: not-allowed,
   * room-unknown; unavailable where their account did not hear of it.
   */
  hide(by: Principal, isHidden: boolean): Promise<Answer<MemberRoom>>
  /**
   * Joins by an invitation, whose room may not exist for `by` before (M2). Refused: as
   * `showInvitation`, and banned, accounts-only, too-many-members, room-archived.
   */
  useInvitation(by: Principal, digest: string): Promise<Answer<ShownRoom>>
  /**
   * The account of a member says that it has a list of rooms open, or none any more, and is told
   * the room as that member sees it now. Refused: room-unknown for whoever is no member (M2).
   */
  watch(personId: string, isWatching: boolean): Promise<Answer<RoomGlance>>
}
