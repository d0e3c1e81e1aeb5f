// The audit log: who came in and who was refused. Structured lines with ids and codes, never a
// token, a password, a name or a message.

import type { RefusalCode } from './refusals.ts'

/** One line of the audit log. */
export type AuditLine =
  | {
      readonly event: 'signed-in'
      readonly user: string
      readonly session: string
      readonly by: string
    }
  | {
      readonly event: 'sign-in-refused'
      readonly by: string
      readonly code: RefusalCode
      readonly reason?: string
    }
  | { readonly event: 'registered'; readonly user: string }
  | { readonly event: 'password-changed'; readonly user: string }
  | { readonly event: 'login-linked'; readonly user: string; readonly by: string }
  | { readonly event: 'login-unlinked'; readonly user: string; readonly by: string }
  | { readonly event: 'refreshed'; readonly user: string; readonly session: string }
  /** A used refresh token within its grace time: an answer was lost, or a thief is quick. */
  | { readonly event: 'refresh-repeated'; readonly user: string; readonly session: string }
  /** Another authority: the sign-in goes on under another id. */
  | {
      readonly event: 'session-renewed'
      readonly user: string
      readonly session: string
      readonly former: string
    }
  | { readonly event: 'refresh-refused'; readonly user?: string; readonly code: RefusalCode }
  | {
      readonly event: 'revoked'
      readonly user: string
      readonly session: string | null
      readonly code: RefusalCode
    }
  | {
      readonly event: 'account-changed'
      readonly user: string
      readonly by: string
      readonly disabled: boolean
      readonly roles: readonly string[]
    }
  | { readonly event: 'keys-rotated'; readonly kid: string; readonly compromised: boolean }
  | { readonly event: 'token-refused'; readonly code: RefusalCode; readonly reason?: string }
  | {
      readonly event: 'entry-refused'
      readonly user?: string
      readonly room?: string
      readonly code: RefusalCode
    }
  | {
      readonly event: 'room-changed'
      readonly room: string
      readonly by: string
      readonly entry: string
    }
  | {
      readonly event: 'member-kicked'
      readonly room: string
      readonly user: string
      readonly by: string
    }
  | { readonly event: 'room-deleted'; readonly room: string; readonly by: string }
  | {
      readonly event: 'invitation-made'
      readonly room: string
      readonly by: string
      readonly invitation: string
    }
  | {
      readonly event: 'invitation-revoked'
      readonly room: string
      readonly by: string
      readonly invitation: string
    }
  | {
      readonly event: 'moderated'
      readonly room: string
      readonly user: string
      readonly by: string
      readonly action: string
    }
  | {
      readonly event: 'role-set'
      readonly room: string
      readonly user: string
      readonly by: string
      readonly role: string
    }

/** Writes a line. */
export function audit(line: AuditLine): void {
  console.log(JSON.stringify(line))
}

/** A line that tells of a refusal. */
export type RefusedLine = Extract<AuditLine, { readonly event: `${string}-refused` }>

/** Refusals of one kind that are written in a minute. Beyond them, one line stands for many. */
const WHOLE = 10
const TOGETHER = 100
const MINUTE = 60_000

/** Signs of a theft or a break-in: each gets a line. */
const ALWAYS: ReadonlySet<RefusalCode> = new Set([
  'refresh-reused',
  'credentials-invalid',
  'login-taken',
  'principal-mismatch',
])

/**
 * Writes refusals. Anybody can cause them at any speed, and the owner pays for each line (R5), so a
 * line may stand for others: `suppressed` says for how many.
 */
export class RefusalLog {
  readonly #now: () => number
  readonly #kinds = new Map<string, { minute: number; seen: number; suppressed: number }>()

  /** `now`: milliseconds since 1970. */
  constructor(now: () => number) {
    this.#now = now
  }

  write(line: RefusedLine): void {
    const suppressed = ALWAYS.has(line.code) ? 0 : this.#admit(`${line.event} ${line.code}`)
    if (suppressed === undefined) return
    console.log(JSON.stringify(suppressed === 0 ? line : { ...line, suppressed }))
  }

  /** How many suppressed lines of a kind the next one stands for; undefined if none is due. */
  #admit(kind: string): number | undefined {
    const minute = Math.floor(this.#now() / MINUTE)
    const known = this.#kinds.get(kind)
    const seen = known?.minute === minute ? known.seen + 1 : 1
    const suppressed = known?.suppressed ?? 0
    const due = seen <= WHOLE || suppressed + 1 >= TOGETHER
    this.#kinds.set(kind, { minute, seen, suppressed: due ? 0 : suppressed + 1 })
    return due ? suppressed : undefined
  }
}
