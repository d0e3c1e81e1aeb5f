// A room in its object: the pure room with the clock, the sockets and the storage it asks for.

import { nanoid } from 'nanoid'
import { audit } from '../../audit.ts'
import type { Principal } from '../../auth/principal.ts'
import type { Config } from '../../config.ts'
import type {
  InvitationWish,
  ListedInvitation,
  Member,
  ModerationAct,
  ModerationOutcome,
  ProfileChange,
  RequestOutcome,
  Role,
  RoomProfile,
  RoomRequest,
  ShownRoom,
} from '../../contract.ts'
import type { Usage } from '../../cost.ts'
import { type EventsPage, eventsPage, type PageQuery } from '../../room/log/pages.ts'
import { profileFor } from '../../room/membership/direct-room.ts'
import { type Introduction, type MemberRoom, memberRoomOf } from '../../room/membership/member.ts'
import { shownSettings } from '../../room/membership/profile.ts'
import type { Connection, HookVerdict } from '../../room/ports.ts'
import { requestQuestion } from '../../room/request.ts'
import { Room } from '../../room/room.ts'
import { hookVerdict, newHookSecret } from './hook.ts'
import { type GoneRoom, MOST_TOLD } from './membership-notices.ts'
import { type RoomStorage, storedBytesOf } from './storage/guarded-storage.ts'
import { SqlLog } from './storage/log/sql-log.ts'
import { roomRow } from './storage/room-row.ts'
import { roomStores } from './storage/room-stores.ts'
import type { SqlMembers } from './storage/sql-members.ts'
import type { SqlOwnLists } from './storage/sql-own-lists.ts'
import type { SqlProfile } from './storage/sql-profile.ts'
import { eraseRoom } from './storage/tombstone.ts'
import { Turns } from './turns.ts'
import { Meter } from './usage/meter.ts'
import { type Carrier, UsageCheckpoint } from './usage/usage-checkpoint.ts'

/** A room in memory. @throws Refusal as the methods of `Room`; the object answers with it. */
export class RoomInstance {
  readonly id: string
  readonly log: SqlLog
  readonly room: Room
  readonly turns: Turns
  /** What the room is, and what the directory has not heard of it. */
  readonly profile: SqlProfile
  /** What own lists do with the room, and which accounts have not heard of it. */
  readonly ownLists: SqlOwnLists
  readonly #members: SqlMembers
  readonly #usage: UsageCheckpoint
  readonly #storage: RoomStorage
  readonly #sql: SqlStorage
  readonly #meter: Meter

  constructor(
    profile: RoomProfile,
    storage: RoomStorage,
    limits: Config['room'],
    connections: () => readonly (Connection & Carrier)[],
    meter = new Meter(),
    leaving?: Carrier,
  ) {
    const { sql } = storage
    this.id = profile.id
    this.#storage = storage
    this.#sql = sql
    this.#meter = meter
    const row = roomRow(sql)
    const stores = roomStores(sql, profile, row)
    this.profile = stores.profile
    this.ownLists = stores.ownLists
    this.#members = stores.members
    this.#usage = new UsageCheckpoint(meter, sql, connections, leaving)
    this.log = new SqlLog(sql, meter, row)
    this.room = new Room({
      id: profile.id,
      limits,
      log: this.log,
      ...stores,
      keySeed: row.keySeed,
      atomically: (writes) => storage.transactionSync(writes),
      storedBytes: storedBytesOf(sql),
      connections,
      now: Date.now,
      newId: nanoid,
      newSecret: newHookSecret,
    })
    this.turns = new Turns(profile.id, this.room, meter)
    // H1: the turn that was to come was lost with the object.
    if (row.clearing !== null || row.emptying !== null) this.turns.goOn()
  }

  /** The room as somebody sees it. */
  shownTo(by: Principal): ShownRoom {
    const role = this.room.demand(by, 'read')
    const { settings, ...profile } = profileFor(this.profile.get(), this.#members, by.id)
    const own = { membership: this.memberRoomOf(by.id), unread: this.room.unreadOf(by.id) }
    return { ...profile, settings: shownSettings(settings, role), role, ...own }
  }

  /** The room as a member keeps it; undefined where somebody is none, or where it is deleted. */
  memberRoomOf(personId: string): MemberRoom | undefined {
    if (this.turns.closed) return undefined
    return memberRoomOf(
      profileFor(this.profile.get(), this.#members, personId),
      this.#members.get(personId),
      this.ownLists.get(personId) === 'hidden',
    )
  }

  takeMembers(): ReturnType<Turns['takeMembers']> {
    return this.turns.takeMembers()
  }

  /** The same, once it is changed by its owner. */
  change(by: Principal, change: ProfileChange): ShownRoom {
    const changed = this.turns.run((turn, room) => room.changeRoom(turn, by, change))
    const { hookSecret, settings } = changed
    audit({ event: 'room-changed', room: this.id, by: by.id, entry: settings.entry })
    return { ...this.shownTo(by), ...(hookSecret !== undefined && { hookSecret }) }
  }

  cost(by: Principal): Usage {
    this.room.demand(by, 'seeCost')
    return { ...this.#meter.counts(), storageBytes: this.#sql.databaseSize }
  }

  /** Somebody leaves, or is removed. */
  removeMember(by: Principal, user: string, reason?: string): null {
    this.turns.run((turn, room) => room.removeMember(turn, by, user, reason))
    if (user !== by.id) audit({ event: 'member-kicked', room: this.id, user, by: by.id })
    return null
  }

  moderate(by: Principal, act: ModerationAct): ModerationOutcome {
    const outcome = this.turns.run((turn, room) => room.moderation.act(turn, by, act))
    audit({ event: 'moderated', room: this.id, user: act.personId, by: by.id, action: act.type })
    return outcome
  }

  setRole(
    by: Principal,
    personId: string,
    role: Role,
    reason?: string,
    introduced?: Introduction,
  ): Member {
    const member = this.turns.run((turn, room) =>
      room.setRole(turn, by, personId, role, reason, introduced),
    )
    audit({ event: 'role-set', room: this.id, user: personId, by: by.id, role })
    return member
  }

  invite(by: Principal, wish: InvitationWish): ListedInvitation {
    const made = this.turns.run((turn, room) => room.invitations.add(turn, by, wish))
    audit({ event: 'invitation-made', room: this.id, by: by.id, invitation: made.id })
    return made
  }

  revokeInvitation(by: Principal, invitation: string): null {
    this.turns.run((turn, room) => room.invitations.revoke(turn, by, invitation))
    audit({ event: 'invitation-revoked', room: this.id, by: by.id, invitation })
    return null
  }

  /** A page of the log. */
  events(by: Principal, query: PageQuery): EventsPage {
    this.room.demand(by, 'read')
    return eventsPage(this.log, query, this.room.readableAfter(by))
  }

  /** Executes what somebody asks for over HTTP. */
  execute(by: Principal, request: RoomRequest, hook?: HookVerdict): RequestOutcome {
    return this.turns.run((turn, room) => room.execute(turn, by, request, hook))
  }

  /** What the hook says of a request; undefined: nobody is asked about it. */
  askHook(by: Principal, request: RoomRequest): Promise<HookVerdict | undefined> {
    return hookVerdict(this.room, this.turns, (turn) => requestQuestion(turn, by, request))
  }

  /** The alarm rang. Returns when it rings next, in milliseconds since 1970. */
  onAlarm(): number | undefined {
    this.turns.run((turn, room) => room.onAlarm(turn))
    // That is no news of anybody.
    this.turns.takeActivity()
    return this.room.nextAlarm(Date.now())
  }

  /** When the alarm must ring at the latest, after what came in; undefined: not at all. */
  takeAlarmTime(): number | undefined {
    const hasActivity = this.turns.takeActivity()
    return hasActivity && !this.turns.closed ? this.room.alarmDueBy(Date.now()) : undefined
  }

  /** A piece of work is done; `quiet`: and nothing else is under way. */
  onIdle(quiet: boolean): void {
    if (!this.turns.closed) this.#usage.onIdle(this.id, quiet, this.room.watchers)
  }

  /** L3: deletes and tells in one turn, so that what is told waits for the deletion. */
  delete(by: Principal): GoneRoom {
    const { id } = this
    const members = this.turns.run((turn, room) => {
      room.demand(by, 'deleteRoom')
      const known = this.#members.page('', undefined, false, MOST_TOLD)
      room.delete(turn, by, () => eraseRoom(this.#storage))
      return known.map((member) => member.id)
    })
    this.turns.close()
    audit({ event: 'room-deleted', room: id, by: by.id })
    return { id, members }
  }
}
