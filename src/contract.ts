// What the gateway asks of the objects: the calls over RPC, and the types that they exchange. Types
// alone. Each object implements its interface, and the gateway holds the stubs.

import type { AccountChange } from './account/record.ts'
import type {
  AccountLogin,
  AccountView,
  LoginsView,
  NewSignIn,
  SessionGrant,
  SessionView,
} from './account/views.ts'
import type { Answer, Delayed } from './answer.ts'
import type { Bearer } from './auth/bearer.ts'
import type { ProviderLogin } from './auth/openid/pending-link.ts'
import type { AttemptSource, Device, Verified } from './auth/passwords/attempt-source.ts'
import type { Principal } from './auth/principal.ts'
import type { KeyMaterial } from './auth/tokens/keys.ts'
import type { Usage } from './cost.ts'
import type { DirectoryCalls, MemberRoomCalls } from './lists-contract.ts'
import type { RefusalCode } from './refusals.ts'
import type { Admission } from './room/connections/admission.ts'
import type { EventsPage, PageQuery } from './room/log/pages.ts'
import type { PinsPage } from './room/log/pins.ts'
import type {
  InvitationsPage,
  InvitationsQuery,
  InvitationWish,
  ListedInvitation,
  ShownInvitation,
} from './room/membership/invitation.ts'
import type { Member, MemberRow, MembersPage, MembersQuery } from './room/membership/member.ts'
import type {
  ListedRoom,
  ProfileChange,
  RoomProfile,
  ShownRoom,
} from './room/membership/profile.ts'
import type {
  ModerationAct,
  ModerationOutcome,
  ModerationPage,
  ModerationQuery,
} from './room/moderation/act.ts'
import type { Report, ReportRequest, ReportsPage, ReportsQuery } from './room/moderation/report.ts'
import type { Role } from './room/permissions.ts'
import type { RequestOutcome, RoomRequest } from './room/request.ts'

export type { MemberRoom, MemberRoomsPage } from './account/views.ts'
export type { ListedRooms, MemberRoomCalls, Reservation, RoomsQuery } from './lists-contract.ts'
export type {
  AccountLogin,
  AccountView,
  Admission,
  Answer,
  AttemptSource,
  Delayed,
  Device,
  DirectoryCalls,
  InvitationsPage,
  InvitationsQuery,
  InvitationWish,
  ListedInvitation,
  ListedRoom,
  LoginsView,
  Member,
  MemberRow,
  MembersPage,
  MembersQuery,
  ModerationAct,
  ModerationOutcome,
  ModerationPage,
  ModerationQuery,
  NewSignIn,
  ProfileChange,
  Report,
  ReportRequest,
  ReportsPage,
  ReportsQuery,
  RequestOutcome,
  Role,
  RoomProfile,
  RoomRequest,
  SessionGrant,
  SessionView,
  ShownInvitation,
  ShownRoom,
  Verified,
}

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

/**
 * A visit of a room. `visitId` is the id of the ticket, or one made for this visit: the room says
 * it when the socket has gone.
 */
type VisitArguments = [bearer: Bearer, roomId: string, visitId: string, cost?: number]

/** One person, guest, account or a trusted issuer's: sign-ins, logins, rooms with sockets. */
export interface AccountCalls extends MemberRoomCalls {
  /**
   * Makes the account where there is none. Refused: account-disabled; credentials-invalid where the
   * account goes by another user name.
   */
  signIn(newSignIn: NewSignIn): Promise<Answer<SessionGrant>>
  /** A guest becomes an account with the same id. Every older token is void. */
  becomeAccount(
    bearer: Bearer,
    name: string | undefined,
    username?: string,
  ): Promise<Answer<SessionGrant>>
  /**
   * The four cases: `token` is the refresh token shown, `bearer` a valid access token shown. What
   * renews is counted as `check` counts, and what is too fast does not use up the token. Refused:
   * refresh-missing, refresh-invalid, refresh-expired, refresh-reused, session-ended,
   * session-too-old, account-disabled, too-fast.
   */
  refresh(
    token: string | undefined,
    bearer: Bearer | undefined,
    cost?: number,
  ): Promise<Answer<SessionGrant> | Delayed>
  /**
   * Whether a token still holds; `cost`, 1 by default, is taken of the person's
   * REQUESTS_PER_MINUTE. Refused: session-ended, roles-changed, account-disabled, too-fast.
   */
  check(bearer: Bearer, cost?: number): Promise<Answer<null> | Delayed>
  /** The same, for an upgrade, and whether this visit is noted. Nothing is written. */
  checkVisit(...visit: VisitArguments): Promise<Answer<{ readonly noted: boolean }> | Delayed>
  /**
   * The same, for a ticket: asks the room as `show` does, and notes the visit where the room lets
   * the person in. The value is the room's answer. Refused besides: in-too-many-rooms.
   */
  prepareVisit(
    by: Principal,
    ...visit: VisitArguments
  ): Promise<Answer<Answer<ShownRoom>> | Delayed>
  /** For a room that lets a socket in: the same, and notes the visit. Refused as prepareVisit. */
  enter(...visit: VisitArguments): Promise<Answer<null> | Delayed>
  /** Nobody came for a visit, and nobody will; or its socket has gone. */
  leave(sessionId: string, roomId: string, visitId: string): Promise<void>
  sessions(): Promise<SessionView[]>
  /** Ends one session, its tokens and sockets; false where there is none. */
  end(bearer: Pick<Bearer, 'sessionId' | 'federated' | 'expiresAt'>): Promise<boolean>
  /** Refused: refresh-invalid. */
  endByToken(token: string): Promise<Answer<null>>
  /** Ends all sessions but one. */
  endAll(except: string | undefined): Promise<void>
  logins(): Promise<LoginsView>
  /** Whether a refresh token is the newest of that session. It is not used up. */
  holds(token: string, sessionId: string): Promise<boolean>
  /** Stores a login before it works. Refused: as check, and not-allowed, too-many-logins. */
  addLogin(
    bearer: Bearer,
    login: ProviderLogin,
  ): Promise<Answer<{ readonly id: string; readonly kind: 'guest' | 'account' }>>
  /** It stays listed until `removeLogin`. Refused: login-unknown, login-last. */
  endLogin(id: string): Promise<Answer<AccountLogin>>
  removeLogin(id: string): Promise<void>
  /** Refused, as `change`: user-unknown. */
  show(): Promise<Answer<AccountView>>
  change(change: AccountChange): Promise<Answer<AccountView>>
}

/** One way to sign in, and whose it is: a user name with its password, or a provider's subject. */
export interface LoginCalls {
  /** Refused: username-taken. */
  register(personId: string, password: string, from: AttemptSource): Promise<Answer<null> & Device>
  /** Whether a device has signed in to it before. Nothing is counted. */
  trusts(devices: readonly string[]): Promise<boolean>
  /**
   * Whose password this is. Takes the same time for an unknown user as for a wrong password.
   * Refused: credentials-invalid, sign-in-delayed.
   */
  verify(password: string, from: AttemptSource): Promise<Verified>
  /** No device cookie of before holds any more. Refused: as verify. */
  changePassword(password: string, next: string, from: AttemptSource): Promise<Verified>
  /** Whose it is; `personId`'s from now on where it was nobody's. */
  claim(personId: string): Promise<string>
  /** Whose it is; null where it is nobody's. Nothing is written. */
  owner(): Promise<string | null>
  /** A provider's subject is nobody's again, where it was that person's. */
  release(personId: string): Promise<void>
  /** A user name is nobody's again, where it was that person's (A5). */
  withdraw(personId: string): Promise<void>
}

/** Failures of one address. */
export interface ThrottleCalls {
  /** Counts an attempt as a failure until it is known to have succeeded. */
  attempt(): Promise<Answer<null> | Delayed>
  succeeded(): Promise<void>
}

export interface KeyRingCalls {
  /** The private key that signs, and the public halves: for the gateway alone. */
  material(): Promise<KeyMaterial>
  /** The public halves, as a JWK set (RFC 7517, section 5). */
  publicKeys(): Promise<KeyMaterial['verifying']>
  /** Makes a new signing key; gives its id. `compromised`: older ones verify nothing any more. */
  rotate(compromised: boolean): Promise<string>
}

/** The objects by name, and what else the gateway asks of the platform. */
export interface Backend {
  /** What the runtime lacks of what the rooms need, by name. */
  missing(): readonly string[]
  keyRing(): KeyRingCalls
  account(personId: string): AccountCalls
  /** By user name, in the spelling that counts. */
  passwordLogin(username: string): LoginCalls
  /** By the provider's issuer and subject, never by e-mail. */
  providerLogin(issuer: string, subject: string): LoginCalls
  /** By address, in the spelling that counts. */
  throttle(address: string): ThrottleCalls
  room(id: string): RoomCalls
  /** Opens a WebSocket in a room: the 101 with its socket, or why not. */
  enterRoom(id: string, admission: Admission): Promise<Response | { readonly refused: RefusalCode }>
  directory(): DirectoryCalls
  /** Whether an address may ask for one more token in this minute. */
  mayAuthenticate(address: string): Promise<boolean>
}
