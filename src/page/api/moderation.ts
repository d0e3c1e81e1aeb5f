// Reports, bans and the moderation log over HTTP, one function per route. No state, no DOM.

import type { ChatEvent } from '../../client/index.ts'
import { type Role, roomPath, type User } from './api.ts'
import { query, request } from './request.ts'

/** `by`: null if a rule of the room reported it. `message`: as it is now, in lists. */
export type Report = {
  id: string
  seq: number
  reason: string
  at: string
  by: User | null
  message?: ChatEvent | null
}
type ReportPage = { reports: Report[]; next: string | null }
/** One act. `by`: null if a rule of the room did it. Times in ISO 8601. */
export type LogEntry = {
  id: string
  at: string
  action: string
  by: User | null
  user?: { id: string; name: string }
  reason?: string
  until?: string | null
  role?: Role
}
type LogPage = { entries: LogEntry[]; next: string | null }
/** What a person is told of an act, and when it ends. Times in ISO 8601. */
export type ActTerms = { reason?: string; until?: string }

const within = (roomId: string, list: string, id: string) =>
  `${roomPath(roomId)}/${list}/${encodeURIComponent(id)}`

/** Each call may throw what `request` throws. */
export const moderationApi = {
  report: (token: string, roomId: string, seq: number, reason: string): Promise<Report> =>
    request('POST', `${roomPath(roomId)}/reports`, { token, body: { seq, reason } }),

  /** The open ones, the newest first. */
  reports: (token: string, roomId: string, cursor?: string): Promise<ReportPage> =>
    request('GET', `${roomPath(roomId)}/reports${query({ state: 'open', cursor })}`, { token }),

  settle: (token: string, roomId: string, id: string, state: 'settled' | 'dismissed') =>
    request('PATCH', within(roomId, 'reports', id), { token, body: { state } }),

  /** The newest first. */
  log: (token: string, roomId: string, cursor?: string): Promise<LogPage> =>
    request('GET', `${roomPath(roomId)}/moderation${query({ cursor })}`, { token }),

  /** @param terms `deleteSince`: their messages since then are deleted */
  ban: (
    token: string,
    roomId: string,
    userId: string,
    terms: ActTerms & { deleteSince?: string },
  ): Promise<unknown> => request('PUT', within(roomId, 'bans', userId), { token, body: terms }),

  /** Deletes the last messages of somebody, in a while. */
  clear: (
    token: string,
    roomId: string,
    userId: string,
    last: number,
    terms: Pick<ActTerms, 'reason'>,
  ): Promise<void> =>
    request('DELETE', `${within(roomId, 'members', userId)}/messages${query({ last })}`, {
      token,
      body: terms,
    }),
}
