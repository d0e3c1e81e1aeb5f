// One person as a Durable Object, guest or account or a trusted issuer's: calls to the account, the
// delivery of what ended, and the one alarm: for rooms that were not told yet, and for guests who
// are gone.

import { DurableObject } from 'cloudflare:workers'
import { nanoid } from 'nanoid'
import { Account } from '../../account/account.ts'
import { changeAccount, endAllSignIns, endByToken, endSignIn } from '../../account/ending.ts'
import { addLogin, endLogin, holdsRefreshToken, listLogins } from '../../account/logins.ts'
import { chooseForRoom, forgetRoom, keepRoom, memberRooms } from '../../account/member-rooms.ts'
import type { Randomness } from '../../account/ports.ts'
import type { AccountChange } from '../../account/record.ts'
import { sessionViewOf } from '../../account/sign-in-record.ts'
import { becomeAccount, openSignIn, refresh } from '../../account/sign-ins.ts'
import type {
  AccountView,
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
import { FAMILY_KEY_LENGTH, SECRET_LENGTH } from '../../auth/tokens/refresh-token.ts'
import { readConfig } from '../../config.ts'
import type { AccountCalls, AccountLogin, LoginsView, ShownRoom } from '../../contract.ts'
import { AccountAlarm } from './alarm.ts'
import { accountStorage } from './sql-account.ts'
import { type EnteredRooms, Visits } from './visits.ts'

/** The bindings that an account uses. */
interface AccountEnv {
  readonly ROOM: EnteredRooms
}

/** Of all accounts of an isolate. */
const REFUSALS = new RefusalLog(() => Date.now())

const RANDOM: Randomness = {
  id: () => nanoid(),
  familyKey: () => nanoid(FAMILY_KEY_LENGTH),
  secret: () => crypto.getRandomValues(new Uint8Array(SECRET_LENGTH)),
}

/** Named by the id of its person. Questions about an id that has no account store nothing. */
export class AccountObject extends DurableObject<AccountEnv> implements AccountCalls {
  readonly #account: Account
  readonly #alarm: AccountAlarm
  readonly #visits: Visits

  constructor(ctx: DurableObjectState, env: AccountEnv) {
    super(ctx, env)
    const [storage, rules] = [accountStorage(ctx.storage), readConfig(env)]
    const personId = () => nameOf(ctx.id)
    this.#account = new Account({ personId, storage, rules, random: RANDOM, audit })
    this.#alarm = new AccountAlarm(this.#account, ctx.storage, env.ROOM)
    this.#visits = new Visits(this.#account, env.ROOM)
  }

  async signIn(newSignIn: NewSignIn): Promise<Answer<SessionGrant>> {
    const answer = openSignIn(this.#account, newSignIn, Date.now())
    if ('value' in answer) {
      await this.#alarm.deliver()
      const { sessionId } = answer.value
      const by = newSignIn.kind === 'guest' ? 'guest' : newSignIn.username ? 'password' : 'provider'
      audit({ event: 'signed-in', user: this.#account.personId, session: sessionId, by })
    }
    return answer
  }

  async becomeAccount(
    bearer: Bearer,
    name: string | undefined,
    username?: string,
  ): Promise<Answer<SessionGrant>> {
    const answer = becomeAccount(this.#account, bearer, { name, username }, Date.now())
    // The alarm ends the sockets of the guest: by then whoever asked has the new token.
    if ('value' in answer) await this.#alarm.set()
    return answer
  }

  async refresh(
    token: string | undefined,
    bearer: Bearer | undefined,
    cost = 1,
  ): Promise<Answer<SessionGrant> | Delayed> {
    const answer = refresh(this.#account, token, bearer, cost, Date.now())
    const user = this.#account.stored?.account()?.id
    if ('refused' in answer) {
      REFUSALS.write({ event: 'refresh-refused', ...(user && { user }), code: answer.refused })
      if (answer.refused === 'refresh-reused') await this.#alarm.deliver()
    } else if (this.#account.hasPending) await this.#alarm.set()
    return answer
  }

  async check(bearer: Bearer, cost = 1): Promise<Answer<null> | Delayed> {
    return this.#account.refusal(bearer, cost, Date.now()) ?? { value: null }
  }

  async checkVisit(
    bearer: Bearer,
    roomId: string,
    visitId: string,
    cost = 1,
  ): Promise<Answer<{ readonly noted: boolean }> | Delayed> {
    return this.#visits.check(bearer, roomId, visitId, cost)
  }

  prepareVisit(
    by: Principal,
    bearer: Bearer,
    roomId: string,
    visitId: string,
    cost = 1,
  ): Promise<Answer<Answer<ShownRoom>> | Delayed> {
    return this.#visits.prepare(by, bearer, roomId, visitId, cost)
  }

  async enter(
    bearer: Bearer,
    roomId: string,
    visitId: string,
    cost = 1,
  ): Promise<Answer<null> | Delayed> {
    return this.#visits.enter(bearer, roomId, visitId, cost)
  }

  async leave(sessionId: string, roomId: string, visitId: string): Promise<void> {
    this.#visits.leave(sessionId, roomId, visitId)
  }

  async joined(room: MemberRoom): Promise<void> {
    const { memberRooms } = this.#account.storeOfMember() ?? {}
    if (memberRooms) keepRoom(memberRooms, room)
  }

  async left(roomId: string): Promise<void> {
    forgetRoom(this.#account.stored?.memberRooms, roomId)
  }

  async roomNews(): Promise<'offline'> {
    return 'offline'
  }

  async rooms(after: MemberRoomPlace | undefined, limit: number): Promise<MemberRoomsPage> {
    return memberRooms(this.#account.stored?.memberRooms, after, limit)
  }

  async choose(roomId: string, change: RoomChoicesChange): Promise<Answer<MemberRoom>> {
    return chooseForRoom(this.#account.stored?.memberRooms, roomId, change)
  }

  async sessions(): Promise<SessionView[]> {
    return this.#account.signIns(Date.now()).map(sessionViewOf)
  }

  async end(bearer: Pick<Bearer, 'sessionId' | 'federated' | 'expiresAt'>): Promise<boolean> {
    const ended = endSignIn(this.#account, bearer, Date.now())
    if (ended) await this.#alarm.deliver()
    return ended
  }

  async endByToken(token: string): Promise<Answer<null>> {
    const answer = endByToken(this.#account, token, Date.now())
    if ('value' in answer) await this.#alarm.deliver()
    return answer
  }

  async endAll(except: string | undefined): Promise<void> {
    endAllSignIns(this.#account, except, Date.now())
    await this.#alarm.deliver()
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
    this.#account.stored?.logins.remove(id)
  }

  async show(): Promise<Answer<AccountView>> {
    return this.#account.show()
  }

  async change(change: AccountChange): Promise<Answer<AccountView>> {
    const answer = changeAccount(this.#account, change, Date.now())
    await this.#alarm.deliver()
    return answer
  }

  override async alarm(): Promise<void> {
    await this.#alarm.ring()
  }
}

/** An account's object is named by the id of its person. */
function nameOf({ name }: DurableObjectId): string {
  if (name === undefined) throw new Error('an account has no name')
  return name
}
