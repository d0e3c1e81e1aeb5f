// A person as an account keeps them, and what a change of it means for tokens made before. Pure.

import type { Bearer } from '../auth/bearer.ts'
import type { Authority, Principal } from '../auth/principal.ts'
import type { AccountView, NewSignIn } from './views.ts'

/** An account as it is stored. A change makes a new record. */
export interface AccountRecord {
  readonly id: string
  readonly name: string
  /** Federated: a trusted issuer's person. Only whether they are disabled is kept. */
  readonly kind: 'guest' | 'account' | 'federated'
  readonly username: string | null
  readonly roles: readonly Authority[]
  readonly disabled: boolean
  /** In every token made here; tokens of a lower one are void. */
  readonly version: number
  /** Milliseconds since 1970. */
  readonly createdAt: number
}

/** What an administrator changes; what is left out stays. */
export interface AccountChange {
  readonly disabled?: boolean | undefined
  readonly roles?: readonly Authority[] | undefined
}

/** Seconds that a new token or an upgrade may need until the account has noted it. */
const IN_FLIGHT = 60

/** A new account with the authority GENERAL. `now` in milliseconds since 1970. */
export function newAccount(
  id: string,
  { name, kind, username }: Pick<NewSignIn, 'name' | 'kind' | 'username'>,
  now: number,
): AccountRecord {
  const kept = { roles: ['GENERAL'], disabled: false, version: 1, createdAt: now }
  return { id, name, kind, username: username ?? null, ...kept }
}

/**
 * The account of a trusted issuer's person, whose id begins with the issuer's name; else undefined.
 */
export function federatedAccount(
  id: string,
  issuers: readonly { readonly name: string }[],
): AccountRecord | undefined {
  if (!issuers.some(({ name }) => id.startsWith(`${name}:`))) return undefined
  const kept = { roles: [], disabled: false, version: 0, createdAt: 0 }
  return { id, name: id, kind: 'federated', username: null, ...kept }
}

/** The account once somebody has signed in to it: a guest with a way to sign in is an account. */
export function signedInTo(
  account: AccountRecord,
  { kind, username }: Pick<NewSignIn, 'kind' | 'username'>,
): AccountRecord {
  if (kind === 'guest') return account
  const known = username === undefined || username === account.username
  return account.kind === 'account' && known ? account : asAccount(account, { username })
}

/**
 * Whether an account goes by another user name: then the registration of this name was cut off, and
 * the name opens nothing.
 */
export const goesByAnother = (
  { kind, username }: AccountRecord,
  newSignIn: Pick<NewSignIn, 'username'>,
): boolean =>
  kind === 'account' &&
  username !== null &&
  newSignIn.username !== undefined &&
  newSignIn.username !== username

/** A guest as an account, or an account with another name or user name. */
export function asAccount(
  account: AccountRecord,
  {
    name = account.name,
    username = account.username,
  }: { readonly name?: string | undefined; readonly username?: string | null | undefined },
): AccountRecord {
  return { ...account, kind: 'account', name, username }
}

/** Who it is, in tokens. `admins` have the authority ADMIN besides. */
export function principalOf(account: AccountRecord, admins: readonly string[]): Principal {
  const { id, name, kind } = account
  return { id, name, roles: rolesOf(account, admins), ...(kind === 'guest' && { guest: true }) }
}

/** What a sign-in may do, as a text. When it changes, the sign-in gets another id. */
export function authorityOf(account: AccountRecord, admins: readonly string[]): string {
  return `${account.kind} ${account.version} ${rolesOf(account, admins).join(' ')}`
}

/**
 * The account without what only tokens need. To administrators a trusted issuer's person is an
 * account.
 */
export function viewOf(account: AccountRecord, admins: readonly string[]): AccountView {
  const { id, name, kind, username, disabled, createdAt } = account
  const shown = { id, name, username, disabled, createdAt, roles: rolesOf(account, admins) }
  return { ...shown, kind: kind === 'federated' ? 'account' : kind }
}

/**
 * Why a token does not hold any more; undefined where it does.
 *
 * @param ended whether there is no such sign-in, or it has ended.
 */
export function voidBecause(
  account: AccountRecord | undefined,
  { version, federated }: Bearer,
  ended: boolean,
): 'account-disabled' | 'session-ended' | 'roles-changed' | undefined {
  if (account?.disabled) return 'account-disabled'
  if (ended) return 'session-ended'
  return federated || version === account?.version ? undefined : 'roles-changed'
}

/** Whether an access token belongs to that sign-in and to the present version of the account. */
export function speaksFor(
  account: AccountRecord | undefined,
  bearer: Bearer,
  sessionId: string,
): boolean {
  if (bearer.federated || bearer.sessionId !== sessionId) return false
  return account === undefined || bearer.version === account.version
}

/** The changed account, and why its older tokens are void now, if they are. */
export function changedAccount(
  account: AccountRecord,
  { disabled = account.disabled, roles = account.roles }: AccountChange,
): {
  readonly account: AccountRecord
  readonly ends: 'account-disabled' | 'roles-changed' | undefined
} {
  const disables = disabled && !account.disabled
  const otherRoles = !sameRoles(roles, account.roles)
  if (disabled === account.disabled && !otherRoles) return { account, ends: undefined }
  const ends = disables ? 'account-disabled' : otherRoles ? 'roles-changed' : undefined
  const next = { ...account, disabled, roles }
  return { account: ends ? raised(next) : next, ends }
}

/**
 * The account with the next version, which voids every older token. A trusted issuer's tokens have
 * no version.
 */
export function raised(account: AccountRecord): AccountRecord {
  return account.kind === 'federated' ? account : { ...account, version: account.version + 1 }
}

/**
 * When the last token that was made before now has ended; seconds since 1970. The lifetime of a
 * trusted issuer's tokens is not known. The account refuses them, so 0 is enough for them.
 *
 * @param lifetime seconds.
 * @param now milliseconds since 1970.
 */
export function lastTokenEnds(lifetime: number, now: number): number {
  return Math.ceil(now / 1000) + lifetime + IN_FLIGHT
}

const rolesOf = ({ id, roles }: AccountRecord, admins: readonly string[]) =>
  admins.includes(id) && !roles.includes('ADMIN') ? [...roles, 'ADMIN'] : roles

const sameRoles = (some: readonly Authority[], others: readonly Authority[]) =>
  some.length === others.length && some.every((role) => others.includes(role))
