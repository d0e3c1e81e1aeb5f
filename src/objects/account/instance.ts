// An account in its object: whether its tokens still hold, how they end, and the rows that keep it. Each
// call reads and writes in one go; rooms are told afterwards. Times in milliseconds since 1970.

import {
  type AccountChange,
  type AccountRecord,
  changed,
  foreignAccount,
  lastTokenEnds,
  raised,
  viewOf,
  voidBecause,
} from '../../account/person.ts'
import { closedSession, livesUntil } from '../../account/sign-in-life.ts'
import type { SessionRecord } from '../../account/sign-in-record.ts'
import { audit } from '../../audit.ts'
import type { AccountView, Bearer, Revocation } from '../../auth/session.ts'
import { readRefreshToken, wasIssued } from '../../auth/tokens/refresh-token.ts'
import type { Config } from '../../config.ts'
import type { RefusalCode } from '../../refusals.ts'
import type { Answer } from '../shared/answer.ts'
import { AccountStorage } from './storage.ts'

/** Milliseconds: a guest who comes back late is still told what is over, and an administrator who it was. */
const LATE = 3_600_000

/**
 * Milliseconds for which the sockets of a sign-in that was renewed stay: its client shows them the new token
 * meanwhile, and nobody notices. Those that were not shown it end then.
 */
const MOVING = 10_000

export class HostedAccount {
  readonly config: Config
  readonly #storage: DurableObjectStorage
  #kept: AccountStorage | undefined

  constructor(storage: DurableObjectStorage, config: Config) {
    this.config = config
    this.#storage = storage
  }

  /** What is kept; undefined where nothing is. */
  get kept(): AccountStorage | undefined {
    this.#kept ??= AccountStorage.open(this.#storage)
    return this.#kept
  }

  /** The storage, made where nothing was kept. */
  keep(): AccountStorage {
    this.#kept ??= AccountStorage.make(this.#storage)
    return this.#kept
  }

  /** Deletes everything. */
  async forget(): Promise<void> {
    this.#kept = undefined
    await this.#storage.deleteAll()
  }

  /** Those of which a token may still hold, the one used last first. */
  sessions(now: number): SessionRecord[] {
    return (this.kept?.sessions() ?? []).filter((session) => this.#lives(session, now))
  }

  session(id: string, now: number): SessionRecord | undefined {
    const session = this.kept?.session(id)
    return session && this.#lives(session, now) ? session : undefined
  }

  /** Keeps a session that was given a new token. What it was called before ends, a little later in rooms. */
  renewSession(personId: string, session: SessionRecord, now: number): void {
    const { id, former: formers } = session
    const former = this.kept?.session(formers.at(-1)?.id ?? '')
    if (former) {
      this.endSessions(personId, [former], 'roles-changed', now, now + MOVING)
      audit({ event: 'session-renewed', user: personId, session: id, former: former.id })
    }
    this.keep().saveSession(session)
  }

  /** Forgets the sessions of which no token holds any more. */
  purge(now: number): void {
    for (const session of this.keep().sessions()) {
      if (!this.#lives(session, now)) this.keep().removeSession(session.id)
    }
  }

  /** When a guest who does not come back is to be forgotten; undefined for anybody else. */
  overAt(now: number): number | undefined {
    if (this.kept?.account()?.kind !== 'guest') return undefined
    const ends = this.sessions(now).map((session) => livesUntil(session, this.config.sessions))
    return Math.max(now, ...ends) + LATE
  }

  /** Whether it is a guest who cannot come back, and no room has still to hear of it. */
  isOver(now: number): boolean {
    if (this.kept?.account()?.kind !== 'guest') return false
    return this.sessions(now).length === 0 && this.kept.pending.nextDue() === undefined
  }

  /** Why a token does not hold any more; undefined where it does. */
  voidBecause(bearer: Bearer, now: number): RefusalCode | undefined {
    const ended = bearer.foreign
      ? this.kept?.isEndedForeign(bearer.sessionId, now) === true
      : this.session(bearer.sessionId, now) === undefined
    const because = voidBecause(this.kept?.account(), bearer, ended)
    if (because !== 'session-ended' || bearer.foreign) return because
    // The sign-in goes on under another id: a new token is all that is wanted.
    const renewed = this.kept?.renewable(bearer.sessionId)
    return renewed && renewed.id !== bearer.sessionId ? 'roles-changed' : because
  }

  show(personId: string): Answer<AccountView> {
    const account = this.#find(personId)
    if (!account) return { refused: 'user-unknown' }
    return { value: viewOf(account, this.config.admins) }
  }

  change(personId: string, change: AccountChange, now: number): Answer<AccountView> {
    const known = this.#find(personId)
    if (!known) return { refused: 'user-unknown' }
    // The roles of a trusted issuer's person are what their tokens say.
    if (known.kind === 'foreign' && change.roles) return { refused: 'not-allowed' }
    const { account, ends } = changed(known, change)
    if (account !== known) this.keep().saveAccount(account)
    if (known.disabled && !account.disabled) this.purge(now)
    if (ends) this.#endBefore(personId, account, ends, now)
    return { value: viewOf(account, this.config.admins) }
  }

  end(
    personId: string,
    { sessionId, foreign, expiresAt }: Pick<Bearer, 'sessionId' | 'foreign' | 'expiresAt'>,
    now: number,
  ): boolean {
    if (!foreign) {
      const session = this.session(sessionId, now)
      if (session) this.endSessions(personId, [session], 'session-ended', now)
      return session !== undefined
    }
    if (expiresAt * 1000 <= now || this.kept?.isEndedForeign(sessionId, now)) return false
    this.keep().endForeign(sessionId, expiresAt, now)
    const code = 'session-ended'
    this.#revoke({ personId, sessionId, below: null, code, until: expiresAt }, now)
    return true
  }

  endByToken(text: string, now: number): Answer<null> {
    const token = readRefreshToken(text)
    const session = token && this.kept?.session(token.sessionId)
    if (!session || !wasIssued(token, session.familyKey)) return { refused: 'refresh-invalid' }
    this.endSessions(token.personId, [session], 'session-ended', now)
    return { value: null }
  }

  endAll(personId: string, except: string | undefined, now: number): void {
    if (!this.kept) return
    if (except !== undefined) {
      const others = this.kept.sessions().filter(({ id }) => id !== except)
      this.endSessions(personId, others, 'session-ended', now)
      return
    }
    const known = this.kept.account()
    const account = known && raised(known)
    if (account) this.kept.saveAccount(account)
    this.#endBefore(personId, account, 'session-ended', now)
  }

  endSessions(
    personId: string,
    sessions: readonly SessionRecord[],
    code: Revocation['code'],
    now: number,
    due = now,
  ): void {
    const until = lastTokenEnds(this.config.sessions.accessLifetime, due)
    for (const { id: sessionId } of sessions) {
      this.#revoke({ personId, sessionId, below: null, code, until }, due)
      this.keep().removeSession(sessionId)
    }
  }

  /** Makes every token void that was made before this version of the account. */
  #endBefore(
    personId: string,
    account: AccountRecord | undefined,
    code: Revocation['code'],
    now: number,
  ): void {
    const kept = this.keep()
    const own = account !== undefined && account.kind !== 'foreign'
    const below = own ? account.version : null
    const until = lastTokenEnds(own ? this.config.sessions.accessLifetime : 0, now)
    this.#revoke({ personId, sessionId: null, below, code, until }, now)
    for (const session of kept.sessions()) {
      // Other roles are no reason to sign in again: the next token has them.
      if (code === 'session-ended') kept.removeSession(session.id)
      if (code === 'account-disabled') kept.saveSession(closedSession(session))
    }
  }

  #revoke(revocation: Revocation, due: number): void {
    const { personId, sessionId, code } = revocation
    const kept = this.keep()
    kept.pending.add(revocation, due)
    // Whoever enters from now on, by a token that still holds, is noted anew.
    kept.rooms.forget(sessionId)
    audit({ event: 'revoked', user: personId, session: sessionId, code })
  }

  #lives(session: SessionRecord, now: number): boolean {
    return livesUntil(session, this.config.sessions) > now
  }

  #find(personId: string): AccountRecord | undefined {
    return this.kept?.account() ?? foreignAccount(personId, this.config.trustedIssuers)
  }
}
