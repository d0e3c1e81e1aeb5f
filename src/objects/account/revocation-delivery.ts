// Delivers revocations to rooms. Each is stored before the first room is told, and removed when its
// room has acknowledged it: the alarm continues a delivery that was interrupted.

import { heardOfRoom, roomsToAsk } from '../../account/entered-rooms.ts'
import type { AccountStore, PendingRevocation } from '../../account/ports.ts'
import { delivered, dueRevocations, notDelivered } from '../../account/revocations.ts'
import type { Revocation } from '../../auth/bearer.ts'
import { withDeadline } from '../shared/deadline.ts'

/** What is needed of rooms. */
export interface RevocableRooms {
  idFromName(name: string): DurableObjectId
  get(id: DurableObjectId): {
    /** Ends the sockets that it concerns; returns whether others of that person remain. */
    revoke(revocation: Revocation): Promise<boolean>
    /** Whether a sign-in has sockets there. */
    has(sessionId: string): Promise<boolean>
  }
}

/** The store as it is now: it may be deleted while a room is told. */
type Open = () => AccountStore | undefined

/** Tells a batch of rooms of what is due, in parallel. Never throws. */
export async function deliverRevocations(open: Open, rooms: RevocableRooms): Promise<void> {
  const store = open()
  const pending = store ? dueRevocations(store, Date.now()) : []
  await Promise.all(pending.map((each) => deliver(open, rooms, each)))
}

async function deliver(
  open: Open,
  rooms: RevocableRooms,
  pending: PendingRevocation,
): Promise<void> {
  let others: boolean | undefined
  try {
    others = await withDeadline(roomOf(rooms, pending.roomId).revoke(pending.revocation))
  } catch (error) {
    console.error(error)
  }
  const store = open()
  if (!store) return
  if (others === undefined) notDelivered(store, pending, Date.now())
  else delivered(store, pending, others, Date.now())
}

/** Asks rooms whether a sign-in is still there, and forgets those where it is not. Never throws. */
export async function askRooms(
  open: Open,
  rooms: RevocableRooms,
  sessionId: string,
): Promise<void> {
  const store = open()
  const asked = store ? roomsToAsk(store.rooms, sessionId, Date.now()) : []
  const ask = async (room: (typeof asked)[number]) => {
    try {
      const isThere = await withDeadline(roomOf(rooms, room.roomId).has(sessionId))
      const now = open()
      if (now) heardOfRoom(now.rooms, sessionId, room, isThere)
    } catch (error) {
      console.error(error)
    }
  }
  await Promise.all(asked.map(ask))
}

const roomOf = (rooms: RevocableRooms, roomId: string) => rooms.get(rooms.idFromName(roomId))
