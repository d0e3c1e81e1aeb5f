// An attempt at a password: where it comes from, and what comes of it.

import type { Answer, Delayed } from '../../answer.ts'

/** Where an attempt at a password comes from. */
export interface AttemptSource {
  /** In the spelling that counts. */
  readonly address: string
  /** The device cookies of earlier sign-ins, of whatever user names. */
  readonly devices: readonly string[]
  /** Whether the browser is to be given a device cookie once it has succeeded. */
  readonly keeps: boolean
}

/** The device cookie that the browser keeps from now on, if it is to. */
export interface Device {
  readonly device?: string
}

/** Whose password it is. */
export type Verified = (Answer<string> & Device) | Delayed
