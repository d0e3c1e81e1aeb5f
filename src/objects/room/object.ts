// A room as a Durable Object: translates what the platform brings into turns. No rule is here.

import type { Revocation } from '../../auth/bearer.ts'
import type { Admission } from '../../contract.ts'
import { hasSignIn } from '../../room/connections/revocations.ts'
import { departureOf, openedSession } from '../../room/connections/session.ts'
import { readAdmission, signInOf, upgraded } from '../shared/sockets/admission.ts'
import { takeMessage } from '../shared/sockets/arrival.ts'
import { UsedTickets } from '../shared/used-tickets.ts'
import { RoomHolder } from './holder.ts'
import type { RoomInstance } from './instance.ts'
import type { RoomEnv } from './neighbours.ts'
import { RoomRequests } from './requests.ts'
import { Upgrades } from './upgrades.ts'

/** Named by the id of its room. An id without a room stores nothing. */
export class RoomObject extends RoomRequests {
  readonly #held: RoomHolder
  readonly #upgrades: Upgrades
  readonly #tickets: UsedTickets

  constructor(ctx: DurableObjectState, env: RoomEnv) {
    const held = new RoomHolder(ctx, env)
    super(ctx, env, held)
    this.#held = held
    this.#tickets = new UsedTickets(held.storage.sql)
    this.#upgrades = new Upgrades({
      ...{ tickets: this.#tickets, accounts: held.needs.accounts, open: (by) => held.open(by) },
      enter: (instance, admission) => this.#enter(instance, admission),
      later: (work) => held.meter.later(0, work),
    })
  }

  /** A5: ends the sockets that it concerns; returns whether others of that person remain. */
  async revoke(revocation: Revocation): Promise<boolean> {
    return this.#held.meter.request(() => {
      const turns = this.#held.open()?.turns
      return turns?.run((turn, room) => room.revoke(turn, revocation)) ?? false
    })
  }

  /** Whether a sign-in has sockets here. */
  async has(sessionId: string): Promise<boolean> {
    return this.#held.meter.request(() => hasSignIn(this.#held.sockets.all(), sessionId))
  }

  /** Takes an upgrade that the gateway has admitted. */
  override fetch(request: Request): Promise<Response> {
    const admission = readAdmission(request)
    return this.#held.meter.requestDuring(() => this.#upgrades.answer(admission))
  }

  /** @throws Refusal `ticket-used`. */
  #enter(instance: RoomInstance, admission: Admission): Response {
    if (admission.ticket) this.#tickets.spend(admission.ticket, Date.now())
    const session = openedSession(admission.principal, signInOf(admission), Date.now())
    const { client, socket } = this.#held.sockets.accept(session)
    this.#held.sockets.count(instance.turns.run((turn, room) => room.opened(turn, socket)))
    socket.expect(instance.turns, 'connect-late', this.#held.config.connectMs)
    return upgraded(client, admission)
  }

  // R4: without `async`, a message that is refused at once costs no promise.
  override webSocketMessage(ws: WebSocket, data: string | ArrayBuffer): Promise<void> | undefined {
    this.#held.meter.inboundMessages++
    const socket = this.#held.sockets.of(ws)
    const taken = takeMessage(socket, data, Date.now(), this.#held.config)
    if (taken === 'wait') return undefined
    if (taken !== 'read') {
      const { refused } = taken
      return this.#held.meter.during(async () => {
        const instance = this.#held.open()
        if (instance) socket.refuse(instance.turns, refused)
      })
    }
    const work = async () => {
      const instance = this.#held.open()
      if (instance && !socket.broken) await instance.turns.read(socket, this.#held.needs)
      else socket.inbox.length = 0
    }
    return this.#held.meter.during(() => socket.inOrder(work))
  }

  override async webSocketClose(ws: WebSocket, code: number): Promise<void> {
    await this.#leave(ws, code)
  }

  override async webSocketError(ws: WebSocket): Promise<void> {
    await this.#leave(ws)
  }

  /** What came before an abrupt close is done first; then the close is answered. */
  async #leave(ws: WebSocket, code?: number): Promise<void> {
    const socket = this.#held.sockets.of(ws)
    await this.#held.meter.during(async () => {
      await socket.inOrder(async () => {
        socket.dropDeadline()
        this.#held.open(undefined, socket)?.turns.run((turn, room) => room.leave(turn, socket))
      })
      if (code !== undefined) socket.answerClose(code)
      await this.#held.needs.accounts.left(departureOf(socket.session), this.#held.instance?.id)
    })
  }

  override async alarm(): Promise<void> {
    await this.#held.alarm.ring(() => this.#held.open())
  }
}
