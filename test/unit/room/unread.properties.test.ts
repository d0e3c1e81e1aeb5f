// Unread and mentions equal a count over the whole log, whatever people and devices do (U1).

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { READ_MARKER_PERIOD } from '../../../src/room/limits/limits.ts'
import { eventsPage } from '../../../src/room/log/pages.ts'
import { askRoom } from '../../support/ask-room.ts'
import { change, DELETE, EDIT, REACT } from '../../support/changes.ts'
import { ERRORS, FakeRoom, type FakeSocket, LOG, person } from '../../support/fake-room.ts'
import { scaled } from '../../support/scaled.ts'

const WHO = ['ann', 'ann', 'bob'] as const

const step = fc.record({
  device: fc.nat(WHO.length - 1),
  does: fc.constantFrom(
    ...(['say', 'say', 'say over HTTP', 'edit', 'delete', 'react', 'together'] as const),
    ...(['read', 'read', 'read over HTTP', 'acknowledge', 'acknowledge'] as const),
    ...(['go', 'come', 'come', 'wait', 'crash', 'rejoin'] as const),
  ),
  content: fc.constantFrom('x', 'y', 'hello @ann', '@bob', '@room', '@ann @bob'),
  /** A part of the log, or of what is to be acknowledged; beyond 1: what has not come. */
  place: fc.double({ min: 0, max: 1.1, noNaN: true }),
  evicted: fc.boolean(),
  asked: fc.boolean(),
})

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

interface Told {
  readonly seq: number
  readonly type: string
  readonly n: number
  readonly deleted?: number
  readonly mentions?: readonly string[]
  readonly mentionsRoom?: boolean
}

/** What the brute-force count makes of the log as a page tells it. */
function counted(room: FakeRoom, id: string, readSeq: number) {
  const events = eventsPage(room.log, { after: 0, limit: 10_000 }).events as unknown as Told[]
  const messages = events.filter(({ type }) => type === 'message')
  const unread = messages.filter(({ seq }) => seq > readSeq)
  const mine = unread.filter(
    ({ deleted, mentions, mentionsRoom }) =>
      deleted === undefined && (mentionsRoom || mentions?.includes(id)),
  )
  return {
    ...{ head: events.length, messages: messages.length, readSeq },
    ...{ unread: unread.length, mentions: mine.length },
  }
}

/** A room, its devices, and how far everybody has read as they said. */
class Model {
  readonly room = new FakeRoom({ sendPerSecond: 1e6, sendBurst: 1e6, members: 9 })
  readonly sockets: (FakeSocket | undefined)[] = []
  /** On each device what was given and not acknowledged. */
  readonly given: { seq: number; ack: string }[][] = [[], [], []]
  readonly read: Record<string, number> = {}
  /** Where the markers were, and until when. */
  readonly history: { at: number; read: Record<string, number> }[] = []

  constructor() {
    WHO.forEach((_who, device) => void this.come(device))
  }

  moveTo(who: string, seq: number): void {
    this.read[who] = Math.max(this.read[who] ?? 0, seq)
  }

  come(device: number): void {
    const who = WHO[device] ?? 'ann'
    const isNew = !this.room.members.get(who)?.joined
    const socket = this.room.connect(person(who))
    if (isNew) this.read[who] = this.room.log.head()
    this.room.subscribe(socket, 'errors', ERRORS)
    this.room.subscribe(socket, 'log', LOG, { ack: 'client' })
    socket.take()
    this.sockets[device] = socket
    this.given[device] = []
  }

  go(device: number): void {
    const socket = this.sockets[device]
    if (socket) this.room.leave(socket)
    this.sockets[device] = undefined
  }

  listen(): void {
    this.sockets.forEach((socket, device) => {
      for (const { headers } of socket?.take() ?? []) {
        if (headers.ack) this.given[device]?.push({ seq: Number(headers.seq), ack: headers.ack })
      }
    })
  }

  crash(): void {
    const { room } = this
    room.sockets.clear()
    this.sockets.length = 0
    room.evict()
    for (const [who, truth] of Object.entries(this.read)) {
      const now = room.room.unreadOf(who)?.readSeq
      if (now === undefined) continue
      expect(now).toBeLessThanOrEqual(truth)
      // What is lost was read in the minute after the row was written.
      const row = room.members.get(who)
      const writtenAt = row?.read?.at ?? row?.joined?.at ?? 0
      const lost = this.history.find(({ read }) => (read[who] ?? 0) > now)
      if (now < truth) expect(lost?.at).toBeGreaterThanOrEqual(writtenAt)
      const last = this.history.find(({ read }) => (read[who] ?? 0) >= truth)
      if (now < truth) expect(last?.at).toBeLessThan(writtenAt + READ_MARKER_PERIOD)
      this.read[who] = now
    }
    // What was lost is read again later.
    this.history.length = 0
  }

  does({ device, does, content, place }: Step): void {
    const { room } = this
    const who = WHO[device] ?? 'ann'
    const socket = this.sockets[device]
    const seq = Math.max(1, Math.ceil(place * room.log.head()))
    const isMember = room.members.get(who)?.joined !== undefined
    const head = room.log.head()
    switch (does) {
      case 'wait':
        room.now += place * 1.5 * READ_MARKER_PERIOD
        return
      case 'crash':
        this.crash()
        return
      case 'go':
        this.go(device)
        return
      case 'come':
        if (!socket) this.come(device)
        return
      case 'rejoin':
        if (!isMember) return
        askRoom(room, (turn, each) => each.removeMember(turn, person(who), who))
        WHO.forEach((each, index) => void (each === who && this.go(index)))
        this.come(device)
        return
      case 'read over HTTP':
        askRoom(room, (turn, each) => each.execute(turn, person(who), { type: 'read', seq }))
        if (seq <= head) this.moveTo(who, seq)
        return
      case 'say over HTTP':
        askRoom(room, (turn, each) => each.execute(turn, person(who), { type: 'message', content }))
        this.moveTo(who, room.log.head())
        return
    }
    if (!socket) return
    switch (does) {
      case 'say':
        room.say(socket, content)
        this.moveTo(who, room.log.head())
        return
      case 'together':
        room.send(socket, 'BEGIN', { transaction: 't' })
        for (const each of ['one', content]) {
          const headers = { destination: '/pub/send/message', transaction: 't' }
          room.send(socket, 'SEND', headers, JSON.stringify({ content: each }))
        }
        room.send(socket, 'COMMIT', { transaction: 't' })
        this.moveTo(who, room.log.head())
        return
      case 'read':
        room.send(socket, 'SEND', { destination: '/pub/read' }, JSON.stringify({ seq }))
        if (seq <= head) this.moveTo(who, seq)
        return
      case 'acknowledge': {
        const given = this.given[device] ?? []
        const index = Math.min(given.length - 1, Math.floor(place * given.length))
        const acknowledged = given[index]
        if (!acknowledged) return
        room.send(socket, 'ACK', { id: acknowledged.ack })
        this.given[device] = given.slice(index + 1)
        this.moveTo(who, acknowledged.seq)
        return
      }
      default: {
        const to = { edit: EDIT, delete: DELETE, react: REACT }[does]
        this.listen()
        change(room, socket, to, { seq, content, reaction: '👍' })
      }
    }
  }
}

it('[U1] [H1] unread and mentions are exact on every device, whatever is done and evicted', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80, size: 'max' }), (steps) => {
      const model = new Model()
      const { room } = model
      for (const each of steps) {
        if (each.evicted) room.evict()
        model.does(each)
        model.listen()
        model.history.push({ at: room.now, read: { ...model.read } })
        if (!each.asked) continue
        for (const [who, readSeq] of Object.entries(model.read)) {
          expect(room.room.unreadOf(who)).toEqual(counted(room, who, readSeq))
        }
      }
      room.evict()
      for (const [who, readSeq] of Object.entries(model.read)) {
        expect(room.room.unreadOf(who)).toEqual(counted(room, who, readSeq))
      }
      for (const { n, seq } of eventsPage(room.log, { after: 0, limit: 10_000 }).events) {
        expect(n).toBe(room.log.messages().filter((message) => message.seq <= Number(seq)).length)
      }
    }),
    { numRuns: scaled(200, 5000) },
  )
}, 600_000)
