// What a reader does, and what happens to its connections.

import type { Outcome, Rule } from './machine.ts'
import type { Protocol } from './protocol.ts'
import type { Part, Reader, ReaderSocket, Room } from './world.ts'

/** What becomes of a reader, which nobody else sees. */
type Outcomes = Pick<Outcome<Reader>, 'note' | 'parts'>[]
type BesideRun = (room: Room, reader: Reader) => Outcome<Part>[]

/** The steps of the reader at a place. */
export function readerRules(p: Protocol, place: number): Rule<Part>[] {
  const rule = (name: string, fault: boolean, run: (reader: Reader) => Outcomes): Rule<Part> => ({
    name,
    fault,
    who: place,
    on: [place],
    others: [],
    steps: ([reader]) => run(reader as Reader),
  })
  const beside = (name: string, fault: boolean, run: BesideRun): Rule<Part> => ({
    name,
    fault,
    who: place,
    on: [0, place],
    others: [],
    steps: ([room, reader]) => run(room as Room, reader as Reader),
  })
  return [
    rule('connects', false, (reader) => connectReader(p, reader)),
    rule('gets a MESSAGE', false, (reader) => getMessage(p, reader)),
    rule('is no longer slow', false, (reader) => congest(reader, false)),
    rule('loses its connection', true, cutReader),
    rule('is silently not sent a MESSAGE', true, loseMessage),
    rule('becomes slow', true, (reader) => congest(reader, true)),
    rule('asks again without need', true, (reader) => askIdly(p, reader)),
    beside('looks again', false, (room, reader) => lookAgain(p, room, reader)),
    beside('begins anew', true, (room, reader) => beginAnew(p, room, reader)),
  ]
}

const OPENED = { subscription: null, down: [], held: 0, congested: false, due: false, unsent: [] }

/** Q4: every connection begins with what was shown last. */
function connectReader(p: Protocol, reader: Reader): Outcomes {
  if (reader.socket) return []
  const socket: ReaderSocket = { ...OPENED, asked: p.resumeAfter(reader.last) }
  return [{ note: `after ${socket.asked}`, parts: [{ ...reader, socket }] }]
}

/** Q5, Q6, Q7. */
function getMessage(p: Protocol, reader: Reader): Outcomes {
  const { socket } = reader
  const [delivery, ...down] = socket?.down ?? []
  if (!socket || !delivery || socket.held > down.length) return []
  const { seq, prev, message } = delivery
  const verdict = p.judge(reader.last, delivery)
  const last = p.lastAfter(verdict, reader.last, delivery)
  const next = verdict === 'ask again' ? ask(p, { ...socket, down }, last) : { ...socket, down }
  const shown = verdict === 'show' ? [...reader.shown, { seq, message }] : reader.shown
  const note = `${message} is ${seq} after ${prev}: ${verdict}`
  return [{ note, parts: [{ ...reader, shown, last, socket: next }] }]
}

/** Q6, Q8: the subscription is left for a new one; what it still gives is nothing to the reader. */
function ask(p: Protocol, socket: ReaderSocket, last: number): ReaderSocket {
  const asked = p.resumeAfter(last)
  return p.ignoresLeft() ? { ...OPENED, congested: socket.congested, asked } : { ...socket, asked }
}

/**
 * Q9: nothing came for a while. It matters only where something is missing, and so is done only
 * there.
 */
function lookAgain(p: Protocol, room: Room, reader: Reader): Outcome<Part>[] {
  const { socket, last } = reader
  if (!socket?.subscription || socket.asked !== null || socket.congested) return []
  const isComing = socket.due || socket.down.length > 0
  const isMissing = room.log.slice(0, room.durable).some(({ seq }) => seq > last)
  if (isComing || !isMissing || !p.looksAgain()) return []
  return [{ note: '', parts: [room, { ...reader, socket: ask(p, socket, last) }] }]
}

/** Q10: a page that is loaded again forgets what it had, and reads the log over HTTP. */
function beginAnew(p: Protocol, room: Room, reader: Reader): Outcome<Part>[] {
  const page = p.page(room)
  const shown = page.map(({ seq, message }) => ({ seq, message }))
  const last = p.lastOfPage(page, room)
  return [{ note: `after ${last}`, parts: [room, { ...reader, shown, last, socket: null }] }]
}

function askIdly(p: Protocol, reader: Reader): Outcomes {
  const { socket, last } = reader
  if (!socket?.subscription || socket.asked !== null) return []
  return [{ note: '', parts: [{ ...reader, socket: ask(p, socket, last) }] }]
}

function cutReader(reader: Reader): Outcomes {
  return reader.socket ? [{ note: '', parts: [{ ...reader, socket: null }] }] : []
}

function loseMessage(reader: Reader): Outcomes {
  const { socket } = reader
  const [lost, ...down] = socket?.down ?? []
  if (!socket || !lost || socket.held > down.length) return []
  return [{ note: lost.message, parts: [{ ...reader, socket: { ...socket, down } }] }]
}

function congest(reader: Reader, congested: boolean): Outcomes {
  const { socket } = reader
  if (!socket?.subscription || socket.congested === congested) return []
  return [{ note: '', parts: [{ ...reader, socket: { ...socket, congested } }] }]
}
