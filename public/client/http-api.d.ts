// The types of http-api.js.

import type { RoomApi } from './room-client.js'
import type { Grant } from './token-session.js'

/** What a refused request rejects with. */
export class HttpRefusal extends Error {
  /** Of the answer; 0 where there was none. */
  readonly status: number
  /** Of the problem document; `unreachable` where there was no answer. */
  readonly code: string
  /** Seconds to wait, where the server says so (Retry-After). */
  readonly retryAfter: number | undefined
}

export interface HttpApi extends RoomApi {
  /**
   * The JSON that a route answers; undefined for 204. Rejects with HttpRefusal.
   *
   * @example const room = await api.ask('POST', '/api/rooms', { token, body: { name: 'Hello' } })
   */
  // biome-ignore lint/suspicious/noExplicitAny: what a route answers, docs/protocol.md says.
  ask(method: string, path: string, asked?: { token?: string; body?: unknown }): Promise<any>
  head(token: string, roomId: string): Promise<number>
  /** POST /api/auth/refresh, on the strength of the refresh token in the grant. */
  refresh(grant: Grant): Promise<Grant>
}

/** @param origin such as `https://chat.example`. Throws TypeError where the platform has no fetch. */
export function createHttpApi(origin: string): HttpApi
