// Every route of a room, with what it takes: from the description that the build makes of the real
// routes. And its answers, as far as two of them can be compared.

import { ask, type Person } from './people.ts'

export interface RoomRoute {
  readonly method: string
  /** Such as `/api/rooms/{id}/pins/{seq}`. */
  readonly route: string
  readonly brought: Brought
}

/** What a request brings beside its path. */
export interface Brought {
  readonly body?: unknown
  readonly query?: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface Told {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: unknown
}

/** What routes want that want something. */
const FITTING: Readonly<Record<string, Brought>> = {
  'PATCH /api/rooms/{id}': { body: { name: 'mine' } },
  'PATCH /api/me/rooms/{id}': { body: { hidden: true } },
  'POST /api/rooms/{id}/messages': { body: { content: 'hi' } },
  'PATCH /api/rooms/{id}/messages/{seq}': { body: { content: 'hi' } },
  'PUT /api/rooms/{id}/read': { body: { seq: 1 } },
  'POST /api/rooms/{id}/reports': { body: { seq: 1, reason: 'x' } },
  'PATCH /api/rooms/{id}/reports/{reportId}': { body: { state: 'settled' } },
  'PATCH /api/rooms/{id}/members/{userId}': { body: { role: 'reader' } },
  'PUT /api/rooms/{id}/bans/{userId}': { body: {} },
  'POST /api/rooms/{id}/invitations': { body: {} },
  'DELETE /api/rooms/{id}/members/{userId}/messages': { query: '?last=1' },
}

/** What stands in a path where a test does not say it. */
const PARTS = { seq: '1', reportId: '1', userId: 'me', reaction: 'x', invitationId: 'x' }

/** All routes of a room. */
export async function roomRoutes(url: string): Promise<RoomRoute[]> {
  const { paths } = (await ask(url, 'GET', '/openapi.json')).body
  return Object.entries(paths as Record<string, object>)
    .filter(([route]) => route.includes('/rooms/{id}'))
    .flatMap(([route, methods]) =>
      Object.keys(methods)
        .filter((method) => /^(get|put|post|patch|delete)$/.test(method))
        .map((each) => {
          const method = each.toUpperCase()
          return { method, route, brought: FITTING[`${method} ${route}`] ?? {} }
        }),
    )
}

/** What somebody is told at a route; `parts` are the id of the room, and others of the path. */
export async function askRoute(
  url: string,
  { accessToken: token }: Person,
  { method, route, brought }: RoomRoute,
  parts: Readonly<Record<string, string>>,
): Promise<Told> {
  const all: Record<string, string> = { ...PARTS, ...parts }
  const { query = '', ...more } = brought
  const path = route.replace(/\{(\w+)\}/g, (_, part) => all[part] ?? `no ${part}`) + query
  const { status, headers, body } = await ask(url, method, path, { token, ...more })
  return { status, headers: comparable(headers), body }
}

const VARYING = new Set(['date', 'x-request-id'])

/** The headers of an answer without those that differ from one to the next. */
export const comparable = (headers: Iterable<readonly [string, unknown]>) =>
  Object.fromEntries([...headers].filter(([name]) => !VARYING.has(name)))
