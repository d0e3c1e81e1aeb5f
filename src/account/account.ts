// One person's account: what is stored, whether a token still holds, and when a guest is forgotten.
// Pure: storage, clock and randomness are arguments. Times in milliseconds since 1970.

import type { Answer, Delayed } from '../answer.ts'
import type { Bearer } from '../auth/bearer.ts'
import type { RefusalCode } from '../refusals.ts'
import type { AccountStorage, AccountStore, Audit, Randomness } from './ports.ts'
import { type AccountRecord, federatedAccount, viewOf, voidBecause } from './record.ts'
import { RequestBudget } from './request-budget.ts'
import { livesUntil, type SessionRules } from './sign-in-life.ts'
import type { SessionRecord } from './sign-in-record.ts'
import type { AccountView } from './views.ts'

/**
 * Milliseconds for which the row of an ended guest stays, so that a late request gets `session-ended` and an
 * administrator can still see the name.
 */
const GUEST_KEPT = 3_600_000

export interface AccountRules {
  readonly sessions: SessionRules
  /** Ids of the people who have the authority ADMIN. */
  readonly admins: readonly string[]
  readonly trustedIssuers: readonly { readonly name: string }[]
  readonly requestsPerMinute: number
}

export interface AccountNeeds {
  readonly storage: AccountStorage
  readonly rules: AccountRules
  readonly random: Randomness
  readonly audit: Audit
}

export class Account {
  readonly rules: AccountRules
  readonly random: Randomness
  readonly audit: Audit
  readonly #storage: AccountStorage
  readonly #budget: RequestBudget
  #stored: AccountStore | undefined

  constructor({ storage, rules, random, audit }: AccountNeeds) {
    this.rules = rules
    this.random = random
    this.audit = audit
    this.#storage = storage
    this.#budget = new RequestBudget(rules.requestsPerMinute)
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

  /** To be called before everything that is stored is deleted. */
  close(): void {
    this.#stored = undefined
  }

  /** The sessions of which a token may still hold, the most recently used first. */
  sessions(now: number): SessionRecord[] {
    return (this.stored?.sessions() ?? []).filter((session) => this.#lives(session, now))
  }

  session(id: string, now: number): SessionRecord | undefined {
    const session = this.stored?.session(id)
    return session && this.#lives(session, now) ? session : undefined
  }

  /** Removes the sessions of which no token holds any more. */
  purge(now: number): void {
    for (const session of this.store().sessions()) {
      if (!this.#lives(session, now)) this.store().removeSession(session.id)
    }
  }

  /** When the account has something to do: deliver a revocation, or forget a guest. */
  nextDue(now: number): number | undefined {
    return this.stored?.revocations.nextDue() ?? this.#guestEnds(now)
  }

  /** Whether this is a guest who cannot come back, and every room has been told. */
  isOver(now: number): boolean {
    if (this.stored?.account()?.kind !== 'guest') return false
    return this.sessions(now).length === 0 && this.stored.revocations.nextDue() === undefined
  }

  /** Why a token does not hold any more; undefined where it does. */
  voidBecause(bearer: Bearer, now: number): RefusalCode | undefined {
    const ended = bearer.federated
      ? this.stored?.isEndedFederated(bearer.sessionId, now) === true
      : this.session(bearer.sessionId, now) === undefined
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
    if (because) return { refused: because }
    const retryAfter = this.#budget.take(cost, now)
    return retryAfter > 0 ? { refused: 'too-fast', retryAfter } : undefined
  }

  show(personId: string): Answer<AccountView> {
    const account = this.find(personId)
    if (!account) return { refused: 'user-unknown' }
    return { value: viewOf(account, this.rules.admins) }
  }

  /** The account; that of a trusted issuer's person also where nothing is stored of them. */
  find(personId: string): AccountRecord | undefined {
    return this.stored?.account() ?? federatedAccount(personId, this.rules.trustedIssuers)
  }

  /** When a guest who does not come back is to be forgotten; undefined for anybody else. */
  #guestEnds(now: number): number | undefined {
    if (this.stored?.account()?.kind !== 'guest') return undefined
    const ends = this.sessions(now).map((session) => livesUntil(session, this.rules.sessions))
    return Math.max(now, ...ends) + GUEST_KEPT
  }

  #lives(session: SessionRecord, now: number): boolean {
    return livesUntil(session, this.rules.sessions) > now
  }
}
