// What happens to everything at once: a commit, a crash, an eviction.

import type { Outcome, Rule } from './machine.ts'
import type { Protocol } from './protocol.ts'
import type { Part, Room } from './world.ts'

type Blow = (room: Room) => Pick<Outcome<Part>, 'parts' | 'change'> | undefined

/** The three of them, in a world with clients at these places. */
export function blows(p: Protocol, clients: readonly number[]): Rule<Part>[] {
  const rule = (name: string, fault: boolean, blow: Blow): Rule<Part> => ({
    name,
    fault,
    who: 0,
    on: [0],
    others: clients,
    steps: ([room]) => {
      const outcome = blow(room as Room)
      return outcome ? [{ note: '', ...outcome }] : []
    },
  })
  return [
    rule('commits', false, commit),
    rule('crashes', true, crash),
    rule('is evicted', true, (room) => evict(p, room)),
  ]
}

/** D3: everything written becomes durable at once, and the output gate opens. */
function commit(room: Room) {
  if (room.durable === room.log.length) return undefined
  return { parts: [{ ...room, durable: room.log.length }], change: release }
}

function release(part: Part): Part {
  if (part.kind === 'reader' && part.socket) return { ...part, socket: { ...part.socket, held: 0 } }
  if (part.kind !== 'sender' || !part.socket?.receipt) return part
  const receipt = { ...part.socket.receipt, held: false }
  return { ...part, socket: { ...part.socket, receipt } }
}

/** Memory, every connection and what is not durable are gone. */
function crash(room: Room) {
  const log = room.log.slice(0, room.durable)
  return { parts: [{ ...room, log, memory: null }], change: disconnect }
}

/**
 * What had left and was not yet heard goes too: to hear it after the crash would be to have heard
 * it before.
 */
function disconnect(part: Part): Part {
  if (part.kind === 'sender') return { ...part, socket: null, late: [] }
  return part.kind === 'reader' ? { ...part, socket: null } : part
}

/** D10: memory is gone; storage, connections and their sessions stay. */
function evict(p: Protocol, room: Room) {
  if (!room.memory || room.durable < room.log.length) return undefined
  const change = (part: Part): Part => {
    if (part.kind !== 'reader' || !part.socket?.subscription) return part
    const subscription = p.survive(part.socket.subscription)
    return { ...part, socket: { ...part.socket, subscription, due: false, unsent: [] } }
  }
  return { parts: [{ ...room, memory: null }], change }
}
