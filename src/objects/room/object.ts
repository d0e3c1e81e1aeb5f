// A room as a Durable Object: translates calls of the platform into turns. No rule is here.

import { DurableObject } from 'cloudflare:workers'
import { type Answer, asAnswer } from '../../answer.ts'
import type { Revocation } from '../../auth/bearer.ts'
import type { Principal } from '../../auth/principal.ts'
import { type Config, readConfig } from '../../config.ts'
import type {
  Admission,
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
import { hasSignIn } from '../../room/connections/revocations.ts'
import { departureOf, openedSession } from '../../room/connections/session.ts'
import type { PageQuery } from '../../room/log/pages.ts'
import { setBlock } from '../../room/membership/direct-room.ts'
import { Alarm } from './alarm.ts'
import { RoomInstance } from './instance.ts'
import { type Neighbours, neighbours, type RoomEnv } from './neighbours.ts'
import { lateness, release } from './sockets/arrival.ts'
import type { Socket } from './sockets/socket.ts'
import { Sockets } from './sockets/sockets.ts'
import { hasInvitation, isHiddenFrom } from './storage/first-look.ts'
import { guarded, type RoomStorage, startAnew } from './storage/guarded-storage.ts'
import { createRoom, openRoom } from './storage/room-storage.ts'
import { spendTicket } from './storage/sql-tickets.ts'
import { readAdmission, signInOf, Upgrades, upgraded } from './upgrades.ts'
import { Meter } from './usage/meter.ts'

export class RoomObject extends DurableObject<RoomEnv> implements RoomCalls {
  readonly #config: Config
  readonly #needs: Neighbours
  readonly #storage: RoomStorage
  readonly #sockets: Sockets
  #instance: RoomInstance | undefined
  readonly #meter = new Meter((quiet) => {
    this.#instance?.onIdle(quiet)
    this.#alarm.onIdle(this.#instance)
    this.#needs.membership.onIdle(this.#instance)
  })
  readonly #alarm = new Alarm(this.ctx.storage, this.#meter)
  readonly #upgrades: Upgrades

  constructor(ctx: DurableObjectState, env: RoomEnv) {
    super(ctx, env)
    this.#config = readConfig(env)
    this.#sockets = new Sockets(ctx, this.#config)
    this.#storage = guarded(ctx.storage, this.#meter, () => startAnew(ctx))
    this.#needs = neighbours(env, this.#config, this.#meter)
    const { accounts } = this.#needs
    this.#upgrades = new Upgrades({
      ...{ storage: this.#storage, accounts, open: (by) => this.#open(by) },
      enter: (instance, admission) => this.#enter(instance, admission),
      later: (work) => this.#meter.later(0, work),
    })
  }

  async create(profile: RoomProfile): Promise<void> {
    this.#meter.request(() => {
      createRoom(this.#storage, profile, () => this.#meter.checkpoint(Date.now()))
      this.#meter.reset()
    })
    await this.#needs.membership.made(profile)
  }

  async openDirect(
    by: Principal,
    profile: RoomProfile,
    people: readonly MemberRow[],
  ): Promise<Answer<OpenedDirect>> {
    const created = this.#meter.request(() => {
      if (this.#open()) return false
      const counts = () => this.#meter.checkpoint(Date.now())
      createRoom(this.#storage, profile, counts, people)
      this.#meter.reset()
      return true
    })
    const answer = this.#ask(by, (instance) => instance.shownTo(by))
    if ('refused' in answer) return answer
    if (created && this.#instance) {
      const ids = people.map(({ id }) => id)
      await this.#needs.membership.directMade(this.#instance, ids, by.id)
    }
    return { value: { room: answer.value, created } }
  }

  async block(by: Principal, isBlocked: boolean): Promise<Answer<null>> {
    return this.#ask(by, (instance) => {
      instance.turns.run((turn) => setBlock(turn, by, isBlocked))
      return null
    })
  }

  async show(by: Principal) {
    return this.#ask(by, (instance) => instance.shownTo(by))
  }

  async change(by: Principal, change: ProfileChange) {
    const answer = this.#ask(by, (instance) => instance.change(by, change))
    return this.#needs.listing.toldBefore(answer, this.#instance)
  }

  async events(by: Principal, query: PageQuery) {
    return this.#ask(by, (instance) => instance.events(by, query))
  }

  async cost(by: Principal) {
    return this.#ask(by, (instance) => instance.cost(by))
  }

  async pins(by: Principal) {
    return this.#ask(by, (instance) => instance.room.pins(by))
  }

  async report(by: Principal, request: ReportRequest) {
    return this.#ask(by, (instance) =>
      instance.turns.run((turn, room) => room.reports.add(turn, by, request)),
    )
  }

  async reports(by: Principal, query: ReportsQuery) {
    return this.#ask(by, (instance) => instance.room.reports.page(by, query))
  }

  async settleReport(by: Principal, id: number, state: 'settled' | 'dismissed') {
    return this.#ask(by, (instance) =>
      instance.turns.run((turn, room) => room.reports.settle(turn, by, id, state)),
    )
  }

  async members(by: Principal, query: MembersQuery) {
    return this.#ask(by, (instance) => instance.room.members(by, query))
  }

  async join(by: Principal) {
    const answer = this.#ask(by, ({ turns }) => turns.run((turn, room) => room.join(turn, by)))
    return this.#needs.membership.toldBefore(answer, by.id)
  }

  async removeMember(by: Principal, personId: string, reason?: string) {
    const answer = this.#ask(by, (instance) => instance.removeMember(by, personId, reason))
    return this.#needs.membership.toldBefore(answer, by.id)
  }

  async setRole(by: Principal, personId: string, role: Role, reason?: string) {
    const answer = this.#ask(by, (instance) => instance.setRole(by, personId, role, reason))
    return this.#needs.listing.toldBefore(answer, this.#instance)
  }

  async invite(by: Principal, wish: InvitationWish) {
    return this.#ask(by, (instance) => instance.invite(by, wish))
  }

  async invitations(by: Principal, query: InvitationsQuery) {
    return this.#ask(by, ({ room }) => room.invitations.page(by, query, Date.now()))
  }

  async revokeInvitation(by: Principal, id: string) {
    return this.#ask(by, (instance) => instance.revokeInvitation(by, id))
  }

  async showInvitation(digest: string) {
    return this.#invited(digest, ({ room }) => room.invitations.show(digest, Date.now()))
  }

  async useInvitation(by: Principal, digest: string) {
    return this.#invited(digest, (instance) => {
      instance.turns.run((turn, room) => room.invitations.use(turn, by, digest))
      return instance.shownTo(by)
    })
  }

  async moderate(by: Principal, act: ModerationAct) {
    return this.#ask(by, (instance) => instance.moderate(by, act))
  }

  async moderation(by: Principal, query: ModerationQuery) {
    return this.#ask(by, (instance) => instance.room.moderation.page(by, query))
  }

  async execute(by: Principal, request: RoomRequest) {
    const instance = this.#open(by)
    const hook = instance?.room.profile.settings.hook
      ? await this.#meter.during(() => instance.askHook(by, request))
      : undefined
    return this.#ask(by, (opened) => opened.execute(by, request, hook))
  }

  /** Deletes the room and everything in it; everybody in it is told. */
  async delete(by: Principal): Promise<Answer<null>> {
    const answer = this.#ask(by, (instance) => instance.delete(by))
    if ('refused' in answer) return answer
    this.#instance = undefined
    await this.#alarm.cancel()
    this.#needs.membership.gone(answer.value)
    return { value: null }
  }

  /** A5: ends the sockets that it concerns; gives whether others of that person remain. */
  async revoke(revocation: Revocation): Promise<boolean> {
    return this.#meter.request(() => {
      const turns = this.#open()?.turns
      return turns?.run((turn, room) => room.revoke(turn, revocation)) ?? false
    })
  }

  /** Whether a sign-in has sockets here. */
  async has(sessionId: string): Promise<boolean> {
    return this.#meter.request(() => hasSignIn(this.#sockets.all(), sessionId))
  }

  /** Takes an upgrade that the gateway has admitted. */
  override fetch(request: Request): Promise<Response> {
    const admission = readAdmission(request)
    return this.#meter.requestDuring(() => this.#upgrades.answer(admission))
  }

  /** @throws Refusal `ticket-used`. */
  #enter(instance: RoomInstance, admission: Admission): Response {
    if (admission.ticket) spendTicket(this.#storage.sql, admission.ticket, Date.now())
    const session = openedSession(admission.principal, signInOf(admission), Date.now())
    const { client, socket } = this.#sockets.accept(session)
    this.#sockets.count(instance.turns.run((turn, room) => room.opened(turn, socket)))
    instance.turns.expect(socket, 'connect-late', this.#config.connectMs)
    return upgraded(client, admission)
  }

  // R4: without `async`, a message that needs no more than a look costs no promise.
  override webSocketMessage(ws: WebSocket, data: string | ArrayBuffer): Promise<void> | undefined {
    this.#meter.inboundMessages++
    const socket = this.#sockets.of(ws)
    if (socket.broken || socket.gone) return undefined
    const now = Date.now()
    const refused = socket.arrivals.refusal(data, now) ?? lateness(socket, now, this.#config)
    if (refused) {
      release(data)
      return this.#meter.during(async () => this.#open()?.turns.refuse(socket, refused))
    }
    // Whoever found the inbox empty reads all that comes until its turn.
    if (socket.inbox.push(data) > 1) return undefined
    const work = async () => {
      const instance = this.#open()
      if (instance && !socket.broken) await instance.turns.read(socket, this.#needs)
      else socket.inbox.length = 0
    }
    return this.#meter.during(() => socket.inOrder(work))
  }

  override async webSocketClose(ws: WebSocket, code: number): Promise<void> {
    await this.#leave(ws, code)
  }

  override async webSocketError(ws: WebSocket): Promise<void> {
    await this.#leave(ws)
  }

  /** What came before an abrupt close is done first; then the close is answered. */
  async #leave(ws: WebSocket, code?: number): Promise<void> {
    const socket = this.#sockets.of(ws)
    await this.#meter.during(async () => {
      await socket.inOrder(async () => {
        socket.dropDeadline()
        this.#open(undefined, socket)?.turns.run((turn, room) => room.leave(turn, socket))
      })
      if (code !== undefined) socket.answerClose(code)
      await this.#needs.accounts.left(departureOf(socket.session), this.#instance?.id)
    })
  }

  override async alarm(): Promise<void> {
    await this.#alarm.ring(() => this.#open())
  }

  #ask<Value>(by: Principal, question: (instance: RoomInstance) => Value): Answer<Value> {
    return this.#meter.request(() => {
      const instance = this.#open(by)
      if (!instance) return { refused: 'room-unknown' }
      const answer = asAnswer(() => question(instance))
      void this.#needs.listing.tell(instance)
      return answer
    })
  }

  /** M2: an unknown room and an unknown secret are one, before anything of the room is built. */
  #invited<Value>(digest: string, question: (instance: RoomInstance) => Value): Answer<Value> {
    return this.#meter.request(() => {
      const instance = hasInvitation(this.#storage, digest) ? this.#open() : undefined
      return instance ? asAnswer(() => question(instance)) : { refused: 'invitation-unknown' }
    })
  }

  /** The room; M2: none where it does not exist for `by`. `leaving`: a socket listed no more. */
  #open(by?: Principal, leaving?: Socket): RoomInstance | undefined {
    if (this.#instance) return this.#instance
    const profile = openRoom(this.#storage)
    if (!profile) this.#needs.listing.forget(this.ctx.id.name)
    if (!profile || (by && isHiddenFrom(this.#storage, profile, by))) return undefined
    const connections = () => this.#sockets.all()
    const [storage, { room }] = [this.#storage, this.#config]
    this.#instance = new RoomInstance(profile, storage, room, connections, this.#meter, leaving)
    console.log(JSON.stringify({ event: 'room-woke', room: profile.id }))
    return this.#instance
  }
}
