// The turns of the room, one for each frame that it is sent and one for each chunk.

import type { Outcome, Rule } from './machine.ts'
import { headOf, type Protocol } from './protocol.ts'
import { awake, awakeTo, deliver, isGated, replay, type Stored, store } from './turn.ts'
import type { Draft, Part, Reader, Room, Sender } from './world.ts'

type Outcomes = readonly Outcome<Part>[]
type OnSender = (p: Protocol, room: Room, sender: Sender) => Outcomes
type OnReader = (p: Protocol, room: Room, reader: Reader) => Outcomes

/** The turns in a world with senders and readers at these places. */
export function roomRules(
  p: Protocol,
  senders: readonly number[],
  readers: readonly number[],
): Rule<Part>[] {
  const ofSenders = (name: string, fault: boolean, run: OnSender) =>
    senders.map((who): Rule<Part> => {
      const steps: Rule<Part>['steps'] = ([room, its]) => run(p, room as Room, its as Sender)
      return { name, fault, who, on: [0, who], others: readers, steps }
    })
  const ofReaders = (name: string, fault: boolean, run: OnReader) =>
    readers.map((who): Rule<Part> => {
      const steps: Rule<Part>['steps'] = ([room, its]) => run(p, room as Room, its as Reader)
      const others = readers.filter((place) => place !== who)
      return { name, fault, who, on: [0, who], others, steps }
    })
  return [
    ...ofSenders('is heard', false, takeSend),
    ...ofSenders('is heard on a connection it left', false, takeLateSend),
    ...ofSenders('is heard and cannot be written', true, failSend),
    ...ofReaders('is subscribed', false, takeSubscribe),
    ...ofReaders('is given the next chunk', false, giveNext),
    ...ofReaders('cannot be given the next chunk', true, failToGive),
  ]
}

function takeSend(p: Protocol, room: Room, sender: Sender): Outcomes {
  const { socket } = sender
  if (!socket?.up) return []
  const stored = store(p, awake(p, room), sender.id, socket.up, socket.keys)
  const what = stored.events.length > 0 ? 'RECEIPT' : 'repeated RECEIPT'
  const held = isGated(p, stored.room, what)
  const receipt = { seq: stored.seq, held }
  const answered = { ...sender, socket: { up: null, receipt, keys: stored.session } }
  return [told(p, room, stored, answered)]
}

/** D13: what still comes over a connection that was left is a SEND like any other. */
function takeLateSend(p: Protocol, room: Room, sender: Sender): Outcomes {
  return sender.late.map((drafts) =>
    told(p, room, store(p, awake(p, room), sender.id, drafts, {}), sender),
  )
}

function told(p: Protocol, before: Room, stored: Stored, sender: Sender): Outcome<Part> {
  const { room, events } = stored
  const change = toReaders((reader) => deliver(p, room, awakeTo(p, before, reader), events))
  return { note: noteOf(stored), parts: [room, sender], change }
}

/** D11: an append throws. The sender gets an ERROR and the close. */
function failSend(p: Protocol, room: Room, sender: Sender): Outcomes {
  const { socket } = sender
  if (!socket?.up) return []
  const before = awake(p, room)
  const { events, room: attempted } = store(p, before, sender.id, socket.up, socket.keys)
  if (events.length === 0) return []
  const undone = { ...before, memory: p.undo(room.log, attempted.memory) }
  const change = toReaders((reader) => {
    const woken = awakeTo(p, room, reader)
    return p.tellsUndone() ? deliver(p, before, woken, events) : woken
  })
  return [{ note: names(socket.up), parts: [undone, { ...sender, socket: null }], change }]
}

/** D8: the first chunk is given at once. A seq that is not there yet is refused. */
function takeSubscribe(p: Protocol, room: Room, reader: Reader): Outcomes {
  const { socket } = reader
  if (!socket || socket.asked === null) return []
  const after = socket.asked
  const change = toReaders((each) => awakeTo(p, room, each))
  if (after > headOf(room.log)) {
    const parts = [awake(p, room), { ...reader, socket: null }]
    return [{ note: `no, ${after} is beyond the head`, parts, change }]
  }
  const subscription = { cursor: p.begin(after, room.log), given: after }
  const subscribed = { ...reader, socket: { ...socket, asked: null, subscription } }
  const parts = [awake(p, room), replay(p, room, subscribed)]
  return [{ note: `after ${after}`, parts, change }]
}

function giveNext(p: Protocol, room: Room, reader: Reader): Outcomes {
  return reader.socket?.due ? [{ note: '', parts: [room, replay(p, room, reader)] }] : []
}

/** D12: the log cannot be read. */
function failToGive(p: Protocol, room: Room, reader: Reader): Outcomes {
  const { socket } = reader
  if (!socket?.due) return []
  return [{ note: '', parts: [room, { ...reader, socket: { ...socket, due: p.goesOnFailing() } }] }]
}

function toReaders(change: (reader: Reader) => Reader) {
  return (part: Part) => (part.kind === 'reader' ? change(part) : part)
}

const names = (drafts: readonly Draft[]) => drafts.map(({ message }) => message).join(' and ')

function noteOf({ events, seq }: Stored): string {
  if (events.length === 0) return `it is ${seq} already`
  return events.map(({ message, seq: its }) => `${message} is ${its}`).join(', ')
}
