// What the gateway and the rooms ask of an account over RPC.

import { DurableObject } from 'cloudflare:workers'
import { changeAccount, endAllSignIns, endByToken, endSignIn } from '../../account/ending.ts'
import { addLogin, endLogin, holdsRefreshToken, listLogins } from '../../account/logins.ts'
import { chooseForRoom, forgetRoom, keepRoom, memberRooms } from '../../account/member-rooms.ts'
import type { AccountChange } from '../../account/record.ts'
import { sessionViewOf } from '../../account/sign-in-record.ts'
import { becomeAccount, openSignIn, refresh } from '../../account/sign-ins.ts'
import type {
  AccountLogin,
  AccountView,
  LoginsView,
  MemberRoom,
  MemberRoomPlace,
  MemberRoomsPage,
  NewSignIn,
  RoomChoicesChange,
  SessionGrant,
  SessionView,
} from '../../account/views.ts'
import type { Answer, Delayed } from '../../answer.ts'
import { audit, RefusalLog } from '../../audit.ts'
import type { Bearer } from '../../auth/bearer.ts'
import type { ProviderLogin } from '../../auth/openid/pending-link.ts'
import type { Principal } from '../../auth/principal.ts'
import type { AccountCalls, GoneBecause, RoomGlance, ShownRoom } from '../../contract.ts'
import type { AccountEnv, AccountHolder } from './holder.ts'

/** Of all accounts of an isolate. */
const REFUSALS = new RefusalLog(() => Date.now())

/** Each call is answered by the account. Questions about an id without an account store nothing. */
export class AccountRequests extends DurableObject<AccountEnv> implements AccountCalls {
  readonly #held: AccountHolder

  constructor(ctx: DurableObjectState, env: AccountEnv, held: AccountHolder) {
    super(ctx, env)
    this.#held = held
  }

  async signIn(newSignIn: NewSignIn): Promise<Answer<SessionGrant>> {
    const answer = openSignIn(this.#held.account, newSignIn, Date.now())
    if ('value' in answer) {
      await this.#held.alarm.deliver()
      const { sessionId } = answer.value
      const by = newSignIn.kind === 'guest' ? 'guest' : newSignIn.username ? 'password' : 'provider'
      audit({ event: 'signed-in', user: this.#held.account.personId, session: sessionId, by })
    }
    return answer
  }

  async becomeAccount(
    bearer: Bearer,
    name: string | undefined,
    username?: string,
  ): Promise<Answer<SessionGrant>> {
    const answer = becomeAccount(this.#held.account, bearer, { name, username }, Date.now())
    // The alarm ends the sockets of the guest: by then whoever asked has the new token.
    if ('value' in answer) await this.#held.alarm.set()
    return answer
  }

  async refresh(
    token: string | undefined,
    bearer: Bearer | undefined,
    cost = 1,
  ): Promise<Answer<SessionGrant> | Delayed> {
    const answer = refresh(this.#held.account, token, bearer, cost, Date.now())
    const user = this.#held.account.stored?.account()?.id
    if ('refused' in answer) {
      REFUSALS.write({ event: 'refresh-refused', ...(user && { user }), code: answer.refused })
      if (answer.refused === 'refresh-reused') await this.#held.alarm.deliver()
    } else if (this.#held.account.hasPending) await this.#held.alarm.set()
    return answer
  }

  async check(bearer: Bearer, cost = 1): Promise<Answer<null> | Delayed> {
    return this.#held.account.refusal(bearer, cost, Date.now()) ?? { value: null }
  }

  async checkVisit(
    bearer: Bearer,
    roomId: string,
    visitId: string,
    cost = 1,
  ): Promise<Answer<{ readonly noted: boolean }> | Delayed> {
    return this.#held.visits.check(bearer, roomId, visitId, cost)
  }

  prepareVisit(
    by: Principal,
    bearer: Bearer,
    roomId: string,
    visitId: string,
    cost = 1,
  ): Promise<Answer<Answer<ShownRoom>> | Delayed> {
    return this.#held.visits.prepare(by, bearer, roomId, visitId, cost)
  }

  async enter(
    bearer: Bearer,
    roomId: string,
    visitId: string,
    cost = 1,
  ): Promise<Answer<null> | Delayed> {
    return this.#held.visits.enter(bearer, roomId, visitId, cost)
  }

  async leave(sessionId: string, roomId: string, visitId: string): Promise<void> {
    this.#held.visits.leave(sessionId, roomId, visitId)
  }

  async joined(room: MemberRoom): Promise<void> {
    const { memberRooms } = this.#held.account.storeOfMember() ?? {}
    if (!memberRooms) return
    keepRoom(memberRooms, room)
    this.#held.heard(room.id, room)
  }

  async left(roomId: string, why?: GoneBecause): Promise<void> {
    if (forgetRoom(this.#held.account.stored?.memberRooms, roomId)) {
      this.#held.heard(roomId, undefined, why)
    }
  }

  async roomNews(glance: RoomGlance): Promise<'online' | 'offline'> {
    return this.#held.lists.roomNews(glance)
  }

  async rooms(after: MemberRoomPlace | undefined, limit: number): Promise<MemberRoomsPage> {
    return memberRooms(this.#held.account.stored?.memberRooms, after, limit)
  }

  async choose(roomId: string, change: RoomChoicesChange): Promise<Answer<MemberRoom>> {
    const answer = chooseForRoom(this.#held.account.stored?.memberRooms, roomId, change)
    if ('value' in answer) this.#held.lists.chosen(answer.value)
    return answer
  }

  async sessions(): Promise<SessionView[]> {
    return this.#held.account.signIns(Date.now()).map(sessionViewOf)
  }

  async end(bearer: Pick<Bearer, 'sessionId' | 'federated' | 'expiresAt'>): Promise<boolean> {
    const ended = endSignIn(this.#held.account, bearer, Date.now())
    if (ended) await this.#held.alarm.deliver()
    return ended
  }

  async endByToken(token: string): Promise<Answer<null>> {
    const answer = endByToken(this.#held.account, token, Date.now())
    if ('value' in answer) await this.#held.alarm.deliver()
    return answer
  }

  async endAll(except: string | undefined): Promise<void> {
    endAllSignIns(this.#held.account, except, Date.now())
    await this.#held.alarm.deliver()
  }

  async logins(): Promise<LoginsView> {
    return listLogins(this.#held.account)
  }

  async holds(token: string, sessionId: string): Promise<boolean> {
    return holdsRefreshToken(this.#held.account, token, sessionId, Date.now())
  }

  async addLogin(bearer: Bearer, login: ProviderLogin): Promise<ReturnType<typeof addLogin>> {
    return addLogin(this.#held.account, bearer, login, Date.now())
  }

  async endLogin(id: string): Promise<Answer<AccountLogin>> {
    return endLogin(this.#held.account, id)
  }

  async removeLogin(id: string): Promise<void> {
    this.#held.account.stored?.logins.remove(id)
  }

  async show(): Promise<Answer<AccountView>> {
    return this.#held.account.show()
  }

  async change(change: AccountChange): Promise<Answer<AccountView>> {
    const answer = changeAccount(this.#held.account, change, Date.now())
    await this.#held.alarm.deliver()
    return answer
  }
}
