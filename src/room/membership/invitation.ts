// An invitation: how it is kept and shown.

import type { RoomKind } from '../../room-settings.ts'

/** The roles that an invitation may give. */
const INVITED_ROLES = ['reader', 'writer', 'moderator'] as const

/** What somebody becomes by an invitation. */
export type InvitedRole = (typeof INVITED_ROLES)[number]

/** An invitation as the room keeps it. Times in milliseconds since 1970. */
export interface Invitation {
  readonly id: string
  /** SHA-256 of its secret, in base64url. The secret itself is kept nowhere. */
  readonly digest: string
  readonly role: InvitedRole
  /** Who made it, by the name of that day. */
  readonly by: { readonly id: string; readonly name: string }
  /** Whether it ends when whoever made it is no member any more. */
  readonly ofMember: boolean
  readonly createdAt: number
  readonly expiresAt: number
  /** How many people may use it; 0: any number. */
  readonly uses: number
  /** How many people have used it. */
  readonly used: number
}

/** What is asked of a new invitation. `expiresIn` in seconds. */
export interface InvitationWish {
  readonly digest: string
  readonly role?: InvitedRole | undefined
  readonly expiresIn: number
  readonly uses: number
}

/** An invitation as people see it who may invite. */
export type ListedInvitation = Omit<Invitation, 'digest' | 'ofMember'>

/**
 * A page of open invitations, the newest first; `next` is the `cursor` of the next page, or null.
 */
export interface InvitationsPage {
  readonly invitations: readonly ListedInvitation[]
  readonly next: string | null
}

/** Which invitations are asked for: `cursor` is the `next` of the page before. */
export interface InvitationsQuery {
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
}

/** An invitation as its holder sees it. */
export interface ShownInvitation {
  readonly room: { readonly id: string; readonly name: string; readonly kind: RoomKind }
  readonly invitedBy: { readonly name: string }
  readonly role: InvitedRole
  readonly expiresAt: number
}

/** What is listed of an invitation. */
export const listedInvitation = ({
  digest: _,
  ofMember: _ofMember,
  ...listed
}: Invitation): ListedInvitation => listed
