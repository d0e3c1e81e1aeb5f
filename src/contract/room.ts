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
import type { Member, MemberRow, MembersPage, MembersQuery } from '../room/membership/member.ts'
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

export type { Admission } from '../room/connections/admission.ts'
export type {
  InvitationsPage,
  InvitationsQuery,
  InvitationWish,
  ListedInvitation,
  ShownInvitation,
} from '../room/membership/invitation.ts'
export type { Member, MemberRow, MembersPage, MembersQuery } from '../room/membership/member.ts'
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

/** A direct room, and whether it was made just now. */
export interface OpenedDirect {
  readonly room: ShownRoom
  readonly created: boolean
}

/** Every call is made in somebody's name. The room decides who may ask. */
export interface RoomCalls {
  create(profile: RoomProfile): Promise<void>
  show(by: Principal): Promise<Answer<ShownRoom>>
  change(by: Principal, change: ProfileChange): Promise<Answer<ShownRoom>>
  cost(by: Principal): Promise<Answer<Usage>>
  events(by: Principal, query: PageQuery): Promise<Answer<EventsPage>>
  delete(by: Principal): Promise<Answer<null>>
  /** The pinned messages. */
  pins(by: Principal): Promise<Answer<PinsPage>>
  /** A message, or what is done to one. Answered once everything is durable (L3). */
  execute(by: Principal, request: RoomRequest): Promise<Answer<RequestOutcome>>
  /** Reports a message to the moderators. */
  report(by: Principal, request: ReportRequest): Promise<Answer<Report>>
  reports(by: Principal, query: ReportsQuery): Promise<Answer<ReportsPage>>
  settleReport(by: Principal, id: number, state: 'settled' | 'dismissed'): Promise<Answer<Report>>
  members(by: Principal, query: MembersQuery): Promise<Answer<MembersPage>>
  join(by: Principal): Promise<Answer<Member>>
  /** They leave, or are removed by another. */
  removeMember(by: Principal, personId: string, reason?: string): Promise<Answer<null>>
  /** `owner` hands the room over. */
  setRole(by: Principal, personId: string, role: Role, reason?: string): Promise<Answer<Member>>
  /** What moderators do to people. */
  moderate(by: Principal, act: ModerationAct): Promise<Answer<ModerationOutcome>>
  /** The moderation log, or the bans. */
  moderation(by: Principal, query: ModerationQuery): Promise<Answer<ModerationPage>>
  invite(by: Principal, wish: InvitationWish): Promise<Answer<ListedInvitation>>
  invitations(by: Principal, query: InvitationsQuery): Promise<Answer<InvitationsPage>>
  revokeInvitation(by: Principal, id: string): Promise<Answer<null>>
  /**
   * In nobody's name: the digest of its secret is enough. M2: refused alike where there is no room.
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
  /** Joins by an invitation: also those for whom the room does not exist before. */
  useInvitation(by: Principal, digest: string): Promise<Answer<ShownRoom>>
}
