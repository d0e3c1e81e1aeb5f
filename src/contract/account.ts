// What the gateway asks of an account and of the ways to sign in.

import type { AccountChange } from '../account/record.ts'
import type {
  AccountLogin,
  AccountView,
  LoginsView,
  NewSignIn,
  SessionGrant,
  SessionView,
} from '../account/views.ts'
import type { Answer, Delayed } from '../answer.ts'
import type { Bearer } from '../auth/bearer.ts'
import type { ProviderLogin } from '../auth/openid/pending-link.ts'
import type { AttemptSource, Device, Verified } from '../auth/passwords/attempt-source.ts'
import type { Principal } from '../auth/principal.ts'
import type { KeyMaterial } from '../auth/tokens/keys.ts'
import type { Admission } from '../room/connections/admission.ts'
import type { ShownRoom } from '../room/membership/profile.ts'
import type { MemberRoomCalls } from './lists.ts'

export type {
  AccountLogin,
  AccountView,
  LoginsView,
  NewSignIn,
  SessionGrant,
  SessionView,
} from '../account/views.ts'
export type { Answer, Delayed } from '../answer.ts'
export type { AttemptSource, Device, Verified } from '../auth/passwords/attempt-source.ts'

/**
 * A visit of a room. `visitId` is the id of the ticket, or one made for this visit: the room says
 * it when the socket has gone.
 */
type VisitArguments = [bearer: Bearer, roomId: string, visitId: string, cost?: number]

/** A WebSocket of an account that the gateway has admitted: a list of its person's rooms. */
export interface ListAdmission extends Pick<Admission, 'principal' | 'protocol' | 'ticket'> {
  readonly bearer: Bearer
  /** What the upgrade takes of the person's requests. */
  readonly cost: number
}

/** One person, guest, account or a trusted issuer's: sign-ins, logins, rooms with sockets. */
export interface AccountCalls extends MemberRoomCalls {
  /**
   * Makes the account where there is none. Refused: account-disabled; credentials-invalid where the
   * account goes by another user name.
   */
  signIn(newSignIn: NewSignIn): Promise<Answer<SessionGrant>>
  /** A guest becomes an account with the same id. Every older token is void. */
  becomeAccount(
    bearer: Bearer,
    name: string | undefined,
    username?: string,
  ): Promise<Answer<SessionGrant>>
  /**
   * The four cases: `token` is the refresh token shown, `bearer` a valid access token shown. A
   * renewal is counted as `check` counts. One that is too fast does not use up the token. Refused:
   * refresh-missing, refresh-invalid, refresh-expired, refresh-reused, session-ended,
   * session-too-old, account-disabled, too-fast.
   */
  refresh(
    token: string | undefined,
    bearer: Bearer | undefined,
    cost?: number,
  ): Promise<Answer<SessionGrant> | Delayed>
  /**
   * Whether a token still holds; `cost`, 1 by default, is taken of the person's
   * REQUESTS_PER_MINUTE. Refused: session-ended, roles-changed, account-disabled, too-fast.
   */
  check(bearer: Bearer, cost?: number): Promise<Answer<null> | Delayed>
  /** As `check`, for an upgrade. Tells whether this visit is noted. Nothing is written. */
  checkVisit(...visit: VisitArguments): Promise<Answer<{ readonly noted: boolean }> | Delayed>
  /**
   * As `check`, for a ticket: asks the room as `show` does, and notes the visit if the room lets
   * the person in. The value is the room's answer. Refused besides: in-too-many-rooms.
   */
  prepareVisit(
    by: Principal,
    ...visit: VisitArguments
  ): Promise<Answer<Answer<ShownRoom>> | Delayed>
  /** As `check`, for a room that lets a socket in. Notes the visit. Refused as prepareVisit. */
  enter(...visit: VisitArguments): Promise<Answer<null> | Delayed>
  /** A visit is over: its socket has gone, or its ticket was never used. */
  leave(sessionId: string, roomId: string, visitId: string): Promise<void>
  /** The sessions that have not ended or expired. */
  sessions(): Promise<SessionView[]>
  /** Ends one session, its tokens and sockets; false where there is none. */
  end(bearer: Pick<Bearer, 'sessionId' | 'federated' | 'expiresAt'>): Promise<boolean>
  /** Refused: refresh-invalid. */
  endByToken(token: string): Promise<Answer<null>>
  /** Ends all sessions but one. */
  endAll(except: string | undefined): Promise<void>
  /** The ways in to the account. */
  logins(): Promise<LoginsView>
  /** Whether a refresh token is the newest of that session. It is not used up. */
  holds(token: string, sessionId: string): Promise<boolean>
  /** Stores a login before it works. Refused: as check, and not-allowed, too-many-logins. */
  addLogin(
    bearer: Bearer,
    login: ProviderLogin,
  ): Promise<Answer<{ readonly id: string; readonly kind: 'guest' | 'account' }>>
  /**
   * Stops a provider from working. It stays listed until `removeLogin`. Refused: login-unknown,
   * login-last.
   */
  endLogin(id: string): Promise<Answer<AccountLogin>>
  /** Removes a provider from the list, after `endLogin` has stopped it from working. */
  removeLogin(id: string): Promise<void>
  /** Refused, as `change`: user-unknown. */
  show(): Promise<Answer<AccountView>>
  /**
   * Disables the account or changes its roles, and voids the older tokens. Refused: user-unknown.
   */
  change(change: AccountChange): Promise<Answer<AccountView>>
}

/** One way to sign in, and whose it is: a user name with its password, or a provider's subject. */
export interface LoginCalls {
  /** Refused: username-taken. */
  register(personId: string, password: string, from: AttemptSource): Promise<Answer<null> & Device>
  /** Whether a device has signed in to it before. Nothing is counted. */
  trusts(devices: readonly string[]): Promise<boolean>
  /**
   * Whose password this is. Takes the same time for an unknown user as for a wrong password.
   * Refused: credentials-invalid, sign-in-delayed.
   */
  verify(password: string, from: AttemptSource): Promise<Verified>
  /** Replaces the password. Older device cookies become invalid. Refused: as verify. */
  changePassword(password: string, next: string, from: AttemptSource): Promise<Verified>
  /** Whose login it is. A login of nobody becomes `personId`'s. */
  claim(personId: string): Promise<string>
  /** Whose login it is; null: nobody's. Nothing is written. */
  owner(): Promise<string | null>
  /** If a provider's subject was that person's, it is nobody's from now on. */
  release(personId: string): Promise<void>
  /** If a user name was that person's, it is nobody's from now on (A5). */
  withdraw(personId: string): Promise<void>
}

/** Failures of one address. */
export interface ThrottleCalls {
  /** Counts an attempt as a failure until it is known to have succeeded. */
  attempt(): Promise<Answer<null> | Delayed>
  /** The attempt succeeded, so it no longer counts as a failure. */
  succeeded(): Promise<void>
}

/** The signing keys of access tokens and tickets. There is one key ring in a deployment. */
export interface KeyRingCalls {
  /** The private key that signs, and the public halves: for the gateway alone. */
  material(): Promise<KeyMaterial>
  /** The public halves, as a JWK set (RFC 7517, section 5). */
  publicKeys(): Promise<KeyMaterial['verifying']>
  /**
   * Makes a new signing key and returns its id. `compromised`: older ones verify nothing any more.
   */
  rotate(compromised: boolean): Promise<string>
}
