// The chat as a machine for the explorer: the parts of a world, the steps of its rules, its laws.

import { blows } from './blows.ts'
import { laws, lawsAtRest } from './laws.ts'
import type { Machine } from './machine.ts'
import type { Protocol } from './protocol.ts'
import { readerRules } from './reader-steps.ts'
import { roomRules } from './room-steps.ts'
import { senderRules } from './sender-steps.ts'
import { beginning, messagesOf, type Part, type World } from './world.ts'

/** The machine of a world that keeps to a protocol. */
export function chat(world: World, protocol: Protocol): Machine<Part> {
  const start = beginning(world)
  const senders = world.senders.map((_, index) => index + 1)
  const readers = Array.from({ length: world.readers }, (_, index) => senders.length + 1 + index)
  return {
    start,
    names: [
      'the room',
      ...start.flatMap((part) => (part.kind === 'sender' ? [part.id] : [])),
      ...readers.map((_, index) => `reader ${index + 1}`),
    ],
    alikeFrom: senders.length + 1,
    rules: [
      ...blows(protocol, [...senders, ...readers]),
      ...roomRules(protocol, senders, readers),
      ...world.senders.flatMap((sends, index) => senderRules(protocol, index + 1, sends)),
      ...readers.flatMap((place) => readerRules(protocol, place)),
    ],
    laws: laws(senders, readers),
    atRest: lawsAtRest(senders, readers, messagesOf(world)),
  }
}
