// One person as a Durable Object, guest or account or a trusted issuer's: calls to the account, what is told
// to rooms after them, and the one alarm: for rooms that did not hear, and for guests who are gone.

import { DurableObject } from 'cloudflare:workers'
import type { AccountChange } from '../../account/person.ts'
import { RequestBudget } from '../../account/request-budget.ts'
import { audit, RefusalLog } from '../../audit.ts'
import type {
  AccountLogin,
  AccountView,
  Bearer,
  LoginsView,
  Opening,
  ProviderLogin,
  SessionGrant,
  SessionView,
} from '../../auth/session.ts'
import { readConfig } from '../../config.ts'
import type { RefusalCode } from '../../refusals.ts'
import type { Answer } from '../shared/answer.ts'
import { HostedAccount } from './instance.ts'
import { addLogin, endLogin, holdsRefreshToken, listLogins } from './logins.ts'
import { refresh, signIn, upgrade } from './renewal.ts'
import { askRooms, FIRST_RETRY, type RevocableRooms, tellRooms } from './revocation-delivery.ts'

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
    const answer = upgrade(this.#account, bearer, { name, username }, Date.now())
    // The sockets that the guest had end a little later: whoever asked has the new token by then.
    if ('value' in answer) await this.#setAlarm()
    return answer
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
    } else if (this.#account.kept?.pending.nextDue() !== undefined) await this.#setAlarm()
    return answer
  }

  async check(bearer: Bearer, cost = 1): Promise<Answer<null> | TooFast> {
    return this.#refused(bearer, cost, Date.now()) ?? { value: null }
  }

  async enter(
    bearer: Bearer,
    roomId: string,
    entry: string,
    cost = 1,
  ): Promise<Answer<null> | TooFast> {
    const refused = this.#refused(bearer, cost, Date.now())
    if (refused) return refused
    const { sessionId } = bearer
    const isFull = () => this.#account.kept?.rooms.isFull({ sessionId, roomId }) === true
    if (isFull()) {
      await askRooms(() => this.#account.kept, this.env.ROOM, sessionId)
      // Asked again, since it may have ended meanwhile.
      const because = this.#account.voidBecause(bearer, Date.now())
      if (because) return { refused: because }
      if (isFull()) return { refused: 'in-too-many-rooms' }
    }
    this.#account.keep().rooms.enter({ sessionId, roomId, entry }, bearer.foreign, Date.now())
    return { value: null }
  }

  async leave(sessionId: string, roomId: string, entry: string): Promise<void> {
    this.#account.kept?.rooms.leave({ sessionId, roomId, entry })
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

  async logins(): Promise<LoginsView> {
    return listLogins(this.#account)
  }

  async holds(token: string, sessionId: string): Promise<boolean> {
    return holdsRefreshToken(this.#account, token, sessionId, Date.now())
  }

  async addLogin(bearer: Bearer, login: ProviderLogin): Promise<ReturnType<typeof addLogin>> {
    return addLogin(this.#account, bearer, login, Date.now())
  }

  async endLogin(id: string): Promise<Answer<AccountLogin>> {
    return endLogin(this.#account, id)
  }

  async removeLogin(id: string): Promise<void> {
    this.#account.kept?.logins.remove(id)
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
    await tellRooms(() => this.#account.kept, this.env.ROOM)
    if (this.#account.isOver(Date.now())) await this.#account.forget()
    else await this.#setAlarm()
  }

  /**
   * Tells rooms what has just ended. The rows that say so are stored together with an alarm, before
   * anybody is told: whatever happens meanwhile, each room hears (A5).
   */
  async #settle(): Promise<void> {
    const pending = this.#account.kept?.pending.nextDue() !== undefined
    await this.#setAlarm(pending ? FIRST_RETRY : 0)
    if (!pending) return
    await tellRooms(() => this.#account.kept, this.env.ROOM)
    if (!(await this.#setAlarm())) await this.ctx.storage.deleteAlarm()
  }

  /** True where there is something to wake up for: not before so many milliseconds from now. */
  async #setAlarm(least = 0): Promise<boolean> {
    const now = Date.now()
    const due = this.#account.kept?.pending.nextDue() ?? this.#account.overAt(now)
    if (due !== undefined) await this.ctx.storage.setAlarm(Math.max(due, now + least))
    return due !== undefined
  }
}
