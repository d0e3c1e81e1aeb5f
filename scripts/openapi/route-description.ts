// What is said of a route in the description of the HTTP API.

import type { GenericSchema } from 'valibot'
import type * as answers from './answers.ts'

/** By method and path. */
export type RouteDescriptions = Readonly<Record<string, RouteDescription>>

export interface RouteDescription {
  readonly summary: string
  /** Who may ask. `any`: a token is not needed, but may be shown. */
  readonly by: 'any' | 'user' | 'admin'
  readonly body?: GenericSchema
  /** The body may be left out. */
  readonly bodyOptional?: true
  readonly query?: GenericSchema
  /** It takes Idempotency-Key and Idempotency-Since. */
  readonly keyed?: true
  /** By status: the name of an answer, or a sentence for an answer without a body. */
  readonly gives: Readonly<Record<number, keyof typeof answers | Sentence>>
}

export interface Sentence {
  readonly sentence: string
}

/** An answer without a body. */
export const nothing = (sentence: string): Sentence => ({ sentence })
