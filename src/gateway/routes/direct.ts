// PUT /api/direct/:userId: the one room of two people; and the block of one of them.

import type { MemberRow } from '../../contract.ts'
import { Refusal } from '../../refusals.ts'
import { roomSettingsOf } from '../../room-settings.ts'
import { type GatewayContext, limitRate } from '../context.ts'
import { granted } from '../http/problem.ts'
import { asking, roomOf } from './rooms.ts'
import { shownTo } from './shown-room.ts'

/** Characters of a person's id: a trusted issuer's name and its subject. */
const MAX_ID = 300
const ROOM_ID_LENGTH = 20

/**
 * PUT /api/direct/:userId.
 *
 * @throws Refusal `user-unknown`, `not-allowed` for oneself, `too-fast`, `room-blocked`.
 */
export async function openDirect(context: GatewayContext): Promise<Response> {
  const { backend } = context.var.parts
  const by = asking(context)
  const userId = context.req.param('userId') ?? ''
  if (userId.length > MAX_ID) throw new Refusal('user-unknown')
  if (userId === by.id || userId === 'me') throw new Refusal('not-allowed', 'with somebody else')
  // R5: a new guest costs nothing, so their address is counted too.
  if (by.guest) await limitRate(context, 'rooms')
  const other = granted(await backend.account(userId).show())
  const id = await directRoomId(by.id, userId)
  const createdAt = Date.now()
  const member = (person: Pick<MemberRow, 'id' | 'name' | 'guest'>): MemberRow => ({
    ...person,
    role: 'writer',
    joined: { at: createdAt, seq: 0 },
  })
  const people = [
    member({ id: by.id, name: by.name, guest: by.guest === true }),
    member({ id: userId, name: other.name, guest: other.kind === 'guest' }),
  ]
  const profile = {
    ...{
      id,
      name: `${by.name}, ${other.name}`,
      kind: 'direct' as const,
      description: '',
      createdAt,
    },
    // Nobody owns it.
    ...{ owner: { id: '', name: '' }, settings: roomSettingsOf('direct', {}) },
  }
  const { room, created } = granted(await backend.room(id).openDirect(by, profile, people))
  return context.json(shownTo(room), created ? 201 : 200)
}

/** PUT /api/rooms/:id/block. @throws Refusal as `roomOf` and `RoomCalls.block`. */
export const block = (context: GatewayContext) => setBlock(context, true)

/** DELETE /api/rooms/:id/block. @throws Refusal as `roomOf` and `RoomCalls.block`. */
export const unblock = (context: GatewayContext) => setBlock(context, false)

async function setBlock(context: GatewayContext, isBlocked: boolean): Promise<Response> {
  granted(await roomOf(context).block(asking(context), isBlocked))
  return context.body(null, 204)
}

/** The id of the room of two people: the same whoever opens it, and whenever. */
async function directRoomId(one: string, other: string): Promise<string> {
  const pair = new TextEncoder().encode(JSON.stringify([one, other].sort()))
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', pair))
  const number = digest.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
  const text = (number % 36n ** BigInt(ROOM_ID_LENGTH)).toString(36)
  return text.padStart(ROOM_ID_LENGTH, '0')
}
