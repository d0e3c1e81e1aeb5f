// What the gateway needs of the objects, and no more. index.ts brings it.

import type { KeyMaterial } from '../auth/keys.ts'
import type { Principal } from '../auth/principal.ts'
import type { RefusalCode } from '../refusals.ts'

/** `createdAt` in milliseconds since 1970. */
export interface RoomSettings {
  readonly id: string
  readonly name: string
  readonly visibility: 'public' | 'private'
  readonly owner: { readonly id: string; readonly name: string }
  readonly createdAt: number
}

export interface EventsQuery {
  readonly after?: number | undefined
  readonly before?: number | undefined
  readonly limit?: number | undefined
}

/** A WebSocket admitted: who, with which sub-protocol, by which ticket (none: by an access token). */
export interface Admission {
  readonly principal: Principal
  readonly protocol: string | undefined
  readonly ticket: { readonly id: string; readonly expiresAt: number } | undefined
}

export type Answer<Value> = { readonly value: Value } | { readonly refused: RefusalCode }

export interface Room {
  create(settings: RoomSettings): Promise<void>
  show(): Promise<Answer<RoomSettings>>
  events(query: EventsQuery): Promise<Answer<object>>
  delete(): Promise<void>
  /** The 101 with its socket, or why not. */
  enter(admission: Admission): Promise<Response | { readonly refused: RefusalCode }>
}

export interface Directory {
  add(settings: RoomSettings): Promise<void>
  remove(id: string): Promise<void>
  list(
    personId: string,
    before: number | undefined,
    limit: number,
  ): Promise<{ rooms: readonly RoomSettings[]; next: number | null }>
}

export interface Backend {
  keys(): Promise<KeyMaterial>
  room(id: string): Room
  directory(): Directory
  /** Whether an address may ask for one more token in this minute. */
  mayAuthenticate(address: string): Promise<boolean>
}
