// What is written down of who came in and who was refused: structured lines, with ids and codes, and
// never a token, a password, a name or a message.

import type { RefusalCode } from './refusals.ts'

/** One line of the audit log. */
export type AuditEntry =
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
  | { readonly event: 'refreshed'; readonly user: string; readonly session: string }
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
      readonly event: 'standing-set'
      readonly room: string
      readonly user: string
      readonly by: string
      readonly standing: string
    }

/** Writes a line. */
export function audit(entry: AuditEntry): void {
  console.log(JSON.stringify(entry))
}
