// Who somebody is. Made from verified claims alone, never from what a client typed.

/**
 * A right that a token carries in its claim `roles`, such as GENERAL. The set of authorities is
 * open.
 */
export type Authority = string

/** Who a verified token speaks for. */
export interface Principal {
  readonly id: string
  readonly name: string
  /** Authorities. A role is what somebody is in one room. */
  readonly roles: readonly Authority[]
  /** A guest, without an account. Undefined for everybody else, and in tokens of older versions. */
  readonly guest?: true
  /** Roles in rooms, by their ids, as a trusted issuer's token says them. */
  readonly rooms?: Readonly<Record<string, string>>
}

/** Somebody with what their token says of one room, and of no other. */
export function forRoom({ rooms, ...principal }: Principal, roomId: string): Principal {
  const role = rooms && Object.hasOwn(rooms, roomId) ? rooms[roomId] : undefined
  return role === undefined ? principal : { ...principal, rooms: { [roomId]: role } }
}

/** Somebody without what their token says of rooms. */
export function outsideRooms({ rooms: _rooms, ...principal }: Principal): Principal {
  return principal
}

/** The claims of a token of ours that say who somebody is, but for `sub` and `rooms`. */
export const principalClaims = ({ name, roles, guest }: Principal) => ({
  name,
  roles,
  ...(guest && { guest }),
})
