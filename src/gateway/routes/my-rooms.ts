// /api/me/rooms: the rooms of which whoever asks is a member, from their own account; and what of
// each is theirs alone.

import * as v from 'valibot'
import type { MemberRoom } from '../../contract.ts'
import { type GatewayContext, ownAccount } from '../context.ts'
import { bodyOf, queryOf, wholeNumber } from '../http/input.ts'
import { granted } from '../http/problem.ts'
import { asking, roomOf } from './rooms.ts'

const DEFAULT_LIST = 50
const MAX_LIST = 200

/** Where a page begins: the time and the id of the last room of the page before. */
const Cursor = v.pipe(
  v.string(),
  v.regex(/^\d{1,15}-[0-9a-z]{20}$/, 'the `next` of a page is wanted'),
  v.transform((text) => {
    const [joinedAt = '', id = ''] = text.split('-')
    return { joinedAt: Number(joinedAt), id }
  }),
)

/** The query of GET /api/me/rooms; `cursor` is the `next` of the page before. */
export const MyRoomsQuery = v.object({
  cursor: v.optional(Cursor),
  limit: v.optional(wholeNumber(1, MAX_LIST)),
})

/** The body of PATCH /api/me/rooms/:id. */
export const MyRoomChange = v.object({ hidden: v.boolean('true or false is wanted') })

/** GET /api/me/rooms, the newest member first. @throws Refusal `query-invalid`. */
export async function listMyRooms(context: GatewayContext): Promise<Response> {
  const { cursor, limit = DEFAULT_LIST } = queryOf(context, MyRoomsQuery)
  const { rooms, next } = await ownAccount(context).rooms(cursor, limit)
  return context.json({
    rooms: rooms.map(listed),
    next: next && `${next.joinedAt}-${next.id}`,
  })
}

/** PATCH /api/me/rooms/:id. @throws Refusal as `bodyOf`, `roomOf` and `RoomCalls.hide`. */
export async function changeMyRoom(context: GatewayContext): Promise<Response> {
  const room = roomOf(context)
  const { hidden } = await bodyOf(context, MyRoomChange)
  const kept = granted(await room.hide(asking(context), hidden))
  return context.json({ ...listed(kept), hidden: kept.hidden === true })
}

const listed = ({ id, name, kind, role, joinedAt }: MemberRoom) => ({
  ...{ id, name, kind, role },
  joinedAt: new Date(joinedAt).toISOString(),
})
