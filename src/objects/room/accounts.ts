// What a room tells the accounts of those who are in it: that a socket goes on with another
// sign-in, and that a socket has gone. The first is awaited. The second may be lost, which costs a
// call when the sign-in ends.

import type { AccessClaims } from '../../auth/tokens/access-token.ts'
import type { AccessVerifier } from '../../auth/tokens/access-verifier.ts'
import type { AccountCalls } from '../../contract.ts'
import type { RefusalCode } from '../../refusals.ts'
import type { ConnectedSession, Departure, OpenedSession } from '../../room/connections/session.ts'
import { withDeadline } from '../shared/deadline.ts'

/** The namespace of accounts, by what an entry needs of each. */
export interface EnteredAccounts {
  idFromName(name: string): DurableObjectId
  get(id: DurableObjectId): Pick<AccountCalls, 'enter' | 'leave'>
}

/**
 * Accounts that are told at once that a socket has gone, and how many wait: the rest is not told.
 */
const AT_ONCE = 20
const WAITING = 1000

/** Verifies tokens, and tells accounts of a socket that goes on with another sign-in. */
export interface TokenNeeds {
  readonly verifier: AccessVerifier
  readonly accounts: Accounts
}

/** Asks the account before a socket is let in, and tells it when the socket has gone. */
export class Accounts {
  readonly #accounts: EnteredAccounts
  readonly #waiting: (Departure & { readonly roomId: string })[] = []
  #telling = 0

  constructor(accounts: EnteredAccounts) {
    this.#accounts = accounts
  }

  /**
   * A socket goes on by a token. A5: the end of another sign-in must reach the socket from now on.
   * Undefined, or why it may not go on. Never throws.
   */
  async noted(
    session: ConnectedSession | OpenedSession,
    claims: AccessClaims,
    roomId: string,
  ): Promise<RefusalCode | undefined> {
    if (!mustBeNoted(session, claims)) return undefined
    return this.entered(claims, roomId, session.signIn.entry ?? '')
  }

  /** A socket goes on by a token of another sign-in: undefined, or why not. Never throws. */
  async entered(
    { principal, sessionId, version, federated, expiresAt }: Omit<AccessClaims, 'signedInAt'>,
    roomId: string,
    visitId: string,
  ): Promise<RefusalCode | undefined> {
    try {
      const bearer = { sessionId, version, federated, expiresAt }
      const account = this.#account(principal.id)
      const answer = await withDeadline(account.enter(bearer, roomId, visitId, 0))
      return 'refused' in answer ? answer.refused : undefined
    } catch (error) {
      console.error(error)
      return 'unavailable'
    }
  }

  /** A socket has gone. Resolves when this call has nothing more to tell. Never throws. */
  async left(departure: Departure | undefined, roomId: string | undefined): Promise<void> {
    if (!departure || roomId === undefined || this.#waiting.length >= WAITING) return
    this.#waiting.push({ ...departure, roomId })
    if (this.#telling >= AT_ONCE) return
    this.#telling++
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift())
      await this.#tell(next)
    this.#telling--
  }

  async #tell({ personId, sessionId, roomId, entry }: Departure & { roomId: string }) {
    try {
      await withDeadline(this.#account(personId).leave(sessionId, roomId, entry))
    } catch {
      // It costs a call when the sign-in ends, and nobody waits for it.
    }
  }

  #account(personId: string) {
    return this.#accounts.get(this.#accounts.idFromName(personId))
  }
}

/** Whether the account of a token's person knows nothing yet of a socket that goes on by it. */
function mustBeNoted(
  session: ConnectedSession | OpenedSession,
  { principal, sessionId, federated, expiresAt }: AccessClaims,
): boolean {
  if (principal.id !== session.principal.id) return false
  if (session.phase === 'opened') return sessionId !== session.signIn.id
  // An older token renews nothing. What is noted of a trusted issuer's sign-in ends with its token.
  if (expiresAt * 1000 < session.expiresAt) return false
  return sessionId !== session.signIn.id || (federated && expiresAt * 1000 > session.expiresAt)
}
