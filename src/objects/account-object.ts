// One person as a Durable Object, guest or account or a trusted issuer's: calls to the account, what is told
// to rooms after them, and the one alarm: for rooms that did not hear, and for guests who are gone.

import { DurableObject } from 'cloudflare:workers'
import { audit, RefusalLog } from '../audit.ts'
import type { AccountChange } from '../auth/account.ts'
import { RequestBudget } from '../auth/request-budget.ts'
import type { AccountView, Bearer, Opening, SessionGrant, SessionView } from '../auth/session.ts'
import { readConfig } from '../config.ts'
import type { RefusalCode } from '../refusals.ts'
import type { Answer } from './answer.ts'
import { HostedAccount } from './hosted-account.ts'
import { refresh, signIn, upgrade } from './renewal.ts'
import { type RevocableRooms, retryAfter, tellRooms } from './tell-rooms.ts'

export interface AccountEnv {
  readonly ROOM: RevocableRooms
}

/** Of all accounts of an isolate. */
const REFUSALS = new RefusalLog(() => Date.now())

/** `retryAfter` in seconds. */
interface TooFast {
  readonly refused: 'too-fast'
  readonly retryAfter: number
}

/** What gateway/backend.ts says of an Account. The person's id is the object's name, which it cannot read. */
export class AccountObject extends DurableObject<AccountEnv> {
  readonly #account: HostedAccount
  readonly #budget: RequestBudget

  constructor(ctx: DurableObjectState, env: AccountEnv) {
    super(ctx, env)
    const config = readConfig(env)
    this.#account = new HostedAccount(ctx.storage, config)
    this.#budget = new RequestBudget(config.requestsPerMinute)
  }

  async signIn(personId: string, opening: Opening): Promise<Answer<SessionGrant>> {
    const answer = signIn(this.#account, personId, opening, Date.now())
    if ('value' in answer) {
      await this.#settle()
      const { sessionId } = answer.value
      const by = opening.kind === 'guest' ? 'guest' : opening.username ? 'password' : 'provider'
      audit({ event: 'signed-in', user: personId, session: sessionId, by })
    }
    return answer
  }

  async upgrade(
    bearer: Bearer,
    name: string | undefined,
    username: string | undefined,
  ): Promise<Answer<SessionGrant>> {
    return upgrade(this.#account, bearer, { name, username }, Date.now())
  }

  async refresh(
    token: string | undefined,
    bearer: Bearer | undefined,
  ): Promise<Answer<SessionGrant>> {
    const answer = refresh(this.#account, token, bearer, Date.now())
    const user = this.#account.kept?.account()?.id
    if ('refused' in answer) {
      REFUSALS.write({ event: 'refresh-refused', ...(user && { user }), code: answer.refused })
      if (answer.refused === 'refresh-reused') await this.#settle()
    } else {
      const { principal, sessionId } = answer.value
      audit({ event: 'refreshed', user: principal.id, session: sessionId })
    }
    return answer
  }

  async check(bearer: Bearer, cost = 1): Promise<Answer<null> | TooFast> {
    return this.#refused(bearer, cost, Date.now()) ?? { value: null }
  }

  async enter(bearer: Bearer, roomId: string, cost = 1): Promise<Answer<null> | TooFast> {
    const now = Date.now()
    const refused = this.#refused(bearer, cost, now)
    if (refused) return refused
    this.#account.keep().noteRoom(roomId, now)
    return { value: null }
  }

  async forgetRoom(roomId: string): Promise<void> {
    this.#account.kept?.removeRoom(roomId)
  }

  async sessions(): Promise<SessionView[]> {
    const sessions = this.#account.sessions(Date.now())
    return sessions.map(({ id, device, signedInAt, lastUsedAt }) => ({
      id,
      device,
      signedInAt,
      lastUsedAt,
    }))
  }

  async end(
    personId: string,
    bearer: Pick<Bearer, 'sessionId' | 'foreign' | 'expiresAt'>,
  ): Promise<boolean> {
    const ended = this.#account.end(personId, bearer, Date.now())
    if (ended) await this.#settle()
    return ended
  }

  async endByToken(token: string): Promise<Answer<null>> {
    const answer = this.#account.endByToken(token, Date.now())
    if ('value' in answer) await this.#settle()
    return answer
  }

  async endAll(personId: string, except: string | undefined): Promise<void> {
    this.#account.endAll(personId, except, Date.now())
    await this.#settle()
  }

  async show(personId: string): Promise<Answer<AccountView>> {
    return this.#account.show(personId)
  }

  async change(personId: string, change: AccountChange): Promise<Answer<AccountView>> {
    const answer = this.#account.change(personId, change, Date.now())
    await this.#settle()
    return answer
  }

  /** Why a request is refused; undefined where it is not, and then it is paid for (R5). */
  #refused(
    bearer: Bearer,
    cost: number,
    now: number,
  ): { refused: RefusalCode } | TooFast | undefined {
    const because = this.#account.voidBecause(bearer, now)
    if (because) return { refused: because }
    const retryAfter = this.#budget.take(cost, now)
    return retryAfter > 0 ? { refused: 'too-fast', retryAfter } : undefined
  }

  override async alarm(): Promise<void> {
    await tellRooms(() => this.#account.kept, this.env.ROOM, false)
    if (this.#account.isOver(Date.now())) await this.#account.forget()
    else await this.#setAlarm()
  }

  /**
   * Tells rooms what has just ended. The rows that say so are stored together with an alarm, before
   * anybody is told: whatever happens meanwhile, each room hears (A5).
   */
  async #settle(): Promise<void> {
    const pending = this.#account.kept?.pending.leastAttempts() !== undefined
    await this.#setAlarm()
    if (!pending) return
    await tellRooms(() => this.#account.kept, this.env.ROOM, true)
    if (!(await this.#setAlarm())) await this.ctx.storage.deleteAlarm()
  }

  /** True where there is something to wake up for. */
  async #setAlarm(): Promise<boolean> {
    const now = Date.now()
    const attempts = this.#account.kept?.pending.leastAttempts()
    const due = attempts === undefined ? this.#account.overAt(now) : now + retryAfter(attempts)
    if (due !== undefined) await this.ctx.storage.setAlarm(due)
    return due !== undefined
  }
}
