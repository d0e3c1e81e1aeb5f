// What an account takes and gives: shapes alone.

import type { ProviderLogin } from '../auth/openid/pending-link.ts'
import type { Authority, Principal } from '../auth/principal.ts'

/** A session opened or renewed: what a new access token says, and the refresh token beside it. */
export interface SessionGrant {
  readonly principal: Principal
  readonly sessionId: string
  /** Seconds since 1970. */
  readonly signedInAt: number
  readonly version: number
  readonly refreshToken: string
  /** Seconds. */
  readonly refreshExpiresIn: number
}

/** A session as its owner sees it; times in milliseconds since 1970. */
export interface SessionView {
  readonly id: string
  readonly device: string
  readonly signedInAt: number
  readonly lastUsedAt: number
}

/** An account as an administrator sees it; `createdAt` in milliseconds since 1970. */
export interface AccountView {
  readonly id: string
  readonly name: string
  readonly kind: 'guest' | 'account'
  /** What a password is asked with; null where there is none. */
  readonly username: string | null
  readonly roles: readonly Authority[]
  readonly disabled: boolean
  readonly createdAt: number
}

/** A sign-in that has succeeded: what the account is made with when there is none yet. */
export interface NewSignIn {
  readonly name: string
  readonly kind: 'guest' | 'account'
  /**
   * Of the password that it was opened with; kept, because a change of the password asks for it.
   */
  readonly username?: string | undefined
  /** The provider that it was opened by. */
  readonly login?: ProviderLogin | undefined
  /** Such as "Firefox on Linux". */
  readonly device: string
}

/** A way in of an account; `linkedAt` in milliseconds since 1970, null where nobody noted it. */
export interface AccountLogin extends ProviderLogin {
  readonly id: string
  readonly linkedAt: number | null
}

/** The ways in to an account. */
export interface LoginsView {
  readonly password: { readonly username: string; readonly linkedAt: number | null } | null
  readonly providers: readonly AccountLogin[]
}

/** What a member has chosen for one of their rooms. It is the same on all their devices. */
export interface RoomChoices {
  /** They are notified of nothing there. */
  readonly muted?: true
  /** What they are notified of; undefined: of everything. */
  readonly level?: 'mentions' | 'none'
  /** What they have begun to write. */
  readonly draft?: string
  /** They have marked it as unread from that seq on. Their read marker stays where it is. */
  readonly unreadFrom?: number
  /** Its place in a list that they have put in order: the lowest comes first. */
  readonly order?: number
}

/** A change of those: null, false and `all` take a choice back. */
export interface RoomChoicesChange {
  readonly muted?: boolean | undefined
  readonly level?: 'all' | 'mentions' | 'none' | undefined
  readonly draft?: string | null | undefined
  readonly unreadFrom?: number | null | undefined
  readonly order?: number | null | undefined
}

/** A room as its member's account keeps it. `kind` and `role` are as the room says them. */
export interface MemberRoom {
  readonly id: string
  readonly name: string
  readonly kind: string
  readonly role: string
  /** Milliseconds since 1970. */
  readonly joinedAt: number
  /** Its member has hidden it: it is in no page. */
  readonly hidden?: true | undefined
  /** Undefined where nothing was chosen. */
  readonly choices?: RoomChoices | undefined
}

/** Where a page of member rooms begins: after that room. */
export interface MemberRoomPlace {
  readonly joinedAt: number
  readonly id: string
}

/** A page of the rooms of a member, the newest member first. */
export interface MemberRoomsPage {
  readonly rooms: readonly MemberRoom[]
  /** Where the next page begins. */
  readonly next: MemberRoomPlace | null
}
