// /api/rooms: making, listing, showing and deleting rooms; their tickets; their events in pages.
// What somebody may know or do in a room, the room says itself.

import { customAlphabet } from 'nanoid'
import * as v from 'valibot'
import type { Answer, ListedRoom, RoomCalls } from '../../contract.ts'
import { Refusal } from '../../refusals.ts'
import {
  MAX_DESCRIPTION,
  MAX_ROOM_NAME,
  mayHave,
  roomSettingsOf,
  SettingsChange,
} from '../../room-settings.ts'
import { type GatewayContext, isAdmin, limitRate } from '../context.ts'
import { bodyOf, displayName, queryOf, wholeNumber } from '../http/input.ts'
import { granted } from '../http/problem.ts'
import { listed, profileOf, shownTo } from './shown-room.ts'

const DEFAULT_LIST = 50
const MAX_LIST = 200

/** 103 bits: the id of a private room is not to be guessed. Safe in a URL and in a STOMP header. */
const newRoomId = customAlphabet('0123456789abcdefghijklmnopqrstuvwxyz', 20)
/** Whether a text may be the id of a room: anything else wakes no object. */
export const isRoomId = (text: string) => /^[0-9a-z]{20}$/.test(text)

/** A text of one line, or none. */
const Description = v.union([v.literal(''), displayName(MAX_DESCRIPTION)], 'a text is wanted')

/** `visibility` is the name that `kind` had: `private` says what `unlisted` says. */
export const RoomBody = v.pipe(
  v.object({
    name: displayName(MAX_ROOM_NAME),
    kind: v.exactOptional(v.picklist(['public', 'unlisted', 'private', 'broadcast'])),
    visibility: v.exactOptional(v.picklist(['public', 'private'])),
    description: v.optional(Description, ''),
    // A hook has a secret, which the room makes and the PATCH answers.
    settings: v.optional(v.omit(SettingsChange, ['hook']), {}),
  }),
  v.transform(({ kind, visibility, ...rest }) => ({
    ...rest,
    kind: kind ?? (visibility === 'private' ? ('unlisted' as const) : ('public' as const)),
  })),
  v.check(({ kind, settings }) => mayHave(kind, settings), 'a private room is for its members'),
)

/** The body of PATCH /api/rooms/:id: one change at least. */
export const RoomChange = v.pipe(
  v.object({
    name: v.exactOptional(displayName(MAX_ROOM_NAME)),
    description: v.exactOptional(Description),
    archived: v.exactOptional(v.boolean()),
    settings: v.exactOptional(SettingsChange),
  }),
  v.check((change) => Object.keys(change).length > 0, 'a change is wanted'),
)

/** Characters of what names are to begin with. */
const MAX_PREFIX = 300

/** The query of GET /api/rooms; `cursor` is the `next` of the page before. */
export const ListQuery = v.object({
  q: v.optional(v.pipe(v.string(), v.maxLength(MAX_PREFIX, 'too long'))),
  cursor: v.optional(wholeNumber(1, Number.MAX_SAFE_INTEGER)),
  limit: v.optional(wholeNumber(1, MAX_LIST)),
})

/** POST /api/rooms. @throws Refusal `too-many-rooms`, `too-fast`, and as `bodyOf`. */
export async function createRoom(context: GatewayContext): Promise<Response> {
  const { backend } = context.var.parts
  const { id, name } = context.var.claims.principal
  const { settings, ...body } = await bodyOf(context, RoomBody)
  const made = {
    id: newRoomId(),
    ...body,
    owner: { id, name },
    createdAt: Date.now(),
    settings: roomSettingsOf(body.kind, settings),
  }
  await reserve(context, made)
  // The room before the list: if this is cut off, there is a room that nobody sees, and no empty
  // entry.
  await backend.room(made.id).create(made)
  await backend.directory().add(made)
  return context.json(profileOf(made), 201)
}

/** Takes a place for a room (R5). Rooms whose making was cut off make room for it. */
async function reserve(context: GatewayContext, room: ListedRoom): Promise<void> {
  const directory = context.var.parts.backend.directory()
  const most = await roomsAllowed(context)
  const answer = await directory.reserve(room, most)
  if ('value' in answer) return
  for (const id of answer.abandoned) await erase(context, id)
  const freed = answer.abandoned.length > 0
  granted(freed ? await directory.reserve(room, most) : answer)
}

/** How many rooms who is asking may have; undefined for administrators: any number. */
async function roomsAllowed(context: GatewayContext): Promise<number | undefined> {
  const { perPerson, perGuest } = context.var.parts.config.rooms
  if (isAdmin(context.var.claims)) return undefined
  if (!asking(context).guest) return perPerson
  // A new guest costs nothing, so the address of who made many is counted too.
  await limitRate(context, 'rooms')
  return perGuest
}

/**
 * GET /api/rooms: the public rooms and one's own unlisted ones. @throws Refusal `query-invalid`.
 */
export async function listRooms(context: GatewayContext): Promise<Response> {
  const { cursor, limit = DEFAULT_LIST, q } = queryOf(context, ListQuery)
  const { id } = context.var.claims.principal
  const directory = context.var.parts.backend.directory()
  const { rooms, next } = await directory.list(id, { q, before: cursor, limit })
  return context.json({ rooms: rooms.map(listed), next: next === null ? null : String(next) })
}

/** GET /api/rooms/:id. @throws Refusal as `roomOf` and `RoomCalls.show`. */
export async function showRoom(context: GatewayContext): Promise<Response> {
  return context.json(shownTo(granted(await roomOf(context).show(asking(context)))))
}

/**
 * PATCH /api/rooms/:id, by its owner or an administrator; what keeps order also by moderators.
 *
 * @throws Refusal as `roomOf`, `bodyOf` and `RoomCalls.change`.
 */
export async function changeRoom(context: GatewayContext): Promise<Response> {
  const room = roomOf(context)
  const change = await bodyOf(context, RoomChange)
  return context.json(shownTo(granted(await room.change(asking(context), change))))
}

/** DELETE /api/rooms/:id, by its owner. @throws Refusal as `roomOf` and `RoomCalls.delete`. */
export async function deleteRoom(context: GatewayContext): Promise<Response> {
  granted(await erase(context, context.req.param('id') ?? ''))
  return context.body(null, 204)
}

/** Deletes a room and its entry in the list. */
async function erase(context: GatewayContext, id: string): Promise<Answer<null>> {
  const by = asking(context)
  const directory = context.var.parts.backend.directory()
  const answer = await findRoom(context, id).delete(by)
  if ('value' in answer) await directory.remove(id)
  // A deletion that was cut off is completed when its owner asks again. M2: for anybody else the
  // room may exist and be hidden.
  else if (answer.refused === 'room-unknown') await directory.remove(id, by.id)
  return answer
}

/**
 * GET /api/rooms/:id/events. @throws Refusal `query-invalid`, and as `roomOf` and
 * `RoomCalls.events`.
 */
export async function listEvents(context: GatewayContext): Promise<Response> {
  const query = queryOf(context, eventsQuery(context.var.parts.config.pageMax))
  return context.json(granted(await roomOf(context).events(asking(context), query)))
}

/** The query of GET /api/rooms/:id/events; `most`: events of a page (PAGE_MAX). */
export const eventsQuery = (most: number) =>
  v.pipe(
    v.object({
      after: v.optional(wholeNumber(0, Number.MAX_SAFE_INTEGER)),
      before: v.optional(wholeNumber(0, Number.MAX_SAFE_INTEGER)),
      limit: v.optional(wholeNumber(1, most)),
    }),
    v.check(
      ({ after, before }) => after === undefined || before === undefined,
      'after and before exclude each other',
    ),
  )

/** Demands what may be the id of a room. @throws Refusal `room-unknown`. */
export function demandRoomId(text: string): void {
  if (!isRoomId(text)) throw new Refusal('room-unknown')
}

/**
 * A room by its id. A text that cannot be an id wakes no object. @throws Refusal `room-unknown`.
 */
function findRoom(context: GatewayContext, id: string): RoomCalls {
  demandRoomId(id)
  return context.var.parts.backend.room(id)
}

/** The room of the path. @throws Refusal `room-unknown` for what cannot be an id. */
export const roomOf = (context: GatewayContext) => findRoom(context, context.req.param('id') ?? '')

/** In whose name a room is asked. */
export const asking = (context: GatewayContext) => context.var.claims.principal
