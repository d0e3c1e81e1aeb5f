// What the gateway asks of a room over RPC: each call is one question, or one turn.

import { DurableObject } from 'cloudflare:workers'
import type { Answer } from '../../answer.ts'
import type { Principal } from '../../auth/principal.ts'
import type {
  InvitationsQuery,
  InvitationWish,
  MemberRow,
  MembersQuery,
  ModerationAct,
  ModerationQuery,
  OpenedDirect,
  ProfileChange,
  ReportRequest,
  ReportsQuery,
  Role,
  RoomCalls,
  RoomProfile,
  RoomRequest,
} from '../../contract.ts'
import type { PageQuery } from '../../room/log/pages.ts'
import { setBlock } from '../../room/membership/direct-room.ts'
import type { Introduction, MemberRoom } from '../../room/membership/member.ts'
import { setHidden } from '../../room/membership/own-lists.ts'
import type { RoomHolder } from './holder.ts'
import type { RoomEnv } from './neighbours.ts'
import { createRoom } from './storage/room-storage.ts'

/** Each call is answered by the room in memory, and told to the directory and to accounts. */
export class RoomRequests extends DurableObject<RoomEnv> implements RoomCalls {
  readonly #held: RoomHolder

  constructor(ctx: DurableObjectState, env: RoomEnv, held: RoomHolder) {
    super(ctx, env)
    this.#held = held
  }

  async create(profile: RoomProfile): Promise<void> {
    this.#held.meter.request(() => {
      createRoom(this.#held.storage, profile, () => this.#held.meter.checkpoint(Date.now()))
      this.#held.meter.reset()
    })
    await this.#held.needs.membership.made(profile)
  }

  async openDirect(
    by: Principal,
    profile: RoomProfile,
    people: readonly MemberRow[],
  ): Promise<Answer<OpenedDirect>> {
    const created = this.#held.meter.request(() => {
      if (this.#held.open()) return false
      const counts = () => this.#held.meter.checkpoint(Date.now())
      createRoom(this.#held.storage, profile, counts, people)
      this.#held.meter.reset()
      return true
    })
    const answer = this.#held.ask(by, (instance) => {
      const room = instance.shownTo(by)
      instance.turns.run((turn) => setHidden(turn, by, false))
      return { room, created }
    })
    return this.#held.needs.membership.toldBefore(answer, by.id)
  }

  async hide(by: Principal, isHidden: boolean): Promise<Answer<MemberRoom>> {
    const answer = this.#held.ask(by, (instance) => {
      instance.turns.run((turn) => setHidden(turn, by, isHidden))
      const kept = instance.memberRoomOf(by.id)
      if (!kept) throw new Error('nobody hides a room without being in it')
      return kept
    })
    return this.#held.needs.membership.heardBefore(answer, by.id)
  }

  async block(by: Principal, isBlocked: boolean): Promise<Answer<null>> {
    return this.#held.ask(by, (instance) => {
      instance.turns.run((turn) => setBlock(turn, by, isBlocked))
      return null
    })
  }

  async show(by: Principal) {
    return this.#held.ask(by, (instance) => instance.shownTo(by))
  }

  async change(by: Principal, change: ProfileChange) {
    const answer = this.#held.ask(by, (instance) => instance.change(by, change))
    return this.#held.needs.listing.toldBefore(answer, this.#held.instance)
  }

  async events(by: Principal, query: PageQuery) {
    return this.#held.ask(by, (instance) => instance.events(by, query))
  }

  async cost(by: Principal) {
    return this.#held.ask(by, (instance) => instance.cost(by))
  }

  async pins(by: Principal) {
    return this.#held.ask(by, (instance) => instance.room.pins(by))
  }

  async report(by: Principal, request: ReportRequest) {
    return this.#held.ask(by, (instance) =>
      instance.turns.run((turn, room) => room.reports.add(turn, by, request)),
    )
  }

  async reports(by: Principal, query: ReportsQuery) {
    return this.#held.ask(by, (instance) => instance.room.reports.page(by, query))
  }

  async settleReport(by: Principal, id: number, state: 'settled' | 'dismissed') {
    return this.#held.ask(by, (instance) =>
      instance.turns.run((turn, room) => room.reports.settle(turn, by, id, state)),
    )
  }

  async members(by: Principal, query: MembersQuery) {
    return this.#held.ask(by, (instance) => instance.room.members(by, query))
  }

  async join(by: Principal) {
    const answer = this.#held.ask(by, ({ turns }) => turns.run((turn, room) => room.join(turn, by)))
    return this.#held.needs.membership.toldBefore(answer, by.id)
  }

  async removeMember(by: Principal, personId: string, reason?: string) {
    const answer = this.#held.ask(by, (instance) => instance.removeMember(by, personId, reason))
    return this.#held.needs.membership.toldBefore(answer, by.id)
  }

  async setRole(
    by: Principal,
    personId: string,
    role: Role,
    reason?: string,
    introduced?: Introduction,
  ) {
    const answer = this.#held.ask(by, (instance) =>
      instance.setRole(by, personId, role, reason, introduced),
    )
    return this.#held.needs.listing.toldBefore(answer, this.#held.instance)
  }

  async invite(by: Principal, wish: InvitationWish) {
    return this.#held.ask(by, (instance) => instance.invite(by, wish))
  }

  async invitations(by: Principal, query: InvitationsQuery) {
    return this.#held.ask(by, ({ room }) => room.invitations.page(by, query, Date.now()))
  }

  async revokeInvitation(by: Principal, id: string) {
    return this.#held.ask(by, (instance) => instance.revokeInvitation(by, id))
  }

  async showInvitation(digest: string) {
    return this.#held.invited(digest, ({ room }) => room.invitations.show(digest, Date.now()))
  }

  async useInvitation(by: Principal, digest: string) {
    return this.#held.invited(digest, (instance) => {
      instance.turns.run((turn, room) => room.invitations.use(turn, by, digest))
      return instance.shownTo(by)
    })
  }

  async watch(personId: string, isWatching: boolean) {
    return this.#held.watch(personId, isWatching)
  }

  async moderate(by: Principal, act: ModerationAct) {
    return this.#held.ask(by, (instance) => instance.moderate(by, act))
  }

  async moderation(by: Principal, query: ModerationQuery) {
    return this.#held.ask(by, (instance) => instance.room.moderation.page(by, query))
  }

  async execute(by: Principal, request: RoomRequest) {
    const instance = this.#held.open(by)
    const hook = instance?.room.profile.settings.hook
      ? await this.#held.meter.during(() => instance.askHook(by, request))
      : undefined
    return this.#held.ask(by, (opened) => opened.execute(by, request, hook))
  }

  /** Deletes the room and everything in it; everybody in it is told. */
  async delete(by: Principal): Promise<Answer<null>> {
    const answer = this.#held.ask(by, (instance) => instance.delete(by))
    if ('refused' in answer) return answer
    this.#held.forget()
    await this.#held.alarm.cancel()
    this.#held.needs.membership.gone(answer.value)
    return { value: null }
  }
}
