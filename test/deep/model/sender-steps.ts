// What a sender does, and what happens to its connections.

import type { Outcome, Rule } from './machine.ts'
import type { Protocol } from './protocol.ts'
import { type Draft, draftsOf, type Part, type Sender, type Told } from './world.ts'

/** What becomes of a sender, which nobody else sees. */
type Outcomes = Pick<Outcome<Sender>, 'note' | 'parts'>[]

/** The steps of the sender at a place. */
export function senderRules(p: Protocol, place: number, sends: readonly number[]): Rule<Part>[] {
  const rule = (name: string, fault: boolean, run: (sender: Sender) => Outcomes): Rule<Part> => ({
    name,
    fault,
    who: place,
    on: [place],
    others: [],
    steps: ([sender]) => run(sender as Sender),
  })
  return [
    rule('connects', false, (sender) => connectSender(p, sender)),
    rule('gets its RECEIPT', false, (sender) => getReceipt(sender, sends)),
    rule('waits in vain', false, (sender) => waitInVain(p, sender, sends)),
    rule('loses its connection', true, (sender) => cutSender(p, sender, sends)),
    rule('is silently not sent its RECEIPT', true, loseReceipt),
  ]
}

/** Q1, Q2: what has no RECEIPT is sent, with the same key. */
function connectSender(p: Protocol, sender: Sender): Outcomes {
  if (sender.socket || sender.drafts.length === 0) return []
  const drafts = sender.drafts.map(({ message, key }) => ({ message, key: p.keyAgain(key) }))
  const socket = { up: drafts, receipt: null, keys: {} }
  return [{ note: `sends ${names(drafts)}`, parts: [{ ...sender, drafts, socket }] }]
}

/** Q1: the next one is sent. */
function getReceipt(sender: Sender, sends: readonly number[]): Outcomes {
  const { socket } = sender
  if (!socket?.receipt || socket.receipt.held) return []
  const { seq } = socket.receipt
  const told = { seq, message: sender.drafts.at(-1)?.message ?? '' }
  return [{ note: `${told.message} is ${seq}`, parts: [advance(sender, sends, told)] }]
}

function advance(sender: Sender, sends: readonly number[], told: Told | null): Sender {
  const receipts = [...sender.receipts, told]
  const drafts = draftsOf(sends, receipts.length, sender.id)
  // Nobody cares what becomes of the connection of a sender that is done.
  if (drafts.length === 0 || !sender.socket || told === null) {
    return { ...sender, receipts, drafts, socket: null }
  }
  return { ...sender, receipts, drafts, socket: { ...sender.socket, up: drafts, receipt: null } }
}

/** Q3: a RECEIPT is overdue. */
function waitInVain(p: Protocol, sender: Sender, sends: readonly number[]): Outcomes {
  const { socket } = sender
  if (!socket || socket.up || socket.receipt || !p.hangsUp()) return []
  return [{ note: 'hangs up', parts: [leave(p, sender, sends)] }]
}

/** Q1: without a RECEIPT nothing is over. */
function leave(p: Protocol, sender: Sender, sends: readonly number[]): Sender {
  return p.keeps() ? { ...sender, socket: null } : advance(sender, sends, null)
}

/** D13: the room may believe in the connection for long, and what is on its way up may come yet. */
function cutSender(p: Protocol, sender: Sender, sends: readonly number[]): Outcomes {
  const { socket, late } = sender
  if (!socket) return []
  const left = leave(p, sender, sends)
  if (!socket.up) return [{ note: '', parts: [left] }]
  const parts = [{ ...left, late: withLate(late, socket.up) }]
  return [{ note: `${names(socket.up)} is on its way`, parts }]
}

function withLate(late: Sender['late'], drafts: readonly Draft[]): Sender['late'] {
  const all = new Map([...late, drafts].map((each) => [JSON.stringify(each), each]))
  return [...all.keys()].sort().flatMap((name) => [all.get(name) ?? []])
}

function loseReceipt(sender: Sender): Outcomes {
  const { socket } = sender
  if (!socket?.receipt) return []
  return [{ note: '', parts: [{ ...sender, socket: { ...socket, receipt: null } }] }]
}

const names = (drafts: readonly Draft[]) =>
  drafts
    .map(({ message, key }) => (key === `k${message.slice(1)}` ? message : `${message}/${key}`))
    .join(' ')
