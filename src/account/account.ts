// One person's account: what is stored, whether a token still holds, and when a guest is forgotten.
// Pure: storage, clock and randomness are arguments. Times in milliseconds since 1970.

import type { Answer, Delayed } from '../answer.ts'
import type { Bearer, Revocation } from '../auth/bearer.ts'
import type { RefusalCode } from '../refusals.ts'
import type { AccountStorage, AccountStore, Audit, Randomness } from './ports.ts'
import { type AccountRecord, federatedAccount, viewOf, voidBecause } from './record.ts'
import { RequestBudget } from './request-budget.ts'
import { livesUntil, type SessionRules } from './sign-in-life.ts'
import type { SignInRecord } from './sign-in-record.ts'
import type { AccountView } from './views.ts'

/**
 * Milliseconds for which the row of an ended guest stays, so that a late request gets
 * `session-ended` and an administrator can still see the name.
 */
const GUEST_KEPT = 3_600_000

/** What the configuration says of accounts. */
interface AccountRules {
  readonly sessions: SessionRules
  /** Ids of the people who have the authority ADMIN. */
  readonly admins: readonly string[]
  readonly trustedIssuers: readonly { readonly name: string }[]
  readonly requestsPerMinute: number
}

/** What an account is made of. */
interface AccountNeeds {
  /** Whose account it is. A function, because an alarm may not know it. */
  readonly personId: () => string
  readonly storage: AccountStorage
  readonly rules: AccountRules
  readonly random: Randomness
  readonly audit: Audit
  /** A sign-in ends, now or at `due`: its sockets here end with it. */
  readonly revoked: (revocation: Revocation, due: number) => void
}

/**
 * One person, guest, account or a trusted issuer's. Tables are made with the first thing to store.
 */
export class Account {
  readonly rules: AccountRules
  readonly random: Randomness
  readonly audit: Audit
  readonly revoked: AccountNeeds['revoked']
  readonly #personId: () => string
  readonly #storage: AccountStorage
  readonly #budget: RequestBudget
  #stored: AccountStore | undefined

  constructor({ personId, storage, rules, random, audit, revoked }: AccountNeeds) {
    this.revoked = revoked
    this.#personId = personId
    this.rules = rules
    this.random = random
    this.audit = audit
    this.#storage = storage
    this.#budget = new RequestBudget(rules.requestsPerMinute)
  }

  get personId(): string {
    return this.#personId()
  }

  /** What is stored; undefined where nothing is. */
  get stored(): AccountStore | undefined {
    this.#stored ??= this.#storage.open()
    return this.#stored
  }

  /** The store, made where nothing was stored. */
  store(): AccountStore {
    this.#stored ??= this.#storage.make()
    return this.#stored
  }

  /**
   * The store of somebody who is a member of a room: a trusted issuer's person may have none yet.
   * Undefined for a guest who was forgotten.
   */
  storeOfMember(): AccountStore | undefined {
    return this.stored ?? (this.find()?.kind === 'federated' ? this.store() : undefined)
  }

  /** To be called before everything that is stored is deleted. */
  close(): void {
    this.#stored = undefined
  }

  /** The sign-ins of which a token may still hold, the most recently used first. */
  signIns(now: number): SignInRecord[] {
    return (this.stored?.signIns() ?? []).filter((signIn) => this.#lives(signIn, now))
  }

  /** The sign-in of that id; undefined where there is none, or its last token has expired. */
  findSignIn(id: string, now: number): SignInRecord | undefined {
    const signIn = this.stored?.findSignIn(id)
    return signIn && this.#lives(signIn, now) ? signIn : undefined
  }

  /** Removes the sign-ins of which no token holds any more. */
  purge(now: number): void {
    for (const signIn of this.store().signIns()) {
      if (!this.#lives(signIn, now)) this.store().removeSignIn(signIn.id)
    }
  }

  /** When the account has something to do: deliver a revocation, or forget a guest. */
  nextDue(now: number): number | undefined {
    return this.stored?.revocations.nextDue() ?? this.#guestEnds(now)
  }

  /** Whether a room has still to be told what ended. */
  get hasPending(): boolean {
    return this.stored?.revocations.nextDue() !== undefined
  }

  /** Whether this is a guest who cannot come back, and every room has been told. */
  isOver(now: number): boolean {
    if (this.stored?.account()?.kind !== 'guest') return false
    return this.signIns(now).length === 0 && !this.hasPending
  }

  /** Why a token does not hold any more; undefined where it does. */
  voidBecause(bearer: Bearer, now: number): RefusalCode | undefined {
    const ended = bearer.federated
      ? this.stored?.isEndedFederated(bearer.sessionId, now) === true
      : this.findSignIn(bearer.sessionId, now) === undefined
    const because = voidBecause(this.stored?.account(), bearer, ended)
    if (because !== 'session-ended' || bearer.federated) return because
    // The sign-in was renewed under another id: the client only needs a new token.
    const renewed = this.stored?.renewable(bearer.sessionId)
    return renewed && renewed.id !== bearer.sessionId ? 'roles-changed' : because
  }

  /** R5: why a request is refused; undefined where it is not, and then its cost is taken. */
  refusal(
    bearer: Bearer,
    cost: number,
    now: number,
  ): { readonly refused: RefusalCode } | Delayed | undefined {
    const because = this.voidBecause(bearer, now)
    return because ? { refused: because } : this.charge(cost, now)
  }

  /** R5: takes the cost of a request; a refusal where the person has asked for too much. */
  charge(cost: number, now: number): Delayed | undefined {
    const retryAfter = this.#budget.take(cost, now)
    return retryAfter > 0 ? { refused: 'too-fast', retryAfter } : undefined
  }

  /** The account as an administrator sees it. Refused: `user-unknown`. */
  show(): Answer<AccountView> {
    const account = this.find()
    if (!account) return { refused: 'user-unknown' }
    return { value: viewOf(account, this.rules.admins) }
  }

  /** The account; that of a trusted issuer's person also where nothing is stored of them. */
  find(): AccountRecord | undefined {
    return this.stored?.account() ?? federatedAccount(this.personId, this.rules.trustedIssuers)
  }

  /** When a guest who does not come back is to be forgotten; undefined for anybody else. */
  #guestEnds(now: number): number | undefined {
    if (this.stored?.account()?.kind !== 'guest') return undefined
    const ends = this.signIns(now).map((signIn) => livesUntil(signIn, this.rules.sessions))
    return Math.max(now, ...ends) + GUEST_KEPT
  }

  #lives(signIn: SignInRecord, now: number): boolean {
    return livesUntil(signIn, this.rules.sessions) > now
  }
}
