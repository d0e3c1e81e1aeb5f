// The people of a room over HTTP, one function per route. No state, no retries, no DOM.

import { type Role, type Room, roomPath } from './api.ts'
import type { ActTerms } from './moderation.ts'
import { query, request } from './request.ts'

/** `joinedAt`: null for somebody who has a role and is no member. Times in ISO 8601. */
export type Member = {
  id: string
  name: string
  role: Role
  guest: boolean
  joinedAt: string | null
  mutedUntil?: string
}
type MemberPage = { members: Member[]; next: string | null }

const memberPath = (roomId: string, userId: string) =>
  `${roomPath(roomId)}/members/${encodeURIComponent(userId)}`

const withReason = (reason: string) => (reason === '' ? {} : { reason })

/** Each call may throw what `request` throws. */
export const membersApi = {
  /** @param q the beginning of their names */
  list: (
    token: string,
    roomId: string,
    page: { q?: string; cursor?: string | undefined; limit?: number },
  ): Promise<MemberPage> => request('GET', `${roomPath(roomId)}/members${query(page)}`, { token }),

  setRole: (token: string, roomId: string, userId: string, role: Role): Promise<Member> =>
    request('PATCH', memberPath(roomId, userId), { token, body: { role } }),

  /** @param terms without `until`: ends a mute */
  mute: (token: string, roomId: string, userId: string, terms: ActTerms): Promise<Member> => {
    const { until: mutedUntil = null, ...rest } = terms
    return request('PATCH', memberPath(roomId, userId), { token, body: { mutedUntil, ...rest } })
  },

  /** Opens the one room of the reader and somebody. */
  openDirect: (token: string, userId: string): Promise<Room> =>
    request('PUT', `/api/direct/${encodeURIComponent(userId)}`, { token }),

  /** Closes a direct room for the reader, or opens it again. */
  block: (token: string, roomId: string, on: boolean): Promise<void> =>
    request(on ? 'PUT' : 'DELETE', `${roomPath(roomId)}/block`, { token }),

  /** Removes somebody. With `me` the reader leaves. */
  remove: (token: string, roomId: string, userId: string, reason = ''): Promise<void> =>
    request('DELETE', memberPath(roomId, userId), { token, body: withReason(reason) }),
}
