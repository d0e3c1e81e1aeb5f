// What the gateway needs of the logins and throttles, and no more: a part of backend.ts.

import type { Answer, Delayed } from '../answer.ts'

/** Where an attempt at a password comes from. */
export interface AttemptSource {
  /** In the spelling that counts. */
  readonly address: string
  /** What the browser keeps of earlier sign-ins, of whatever user names. */
  readonly devices: readonly string[]
  /** Whether it is to be known from now on, once it has succeeded. */
  readonly keeps: boolean
}

/** Whose password it is, and what the browser is known by from now on, if it is to be. */
export type Verified = (Answer<string> & { readonly device?: string }) | Delayed

/** One way to sign in, and whose it is: a user name with its password, or a provider's subject. */
export interface Login {
  /** Refused: username-taken. */
  register(
    personId: string,
    password: string,
    from: AttemptSource,
  ): Promise<Answer<null> & { readonly device?: string }>
  /** Whether a device has signed in to it before. Nothing is counted. */
  trusts(devices: readonly string[]): Promise<boolean>
  /**
   * Whose password this is. Takes the same time for an unknown user as for a wrong password.
   * Refused: credentials-invalid, sign-in-delayed.
   */
  verify(password: string, from: AttemptSource): Promise<Verified>
  /** The devices that it knew are known no more. Refused: as verify. */
  changePassword(password: string, next: string, from: AttemptSource): Promise<Verified>
  /** Whose it is; `personId`'s from now on where it was nobody's. */
  claim(personId: string): Promise<string>
  /** Whose it is; null where it is nobody's. Nothing is written. */
  owner(): Promise<string | null>
  /** A provider's subject is nobody's again, where it was that person's. */
  release(personId: string): Promise<void>
  /** A user name that its account does not go by is nobody's again, where it was that person's. */
  withdraw(personId: string): Promise<void>
}

/** Failures of one address. */
export interface Throttle {
  /** Counts an attempt as a failure until it is known to have succeeded. */
  attempt(): Promise<Answer<null> | Delayed>
  succeeded(): Promise<void>
}
