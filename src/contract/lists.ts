// What the gateway and the rooms ask of the lists of rooms: of the directory, and of the account
// with a person's own rooms.

import type { GoneBecause } from '../account/list/snapshot.ts'
import type {
  MemberRoom,
  MemberRoomPlace,
  MemberRoomsPage,
  RoomChoicesChange,
} from '../account/views.ts'
import type { Answer } from '../answer.ts'
import type { ListedRoom } from '../room/membership/profile.ts'
import type { RoomGlance } from '../room/unread/glance.ts'

export type { GoneBecause } from '../account/list/snapshot.ts'
export type { MemberRoom, MemberRoomsPage, RoomChoicesChange } from '../account/views.ts'

/** A reserved place for a room, or none. `abandoned`: places whose rooms were never finished. */
export type Reservation =
  | { readonly value: null }
  | { readonly refused: 'too-many-rooms'; readonly abandoned: readonly string[] }

/** Which rooms are asked for. */
export interface RoomsQuery {
  /** What their names begin with. */
  readonly q?: string | undefined
  /** The `next` of the page before. */
  readonly before?: number | undefined
  readonly limit: number
}

/** A page of the list of rooms; `next` is the `before` of the next page, or null. */
export interface ListedRooms {
  readonly rooms: readonly ListedRoom[]
  readonly next: number | null
}

/**
 * The list of rooms, and how many rooms each person owns (R5). The room itself is the truth (H1).
 */
export interface DirectoryCalls {
  /** Takes a place for a new room. Its owner may have `most` rooms; undefined: any number. */
  reserve(room: ListedRoom, most: number | undefined): Promise<Reservation>
  /** Lists a room that exists, as it is now. */
  add(room: ListedRoom): Promise<void>
  /** `ownerId`: removes nothing of anybody else's. */
  remove(id: string, ownerId?: string): Promise<void>
  /** There is no such room. */
  forget(id: string): Promise<void>
  /** The newest rooms first: the listed ones, and the unlisted ones of this person. */
  list(personId: string, query: RoomsQuery): Promise<ListedRooms>
}

/** The rooms of which somebody is a member. Nothing is written where nothing is new. */
export interface MemberRoomCalls {
  /** The person is a member of that room, or its name or their role in it changed. */
  joined(room: MemberRoom): Promise<void>
  /** The person is no member of that room any more, and why. They may have been none. */
  left(roomId: string, why?: GoneBecause): Promise<void>
  /**
   * What is true now of a room that watches for this person. `offline`: no list of theirs is open,
   * so the room tells no more until it is asked to `watch` again.
   */
  roomNews(glance: RoomGlance): Promise<'online' | 'offline'>
  /** A page after the `next` of the page before, the room joined last first. */
  rooms(after: MemberRoomPlace | undefined, limit: number): Promise<MemberRoomsPage>
  /**
   * Changes what the person has chosen for a room of theirs. Refused: room-unknown,
   * too-many-drafts.
   */
  choose(roomId: string, change: RoomChoicesChange): Promise<Answer<MemberRoom>>
}
