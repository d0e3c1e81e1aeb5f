// The promises L1 to L6 and R2 as laws of a state, and E1: what must be so where everything has
// come to rest.

import type { Law } from './machine.ts'
import { headOf } from './protocol.ts'
import type { Part, Reader, Room, Sender, Told } from './world.ts'

type Finding = string | undefined

/** What holds in every state. */
export function laws(senders: readonly number[], readers: readonly number[]): Law<Part>[] {
  const ofSender = (id: string, broken: (room: Room, sender: Sender) => Finding) =>
    senders.map((place) => law(id, place, ([room, its]) => broken(room as Room, its as Sender)))
  const ofReader = (id: string, broken: (room: Room, reader: Reader) => Finding) =>
    readers.map((place) => law(id, place, ([room, its]) => broken(room as Room, its as Reader)))
  return [
    { id: 'L1', on: [0], broken: ([room]) => isDense(room as Room) },
    { id: 'L5', on: [0], broken: ([room]) => hasNoDouble(room as Room) },
    ...ofSender('L4', receiptsHold),
    ...ofReader('L2', shownAsLogged),
    ...ofReader('L3', shownIsDurable),
    ...ofReader('L6', everyEventOnce),
    ...ofReader('R2', isGoingToCatchUp),
  ]
}

/** E1: what holds where nothing but a fault can happen any more. */
export function lawsAtRest(
  senders: readonly number[],
  readers: readonly number[],
  messages: readonly string[],
): Law<Part>[] {
  return [
    { id: 'E1', on: [0], broken: ([room]) => restOfRoom(room as Room, messages) },
    ...senders.map((place) => law('E1', place, ([, its]) => restOfSender(its as Sender))),
    ...readers.map((place) =>
      law('E1', place, ([room, its]) => restOfReader(room as Room, its as Reader)),
    ),
  ]
}

function law(id: string, place: number, broken: Law<Part>['broken']): Law<Part> {
  return { id, on: [0, place], broken }
}

const list = (events: readonly Told[]) =>
  `[${events.map(({ seq, message }) => `${seq} ${message}`).join(', ')}]`

const durable = ({ log, durable: count }: Room) => log.slice(0, count)

function isDense({ log }: Room): Finding {
  return log.every(({ seq }, index) => seq === index + 1) ? undefined : `the log is ${list(log)}`
}

function hasNoDouble({ log }: Room): Finding {
  const messages = new Set(log.map(({ message }) => message))
  return messages.size === log.length ? undefined : `the log is ${list(log)}`
}

/** L4: what a RECEIPT told is in storage, whatever happened since. */
function receiptsHold(room: Room, { receipts }: Sender): Finding {
  const wrong = receipts.find((told) => told && !isAmong(durable(room), told))
  return wrong ? `a RECEIPT told ${list([wrong])}, storage has ${list(durable(room))}` : undefined
}

/** L2: the order shown is the order of the log, and so are the messages. */
function shownAsLogged({ log }: Room, { shown }: Reader): Finding {
  const ascends = shown.every(({ seq }, index) => seq >= (shown[index - 1]?.seq ?? 0))
  const differs = shown.some(({ seq, message }) =>
    log.some((event) => event.seq === seq && event.message !== message),
  )
  return !ascends || differs ? `shown ${list(shown)}, the log is ${list(log)}` : undefined
}

function shownIsDurable(room: Room, { shown }: Reader): Finding {
  const early = shown.find(({ seq }) => !durable(room).some((event) => event.seq === seq))
  return early && `shown ${list([early])}, storage has ${list(durable(room))}`
}

/** L6: of what was shown, and of what a subscription was given, whether or not it arrived. */
function everyEventOnce({ log }: Room, { shown, socket }: Reader): Finding {
  if (!shown.every(({ seq }, index) => seq === index + 1)) return `shown ${list(shown)}`
  const subscription = socket?.subscription
  if (!subscription || socket.unsent.length > 0) return undefined
  const { cursor, given } = subscription
  if (typeof given === 'string') return `a subscription was given ${given}`
  const at = cursor ?? headOf(log)
  return given < at ? `a subscription was given all up to ${given} and stands at ${at}` : undefined
}

/** R2: whoever is behind will be given the next chunk, once the room is awake. */
function isGoingToCatchUp({ memory }: Room, { socket }: Reader): Finding {
  const isBehind = socket?.subscription && socket.subscription.cursor !== null
  return memory && isBehind && !socket.due ? 'nobody sees to a subscription behind' : undefined
}

function restOfRoom({ log }: Room, messages: readonly string[]): Finding {
  const missing = messages.filter((message) => !log.some((event) => event.message === message))
  return missing.length > 0 ? `${missing.join(', ')} is not in the log ${list(log)}` : undefined
}

function restOfSender({ drafts, receipts }: Sender): Finding {
  return drafts.length === 0 && !receipts.includes(null) ? undefined : 'a sender has no RECEIPT'
}

function restOfReader({ log }: Room, { shown, socket }: Reader): Finding {
  // H2
  if (socket?.due) return 'a turn is due in a room at rest'
  const same = shown.length === log.length && log.every((event) => isAmong(shown, event))
  return same ? undefined : `a reader was shown ${list(shown)}, the log is ${list(log)}`
}

const isAmong = (events: readonly Told[], { seq, message }: Told) =>
  events.some((event) => event.seq === seq && event.message === message)
