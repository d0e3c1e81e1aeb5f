// Who somebody is. Made from verified claims alone, never from what a client typed.

/** An authority, such as GENERAL. */
export type Role = string

export interface Principal {
  readonly id: string
  readonly name: string
  readonly roles: readonly Role[]
  /**
   * A guest, without an account. Undefined for everybody else, and in tokens of versions that did
   * not say it.
   */
  readonly guest?: true
}

/** The claims of a token of ours that say who somebody is, but for `sub`. */
export const principalClaims = ({ name, roles, guest }: Principal) => ({
  name,
  roles,
  ...(guest && { guest }),
})
