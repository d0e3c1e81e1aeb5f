// Who somebody is. Made from verified claims alone, never from what a client typed.

/** An authority, such as GENERAL. */
export type Role = string

export interface Principal {
  readonly id: string
  readonly name: string
  readonly roles: readonly Role[]
}
