// The room: what the shell asks of it. Synchronous; each method is one turn, or part of one.

import type { Revocation } from '../auth/bearer.ts'
import type { Principal } from '../auth/principal.ts'
import { emptyMore } from './commands/deletion.ts'
import { admit, endOldest } from './connections/admission.ts'
import { alarmDueBy, nextAlarm, onAlarm } from './connections/alarm-schedule.ts'
import { endConnection, endSession } from './connections/endings.ts'
import { revokeConnections } from './connections/revocations.ts'
import type { SignIn } from './connections/session.ts'
import { catchUp } from './delivery/replay.ts'
import { finishTurn } from './finish.ts'
import { type PinsPage, pinsPage } from './log/pins.ts'
import { changeRoom } from './membership/change-room.ts'
import { deleteRoom } from './membership/delete-room.ts'
import { handOver } from './membership/hand-over.ts'
import { InvitationDesk } from './membership/invitations.ts'
import { join } from './membership/join.ts'
import { kick, leave } from './membership/leave.ts'
import type { Introduction, Member, MembersPage, MembersQuery } from './membership/member.ts'
import { membersPage } from './membership/members-page.ts'
import type { ChangedRoom, ProfileChange, RoomProfile } from './membership/profile.ts'
import { demandDeed, readableAfter } from './membership/roles.ts'
import { setRole } from './membership/set-role.ts'
import { clearMore } from './moderation/clear.ts'
import { ModerationDesk } from './moderation/moderate.ts'
import { ReportDesk } from './moderation/report-desk.ts'
import { tellPresence } from './people/presence.ts'
import type { Deed, Role } from './permissions.ts'
import type { Arrival, Connection, HookVerdict, Reading, RoomPorts } from './ports.ts'
import { consumedQueues } from './queues/distribution.ts'
import { receive } from './receive.ts'
import { roomRefusalOf } from './refuse.ts'
import { executeRequest, type RequestOutcome, type RoomRequest } from './request.ts'
import { type Backlog, createRoomState, type RoomState, restore } from './room-state.ts'
import { attempt, beginTurn, type Turn, type TurnEnd } from './turn.ts'
import { unreadOf } from './unread/count-unread.ts'
import { glanceOf, type RoomGlance } from './unread/glance.ts'
import type { Watchers } from './unread/watchers.ts'

/** What the shell asks of a room. What somebody may not do throws a Refusal. */
export class Room {
  readonly reports: ReportDesk
  readonly invitations: InvitationDesk
  readonly moderation: ModerationDesk
  readonly watchers: Watchers
  readonly #state: RoomState
  /** False until the room knows its connections, after it was built. */
  #awake = false
  /** What waited then for a subscription: the first turn sees to it. */
  #waiting: Backlog | undefined

  constructor(ports: RoomPorts) {
    this.#state = createRoomState(ports)
    this.reports = new ReportDesk(this.#state)
    this.invitations = new InvitationDesk(this.#state)
    this.moderation = new ModerationDesk(this.#state)
    this.watchers = this.#state.watchers
  }

  /** Demands that a room takes one more connection of somebody. @throws Refusal as `admit`. */
  admit(turn: Turn, principal: Principal, signIn: SignIn, isCounted = false): void {
    admit(turn, principal, signIn, isCounted)
  }

  /** An admitted connection is open: the oldest of too many ends. Returns how many there are. */
  opened(turn: Turn, connection: Connection): number {
    this.#state.people.connectionChanged(connection)
    endOldest(turn, connection)
    return this.#state.people.size
  }

  /**
   * Runs one turn. What it says is sent when `work` is done, whether it has thrown or not.
   *
   * @param now milliseconds since 1970.
   */
  turn<Result>(now: number, work: (turn: Turn) => Result): TurnEnd<Result> {
    this.#wake()
    const turn = beginTurn(this.#state, now, this.#waiting)
    this.#waiting = undefined
    const result = attempt(work, turn)
    finishTurn(turn)
    turn.outbox.flush()
    const hasPresenceToTell = this.#state.presenceBatch.pending
    const { membership } = turn
    return { result, backlog: turn.deferred.backlog, hasPresenceToTell, membership }
  }

  /** Answers what has come on some connections, and says of each what is left. Never throws. */
  receive(turn: Turn, arrivals: readonly Arrival[]): Reading[] {
    return receive(turn, arrivals)
  }

  /** Executes what somebody asks for without a connection. @throws Refusal as `executeRequest`. */
  execute(turn: Turn, by: Principal, request: RoomRequest, hook?: HookVerdict): RequestOutcome {
    return executeRequest(turn, by, request, hook)
  }

  /** Ends a connection for an error in its stream, or a deadline that it missed. */
  fail(turn: Turn, connection: Connection, error: unknown): void {
    endConnection(turn, connection, roomRefusalOf(error))
  }

  /** The socket has gone. */
  leave(turn: Turn, connection: Connection): void {
    endSession(turn, connection)
  }

  /** Gives the subscriptions that are behind their next chunk. */
  catchUp(turn: Turn): void {
    catchUp(turn)
    emptyMore(turn)
    clearMore(turn)
    for (const queue of consumedQueues(turn)) turn.deferred.queues.add(queue)
  }

  /** Tells who came and went since the last time (R6). */
  tellPresence(turn: Turn): void {
    tellPresence(turn)
  }

  /** When the alarm rings at the latest if nothing else comes, in ms since 1970; undefined: not. */
  alarmDueBy(now: number): number | undefined {
    return alarmDueBy(this.#state, now)
  }

  /** The alarm rang. Ask `nextAlarm` for the next time. */
  onAlarm(turn: Turn): void {
    onAlarm(turn)
  }

  /** When the alarm rings after it rang, in ms since 1970; undefined: not at all. */
  nextAlarm(now: number): number | undefined {
    return nextAlarm(this.#state, now)
  }

  /** A5: ends the connections of a revocation; returns whether others of that person remain. */
  revoke(turn: Turn, revocation: Revocation): boolean {
    return revokeConnections(turn, revocation)
  }

  /** The role of somebody who may come in and do something. @throws Refusal as `demandDeed`. */
  demand(principal: Principal, deed: Deed): Role {
    return demandDeed(this.#state, principal, deed)
  }

  get profile(): RoomProfile {
    return this.#state.profile.get()
  }

  /** P1: the seq after which somebody may read. */
  readableAfter(principal: Principal): number {
    return readableAfter(this.#state, principal)
  }

  /** A page of members. @throws Refusal as `membersPage`. */
  members(by: Principal, query: MembersQuery): MembersPage {
    return membersPage(this.#state, by, query)
  }

  /** Somebody joins without a socket. @throws Refusal as `join`. */
  join(turn: Turn, by: Principal): Member {
    return join(turn, by)
  }

  /** Somebody leaves, or is removed by another. @throws Refusal as `leave` and `kick`. */
  removeMember(turn: Turn, by: Principal, personId: string, reason?: string): void {
    if (personId === by.id) leave(turn, by)
    else kick(turn, by, personId, reason)
  }

  /** What a member has not read yet; undefined for whoever is none (U1). */
  unreadOf(personId: string): ReturnType<typeof unreadOf> {
    this.#wake()
    return unreadOf(this.#state, personId)
  }

  /** The room in the list of a member; undefined for whoever is none (U1). */
  glanceOf(personId: string): RoomGlance | undefined {
    this.#wake()
    return glanceOf(this.#state, personId)
  }

  /** The pinned messages that somebody may read. @throws Refusal as `demandDeed`. */
  pins(by: Principal): PinsPage {
    demandDeed(this.#state, by, 'read')
    return pinsPage(this.#state.log, this.#state.pins, this.readableAfter(by))
  }

  /** `owner` hands the room over. @throws Refusal as `handOver` and `setRole`. */
  setRole(
    turn: Turn,
    by: Principal,
    personId: string,
    role: Role,
    reason?: string,
    introduced?: Introduction,
  ): Member {
    if (role === 'owner') return handOver(turn, by, personId, reason)
    return setRole(turn, by, personId, role, reason, introduced)
  }

  /** Changes what the room is. @throws Refusal as `changeRoom`. */
  changeRoom(turn: Turn, by: Principal, change: ProfileChange): ChangedRoom {
    return changeRoom(turn, by, change)
  }

  /** Deletes the room: `erase` empties the storage. @throws Refusal as `deleteRoom`. */
  delete(turn: Turn, by: Principal, erase: () => void): void {
    deleteRoom(turn, by, erase)
  }

  #wake(): void {
    if (this.#awake) return
    this.#waiting = restore(this.#state)
    this.#awake = true
  }
}
