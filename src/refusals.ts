// Every "no" of Stompbox: what HTTP answers, how a socket closes, and a sentence. The rows stand in
// refusals/. Imports nothing else; whoever refuses imports it.

import { PEOPLE } from './refusals/people.ts'
import { REQUESTS } from './refusals/requests.ts'
import type { RefusalRow } from './refusals/row.ts'

const TABLE = { ...PEOPLE, ...REQUESTS }

/** A stable code: clients and tests may rely on it (docs/protocol.md, Refusals). */
export type RefusalCode = keyof typeof TABLE

/** The row of each code: HTTP status, close code and sentence. */
export const REFUSALS: Readonly<Record<RefusalCode, RefusalRow>> = TABLE

/** Whether a word that came over a wire or a border is one of the codes. */
export function isRefusalCode(word: unknown): word is RefusalCode {
  return typeof word === 'string' && Object.hasOwn(TABLE, word)
}

/** A "no". `detail` is for the one refused: it never holds a secret or what they sent. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: RefusalCode
  readonly detail: string | undefined
  /** The refusal of one SEND need not end the connection, as its row or the caller says. */
  readonly mild: boolean

  /** Seconds after which the same may be granted. */
  readonly retryAfter: number | undefined

  constructor(
    code: RefusalCode,
    detail?: string,
    mild = REFUSALS[code].mild ?? false,
    retryAfter?: number,
  ) {
    super(detail === undefined ? code : `${code}: ${detail}`)
    this.code = code
    this.detail = detail
    this.mild = mild
    this.retryAfter = retryAfter
  }

  get row(): RefusalRow {
    return REFUSALS[this.code]
  }

  /** The sentence and the detail, for a person. */
  get text(): string {
    return this.detail === undefined ? this.row.sentence : `${this.row.sentence} (${this.detail})`
  }
}
