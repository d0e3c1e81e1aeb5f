// What a turn of the room does to the log, and to what a reader is given.

import type { Leaving, Protocol } from './protocol.ts'
import type { Delivery, Draft, Event, Keys, Memory, Reader, Room, Subscription } from './world.ts'

export type Awake = Room & { readonly memory: Memory }

/** D10: the first turn after an eviction reads again what was in memory. */
export function awake(p: Protocol, room: Room): Awake {
  return { ...room, memory: room.memory ?? p.wake(room.log) }
}

/** D12: and goes on with who is behind. */
export function awakeTo(p: Protocol, room: Room, reader: Reader): Reader {
  const { socket } = reader
  if (room.memory || !socket || !isBehind(reader)) return reader
  return { ...reader, socket: { ...socket, due: p.goesOnAwake() } }
}

export interface Stored {
  readonly room: Awake
  readonly events: readonly Event[]
  readonly session: Keys
  readonly seq: number
}

/** D1, D2: appends each message whose key is new. */
export function store(
  p: Protocol,
  room: Awake,
  sender: string,
  drafts: readonly Draft[],
  session: Keys,
): Stored {
  let stored: Stored = { room, events: [], session, seq: 0 }
  for (const draft of drafts)
    stored = storeOne(p, stored, draft.message, p.nameOf(sender, draft.key))
  return stored
}

function storeOne(p: Protocol, before: Stored, message: string, name: string): Stored {
  const { room, events, session } = before
  const { log, memory } = room
  const held = { room: memory.keys, session }
  const known = p.keys.find(held, name)
  if (known !== undefined) return { ...before, seq: p.seqOfKnown(known, memory) }
  const seq = p.seqOfNext(memory)
  const event = { seq, message, name }
  const keys = p.keys.add(held, name, seq)
  const next = { head: seq, keys: keys.room }
  return {
    room: { ...room, log: [...log, event], memory: next },
    events: [...events, event],
    session: keys.session,
    seq,
  }
}

/** Events just appended together, to one reader. */
export function deliver(p: Protocol, room: Room, reader: Reader, events: readonly Event[]): Reader {
  return events.reduce((told, event) => deliverOne(p, room, told, event, events), reader)
}

/** D4, D5, D7. */
function deliverOne(
  p: Protocol,
  room: Room,
  reader: Reader,
  event: Event,
  together: readonly Event[],
): Reader {
  const { socket } = reader
  const subscription = socket?.subscription
  if (!subscription || !p.isLive(subscription)) return reader
  if (!socket.congested) return give(p, room, reader, 'live MESSAGE', [p.live(event, together)])
  const fallen = { ...subscription, cursor: p.fallBehind(event, together) }
  return over(p, { ...reader, socket: { ...socket, subscription: fallen } })
}

/** D5, D6, D9: what is left from the turn before and the next chunk, to one reader. */
export function replay(p: Protocol, room: Room, before: Reader): Reader {
  const reader = sendUnsent(p, room, before)
  const { socket } = reader
  const subscription = socket?.subscription
  if (!subscription || subscription.cursor === null || socket.congested) return over(p, reader)
  let cursor = subscription.cursor
  const deliveries = p.chunk(room, cursor).map((event): Delivery => {
    const { seq, message } = event
    const delivery = { seq, prev: p.prevOf(event, cursor), message }
    cursor = seq
    return delivery
  })
  const moved = { ...subscription, cursor: p.settle(cursor, room) }
  const next = { ...socket, subscription: moved }
  return p.leavesAtOnce()
    ? over(p, give(p, room, { ...reader, socket: next }, 'replayed MESSAGE', deliveries))
    : over(p, { ...reader, socket: { ...next, unsent: [...socket.unsent, ...deliveries] } })
}

/** D12: a turn that leaves a subscription behind is not the last. */
function over(p: Protocol, reader: Reader): Reader {
  const { socket } = reader
  if (!socket) return reader
  const due = (isBehind(reader) && p.goesOn(socket.congested)) || socket.unsent.length > 0
  return { ...reader, socket: { ...socket, due } }
}

function isBehind({ socket }: Reader): boolean {
  return socket?.subscription != null && socket.subscription.cursor !== null
}

function sendUnsent(p: Protocol, room: Room, reader: Reader): Reader {
  const { socket } = reader
  if (!socket || socket.unsent.length === 0) return reader
  const sent = { ...reader, socket: { ...socket, unsent: [] } }
  return give(p, room, sent, 'replayed MESSAGE', socket.unsent)
}

/** Sends to one reader, in order. */
function give(
  p: Protocol,
  room: Room,
  reader: Reader,
  what: Leaving,
  deliveries: readonly Delivery[],
): Reader {
  const { socket } = reader
  if (!socket?.subscription || deliveries.length === 0) return reader
  const { cursor, given } = socket.subscription
  const subscription = { cursor, given: deliveries.reduce(afterGiving, given) }
  const waits = socket.held > 0 || isGated(p, room, what)
  const held = waits ? socket.held + deliveries.length : socket.held
  const down = [...socket.down, ...deliveries]
  return { ...reader, socket: { ...socket, down, held, subscription } }
}

/** D3: whether what leaves now waits in the output gate. */
export function isGated(p: Protocol, { log, durable }: Room, what: Leaving): boolean {
  return p.waits(what) && durable < log.length
}

function afterGiving(given: Subscription['given'], { seq, prev }: Delivery): Subscription['given'] {
  if (typeof given === 'string') return given
  if (seq <= given) return 'a double'
  if (seq > given + 1) return 'a hole'
  return prev === given ? seq : 'a wrong prev'
}
