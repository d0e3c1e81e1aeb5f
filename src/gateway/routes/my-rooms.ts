// /api/me/rooms: the rooms of which whoever asks is a member, from their own account; and what they
// have chosen for each, which is theirs alone.

import * as v from 'valibot'
import type { MemberRoom } from '../../contract.ts'
import { type GatewayContext, ownAccount } from '../context.ts'
import { bodyOf, queryOf, wholeNumber } from '../http/input.ts'
import { granted } from '../http/problem.ts'
import { asking, demandRoomId, roomOf } from './rooms.ts'

const DEFAULT_LIST = 50
const MAX_LIST = 200
/** R5: UTF-16 units of a draft. */
const MAX_DRAFT = 4000

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

const OnOff = v.boolean('true or false is wanted')

/**
 * The body of PATCH /api/me/rooms/:id: whether a direct room is hidden, or what is chosen for a
 * room; not both at once, since the room keeps the one and the account the other.
 */
export const MyRoomChange = v.pipe(
  v.object({
    hidden: v.exactOptional(OnOff),
    muted: v.exactOptional(OnOff),
    level: v.exactOptional(v.picklist(['all', 'mentions', 'none'], 'a level is wanted')),
    draft: v.exactOptional(
      v.nullable(
        v.pipe(
          v.string('a text is wanted'),
          v.maxLength(MAX_DRAFT, 'too long'),
          v.check((text) => text.isWellFormed(), 'half a character'),
        ),
      ),
    ),
    unreadFrom: v.exactOptional(
      v.nullable(
        v.pipe(
          v.number('a seq is wanted'),
          v.safeInteger('a seq is wanted'),
          v.minValue(1, 'at least 1'),
        ),
      ),
    ),
    order: v.exactOptional(
      v.nullable(v.pipe(v.number('a number is wanted'), v.finite('a number is wanted'))),
    ),
  }),
  v.check((change) => Object.keys(change).length > 0, 'a change is wanted'),
  v.check(
    ({ hidden, ...choices }) => hidden === undefined || Object.keys(choices).length === 0,
    'hidden: changed alone',
  ),
)

/** GET /api/me/rooms, the newest member first. @throws Refusal `query-invalid`. */
export async function listMyRooms(context: GatewayContext): Promise<Response> {
  const { cursor, limit = DEFAULT_LIST } = queryOf(context, MyRoomsQuery)
  const { rooms, next } = await ownAccount(context).rooms(cursor, limit)
  return context.json({
    rooms: rooms.map(withChoices),
    next: next && `${next.joinedAt}-${next.id}`,
  })
}

/**
 * PATCH /api/me/rooms/:id.
 *
 * @throws Refusal as `bodyOf`, `demandRoomId`, `RoomCalls.hide` and `MemberRoomCalls.choose`.
 */
export async function changeMyRoom(context: GatewayContext): Promise<Response> {
  const id = context.req.param('id') ?? ''
  demandRoomId(id)
  const { hidden, ...choices } = await bodyOf(context, MyRoomChange)
  if (hidden === undefined) {
    return context.json(withChoices(granted(await ownAccount(context).choose(id, choices))))
  }
  const kept = granted(await roomOf(context).hide(asking(context), hidden))
  return context.json({ ...listed(kept), hidden: kept.hidden === true })
}

const withChoices = (room: MemberRoom) => ({
  ...listed(room),
  ...{ muted: false, level: 'all' },
  ...room.choices,
})

const listed = ({ id, name, kind, role, joinedAt }: MemberRoom) => ({
  ...{ id, name, kind, role },
  joinedAt: new Date(joinedAt).toISOString(),
})
