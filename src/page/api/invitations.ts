// Invitations over HTTP, one function per route. No state, no retries, no DOM.

import { type Role, type Room, type RoomKind, roomPath, type User } from './api.ts'
import { query, request } from './request.ts'

/** `uses`: how many people may join, 0 for any number. Times in ISO 8601. */
export type Invitation = {
  id: string
  role: Role
  by: User
  createdAt: string
  expiresAt: string
  uses: number
  used: number
}
/** `token` and `url` are told once. `expiresIn`: in seconds. */
type NewInvitation = Invitation & { token: string; url: string }
type InvitationTerms = { role: Role; expiresIn: number; uses: number }
type InvitationPage = { invitations: Invitation[]; next: string | null }
/** What somebody with the link may know. */
export type ShownInvitation = {
  room: { id: string; name: string; kind: RoomKind }
  invitedBy: { name: string }
  role: Role
  expiresAt: string
}

const invitationsPath = (roomId: string) => `${roomPath(roomId)}/invitations`
const tokenPath = (invitation: string) => `/api/invitations/${encodeURIComponent(invitation)}`

/** Each call may throw what `request` throws. */
export const invitationsApi = {
  create: (token: string, roomId: string, terms: InvitationTerms): Promise<NewInvitation> =>
    request('POST', invitationsPath(roomId), { token, body: terms }),

  /** The open ones, the newest first. */
  list: (token: string, roomId: string, cursor?: string): Promise<InvitationPage> =>
    request('GET', `${invitationsPath(roomId)}${query({ cursor })}`, { token }),

  revoke: (token: string, roomId: string, id: string): Promise<void> =>
    request('DELETE', `${invitationsPath(roomId)}/${encodeURIComponent(id)}`, { token }),

  /** Needs no token of one's own. */
  show: (invitation: string): Promise<ShownInvitation> => request('GET', tokenPath(invitation)),

  use: (token: string, invitation: string): Promise<{ room: Room; role: Role }> =>
    request('POST', tokenPath(invitation), { token }),
}
