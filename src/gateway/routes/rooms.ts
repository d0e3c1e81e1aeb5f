// /api/rooms: making, listing, showing and deleting rooms; their tickets; their events in pages.
// What somebody may know or do in a room, the room says itself.

import { customAlphabet } from 'nanoid'
import * as v from 'valibot'
import type { Answer, Role, RoomCalls, RoomProfile, ShownRoom } from '../../contract.ts'
import { Refusal } from '../../refusals.ts'
import { type GatewayContext, isAdmin, limitRate } from '../context.ts'
import { bodyOf, displayName, queryOf, wholeNumber } from '../http/input.ts'
import { granted } from '../http/problem.ts'

const MAX_NAME = 80
const DEFAULT_LIST = 50
const MAX_LIST = 200

/** 103 bits: the id of a private room is not to be guessed. Safe in a URL and in a STOMP header. */
const newRoomId = customAlphabet('0123456789abcdefghijklmnopqrstuvwxyz', 20)
export const isRoomId = (text: string) => /^[0-9a-z]{20}$/.test(text)

const SettingsBody = v.object({
  entry: v.exactOptional(v.picklist(['anyone', 'accounts'])),
})

export const RoomBody = v.object({
  name: displayName(MAX_NAME),
  visibility: v.optional(v.picklist(['public', 'private']), 'public'),
  settings: v.optional(SettingsBody, {}),
})

export const RoomChange = v.object({ settings: SettingsBody })

export const ListQuery = v.object({
  cursor: v.optional(wholeNumber(1, Number.MAX_SAFE_INTEGER)),
  limit: v.optional(wholeNumber(1, MAX_LIST)),
})

/** POST /api/rooms. Throws `too-many-rooms`. */
export async function createRoom(context: GatewayContext): Promise<Response> {
  const { backend } = context.var.parts
  const { id, name } = context.var.claims.principal
  const { settings, ...body } = await bodyOf(context, RoomBody)
  const { entry = 'anyone' } = settings
  const made = { id: newRoomId(), ...body, owner: { id, name }, createdAt: Date.now(), entry }
  await reserve(context, made)
  // The room before the list: what is cut off half-way is a room that nobody sees, not an empty
  // entry.
  await backend.room(made.id).create(made)
  await backend.directory().add(made)
  return context.json({ ...shown(made), settings: { entry } }, 201)
}

/** Takes a place for a room (R5). Rooms whose making was cut off make room for it. */
async function reserve(context: GatewayContext, profile: RoomProfile): Promise<void> {
  const directory = context.var.parts.backend.directory()
  const most = await roomsAllowed(context)
  const answer = await directory.reserve(profile, most)
  if ('value' in answer) return
  for (const id of answer.abandoned) await erase(context, id)
  const freed = answer.abandoned.length > 0
  granted(freed ? await directory.reserve(profile, most) : answer)
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

/** GET /api/rooms: the public rooms and one's own, the newest first. */
export async function listRooms(context: GatewayContext): Promise<Response> {
  const { cursor, limit = DEFAULT_LIST } = queryOf(context, ListQuery)
  const { id } = context.var.claims.principal
  const { rooms, next } = await context.var.parts.backend.directory().list(id, cursor, limit)
  return context.json({ rooms: rooms.map(shown), next: next === null ? null : String(next) })
}

/** GET /api/rooms/:id */
export async function showRoom(context: GatewayContext): Promise<Response> {
  return context.json(shownTo(granted(await roomOf(context).show(asking(context)))))
}

/** PATCH /api/rooms/:id, by its owner or an administrator. */
export async function changeRoom(context: GatewayContext): Promise<Response> {
  const room = roomOf(context)
  const { settings } = await bodyOf(context, RoomChange)
  return context.json(shownTo(granted(await room.change(asking(context), settings))))
}

/** DELETE /api/rooms/:id, by its owner or an administrator. */
export async function deleteRoom(context: GatewayContext): Promise<Response> {
  granted(await erase(context, context.req.param('id') ?? ''))
  return context.body(null, 204)
}

/** Deletes a room and its entry in the list. */
async function erase(context: GatewayContext, id: string): Promise<Answer<null>> {
  const answer = await findRoom(context, id).delete(asking(context))
  // An entry without a room goes too: what was cut off half-way is done when it is asked again.
  const gone = 'value' in answer || answer.refused === 'room-unknown'
  if (gone) await context.var.parts.backend.directory().remove(id)
  return answer
}

/** GET /api/rooms/:id/events */
export async function listEvents(context: GatewayContext): Promise<Response> {
  const query = queryOf(context, eventsQuery(context.var.parts.config.pageMax))
  return context.json(granted(await roomOf(context).events(asking(context), query)))
}

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

/** Throws `room-unknown` for what cannot be the id of a room. */
export function demandRoomId(text: string): void {
  if (!isRoomId(text)) throw new Refusal('room-unknown')
}

/** A room by its id. One that cannot be one wakes no object. */
export function findRoom(context: GatewayContext, id: string): RoomCalls {
  demandRoomId(id)
  return context.var.parts.backend.room(id)
}

/** The room of the path. */
export const roomOf = (context: GatewayContext) => findRoom(context, context.req.param('id') ?? '')

/** In whose name a room is asked. */
export const asking = (context: GatewayContext) => context.var.claims.principal

const shown = ({ id, name, visibility, owner, createdAt }: RoomProfile) => ({
  id,
  name,
  visibility,
  owner,
  createdAt: new Date(createdAt).toISOString(),
})

/** The same, with what whoever asks is in it, and what its owner has set. */
export const shownTo = ({ role, settings, ...room }: ShownRoom) => ({
  ...shown(room),
  ...asRole(role),
  settings,
})

/** A role as it is shown. `standing` is the name that it had, for older clients. */
export const asRole = (role: Role) => ({ role, standing: role })
