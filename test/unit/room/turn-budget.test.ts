import { describe, expect, it } from 'vitest'
import { isTurnFullFor } from '../../../src/room/limits/budget.ts'
import {
  CONNECTION_TURN_BYTES,
  REPLAY_BYTES,
  REPLAY_TURN_BYTES,
  ROOM_MOST_BYTES,
  ROOM_TURN_BYTES,
  ROOM_TURN_FRAMES,
  waitingShare,
} from '../../../src/room/limits/limits.ts'
import type { Frame, StompCommand } from '../../../src/stomp/frame.ts'
import {
  arrivalOf,
  CHANNEL,
  FakeRoom,
  type FakeSocket,
  LOG,
  person,
} from '../../support/fake-room.ts'
import { frameOf } from '../../support/frame-of.ts'
import { scaled } from '../../support/scaled.ts'

const ann = person('ann')
const bob = person('bob')

/** A room with so many messages of so long a text. */
function roomWith(count: number, text = 'x'.repeat(1000)) {
  const room = new FakeRoom({ sendBurst: 1e6, socketsPerPrincipal: 1e6, maxSubscriptions: 32 })
  const sender = room.connect(bob)
  for (let n = 1; n <= count; n++) room.say(sender, text)
  return { room, sender }
}

type Line = [command: StompCommand, headers: Record<string, string>]

/** Frames that come in one moment: one turn. */
function together(room: FakeRoom, socket: FakeSocket, frames: readonly Line[]): void {
  room.turn(() => {
    for (const [command, headers] of frames) {
      room.receive(socket, frameOf(command, headers, ''))
    }
  })
}

/** Bytes that a turn told these sockets. */
function told(sockets: readonly FakeSocket[], work: () => void): number {
  for (const socket of sockets) socket.takeBytes()
  work()
  return sockets.reduce((sum, socket) => sum + socket.takeBytes().length, 0)
}

const seqsOf = (socket: FakeSocket, version?: '1.1') =>
  socket.take(version).flatMap(({ headers }) => (headers.seq ? [Number(headers.seq)] : []))

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1)

/** How often the log is read. */
function countReads(room: FakeRoom) {
  const after = room.log.after.bind(room.log)
  const reads = { count: 0 }
  room.log.after = (seq, limit) => {
    reads.count++
    return after(seq, limit)
  }
  return reads
}

describe('a replay', () => {
  it('[R4] asked for and given up 500 times in a moment costs one chunk', () => {
    const { room } = roomWith(600)
    const socket = room.connect(ann)
    const reads = countReads(room)
    const pairs = upTo(500).flatMap((n): Line[] => [
      ['SUBSCRIBE', { id: `${n}`, destination: LOG, after: '0' }],
      ['UNSUBSCRIBE', { id: `${n}` }],
    ])
    const bytes = told([socket], () => together(room, socket, pairs))
    expect(bytes).toBeLessThan(2 * REPLAY_BYTES)
    expect(reads.count).toBe(1)
    expect(told([socket], () => room.catchUp())).toBe(0)
    expect(reads.count).toBe(1)
  })

  it('[R4] on 32 subscriptions of one connection stays within its budget in each turn', () => {
    const { room } = roomWith(600)
    const socket = room.connect(ann)
    const all = upTo(32).map(
      (n): Line => ['SUBSCRIBE', { id: `${n}`, destination: LOG, after: '0' }],
    )
    const turns = [told([socket], () => together(room, socket, all))]
    while (room.backlog) turns.push(told([socket], () => room.catchUp()))
    expect(Math.max(...turns)).toBeLessThan(2 * CONNECTION_TURN_BYTES)
    expect(turns.reduce((sum, bytes) => sum + bytes)).toBeGreaterThan(32 * 600 * 1000)
  })

  it.each(['x'.repeat(1000), '안'.repeat(300), '\u0001'.repeat(500)])(
    '[R4] [L6] to 40 readers at once stays within the budget of the room in each turn (%#)',
    (text) => {
      const last = scaled(200, 600)
      const { room } = roomWith(last, text)
      const sockets = upTo(40).map((n) => room.connect(person(`p${n}`)))
      const turns: number[] = []
      const seqs = sockets.map((): number[] => [])
      const turn = (work: () => void) => {
        work()
        let bytes = 0
        for (const [n, socket] of sockets.entries()) {
          const messages = socket.takeMessages()
          bytes += messages.reduce((sum, message) => sum + Buffer.from(message).length, 0)
          for (const message of messages) socket.send(message)
          seqs[n]?.push(...seqsOf(socket))
        }
        turns.push(bytes)
      }
      turn(() =>
        room.turn(() => {
          for (const socket of sockets) {
            const frame = frameOf('SUBSCRIBE', { id: 'log', destination: LOG, after: '0' }, '')
            room.receive(socket, frame)
          }
        }),
      )
      while (room.backlog) turn(() => room.catchUp())
      expect(Math.max(...turns)).toBeLessThan(REPLAY_TURN_BYTES + 2 * CONNECTION_TURN_BYTES)
      for (const each of seqs) expect(each).toEqual(upTo(last))
    },
  )

  it('[R4] is given in rotation: nobody waits until the others have all of it', () => {
    const { room } = roomWith(scaled(800, 3000))
    const sockets = upTo(40).map((n) => room.connect(person(`p${n}`)))
    for (const socket of sockets) room.subscribe(socket, 'log', LOG, { after: '0' })
    const last = sockets.map(() => 0)
    while (room.backlog) {
      for (const [n, socket] of sockets.entries()) last[n] = seqsOf(socket).at(-1) ?? last[n] ?? 0
      // No more than two chunks apart.
      const apart = (2 * CONNECTION_TURN_BYTES) / 1000
      expect(Math.max(...last) - Math.min(...last)).toBeLessThan(apart)
      room.catchUp()
    }
  })

  it('[R4] [H1] goes on for everybody when the room is evicted between any two turns', () => {
    const count = scaled(500, 1500)
    const { room } = roomWith(count)
    const sockets = upTo(10).map((n) => room.connect(person(`p${n}`)))
    for (const socket of sockets) room.subscribe(socket, 'log', LOG, { after: '0' })
    for (;;) {
      room.evict()
      room.turn(() => {})
      if (!room.backlog) break
      room.catchUp()
    }
    for (const socket of sockets) expect(seqsOf(socket)).toEqual(upTo(count))
  })

  it('[R4] to readers at the same place reads the log once a turn', () => {
    const { room } = roomWith(200, 'short')
    const sockets = upTo(64).map((n) => room.connect(person(`p${n}`)))
    for (const socket of sockets) {
      socket.congested = true
      room.subscribe(socket, 'log', LOG, { after: '0' })
    }
    for (const socket of sockets) socket.congested = false
    const reads = countReads(room)
    room.catchUp()
    expect(reads.count).toBe(1)
  })

  it('[R4] is shared with nobody who is told less at once: each message of its own counts', () => {
    const { room } = roomWith(300, 'short')
    const many = room.connect(ann, { 'multi-frame': 'true' })
    const few = room.connect(person('carl'))
    room.turn(() => {
      for (const socket of [many, few]) {
        const ask = frameOf('SUBSCRIBE', { id: 'log', destination: LOG, after: '0' }, '')
        room.receive(socket, ask)
      }
    })
    expect(many.messages).toBe(2)
    expect(seqsOf(many)).toEqual(upTo(300))
    expect(few.messages).toBeLessThan(70)
    while (room.backlog) room.catchUp()
    expect(seqsOf(few)).toEqual(upTo(300))
  })

  it('[R4] that is shared tells nobody what was taken back in the same moment', () => {
    const { room, sender } = roomWith(2, 'secret')
    const [one, two] = [room.connect(ann), room.connect(ann)]
    const ask = frameOf('SUBSCRIBE', { id: 'log', destination: LOG, after: '0' }, '')
    const body = JSON.stringify({ seq: 1 })
    const gone = frameOf('SEND', { destination: '/pub/delete/message' }, body)
    room.turn(() => {
      room.receive(one, ask)
      room.receive(sender, gone)
      room.receive(two, ask)
    })
    expect(two.take().map(({ body }) => JSON.parse(body).content)).toEqual([
      '',
      'secret',
      undefined,
    ])
  })

  it('[R4] [L6] to a client of STOMP 1.1 that acknowledges counts each message of its own', () => {
    const { room } = roomWith(2000, 'short')
    const socket = room.connect(ann, { 'accept-version': '1.1' })
    room.subscribe(socket, 'log', LOG, { after: '0', ack: 'client' })
    expect(socket.messages).toBeLessThan(100)
    do {
      const before = socket.messages
      room.catchUp()
      expect(socket.messages - before).toBeLessThan(150)
    } while (room.backlog)
    expect(seqsOf(socket, '1.1')).toEqual(upTo(2000))
  })
})

describe('a turn has done enough', () => {
  /** Frames that one connection after the other sends before the turn has done enough for all. */
  function framesRead(room: FakeRoom, by: readonly FakeSocket[], line: Line, body = ''): number {
    const frames = upTo(10_000).flatMap((n): [FakeSocket, Frame][] => {
      const socket = by[n % by.length]
      return socket ? [[socket, frameOf(...line, body)]] : []
    })
    return room.read(frames)
  }

  it('[R4] with so many frames of all, though each says nothing', () => {
    const { room } = roomWith(0)
    const sockets = upTo(10).map((n) => room.connect(person(`p${n}`)))
    const line: Line = ['SEND', { destination: '/pub/typing' }]
    expect(framesRead(room, sockets, line, '{"typing":false}')).toBe(ROOM_TURN_FRAMES)
  })

  it('[R4] with so many bytes for all, of what is not in the log', () => {
    const { room, sender } = roomWith(0)
    for (const n of upTo(100)) room.subscribe(room.connect(person(`p${n}`)), 'c', CHANNEL)
    const body = 'x'.repeat(50_000)
    const read = framesRead(room, [sender], ['SEND', { destination: CHANNEL }], body)
    expect(read).toBe(Math.ceil(ROOM_TURN_BYTES / 100 / 52_300))
  })

  it.each([1000, 6000])(
    '[R4] for one connection alone by the bytes of its 60 answers: %i each',
    (length) => {
      const { room } = roomWith(0)
      const [one, other] = [room.connect(ann), room.connect(person('carl'))]
      const headers = { destination: '/pub/typing', receipt: 'x'.repeat(length) }
      room.turn((turn) => {
        const frame = frameOf('SEND', headers, '{"typing":false}')
        room.room.receive(
          turn,
          upTo(60).map(() => arrivalOf(one, frame)),
        )
        expect([isTurnFullFor(turn, one, 60), isTurnFullFor(turn, other, 60)]).toEqual([
          60 * (length + 2048) > CONNECTION_TURN_BYTES,
          false,
        ])
      })
    },
  )

  it('[R4] with as many events as one connection is told each in a message of its own', () => {
    const { room, sender } = roomWith(0)
    const read = framesRead(room, [sender], ['SEND', { destination: '/pub/send/message' }], 'x')
    expect(read).toBe(Math.ceil(CONNECTION_TURN_BYTES / 2049))
  })
})

describe('what is said live', () => {
  it('[R4] [L6] beyond the budget of a connection waits in the log, and is given in order', () => {
    const { room, sender } = roomWith(0)
    const socket = room.connect(ann)
    for (const id of upTo(32)) room.subscribe(socket, `${id}`, LOG)
    const texts = upTo(32).map(() => JSON.stringify({ content: 'x'.repeat(1000) }))
    const bytes = told([socket], () =>
      room.turn(() => {
        for (const text of texts) {
          const frame = frameOf('SEND', { destination: '/pub/send/message' }, text)
          room.receive(sender, frame)
        }
      }),
    )
    expect(bytes).toBeLessThan(CONNECTION_TURN_BYTES + 64_000)
    expect(room.backlog).toBe('moving')
    let more = 0
    while (room.backlog) more += told([socket], () => room.catchUp())
    expect(bytes + more).toBeGreaterThan(32 * 32 * 1000)
  })

  it.each([
    ['who say multi-frame, many', { 'multi-frame': 'true' }, 500],
    ['who do not, fewer', {}, 72],
  ])('[R4] to 100 %s events share a turn', (_name, headers, most) => {
    const { room, sender } = roomWith(0)
    for (const n of upTo(100)) {
      room.subscribe(room.connect(person(`p${n}`), headers), 'log', LOG)
    }
    room.leave(sender)
    const talker = room.connect(bob, headers)
    const frame = frameOf('SEND', { destination: '/pub/send/message' }, 'short')
    const read = room.read(upTo(10_000).map(() => [talker, frame]))
    // What a turn puts into the sockets stays below what the memory of an object holds.
    expect(read).toBeGreaterThan(most)
    expect(Math.ceil(read * 101 * ('multi-frame' in headers ? 5 : 2053))).toBeLessThan(20_000_000)
  })

  it('[R4] over a channel to many is cut off at the most that a turn may say', () => {
    const { room, sender } = roomWith(0)
    const sockets = upTo(700).map((n) => room.connect(person(`p${n}`)))
    for (const socket of sockets) room.subscribe(socket, 'c', CHANNEL)
    const body = 'x'.repeat(64_000)
    const bytes = told(sockets, () => room.send(sender, 'SEND', { destination: CHANNEL }, body))
    expect(bytes).toBeGreaterThan(ROOM_TURN_BYTES)
    expect(bytes).toBeLessThan(ROOM_MOST_BYTES + 65_000)
  })

  it('[R4] [L6] to more readers than a turn may tell reaches all of them, a little later', () => {
    const { room, sender } = roomWith(0)
    const sockets = upTo(700).map((n) => room.connect(person(`p${n}`)))
    for (const socket of sockets) room.subscribe(socket, 'log', LOG)
    const content = JSON.stringify({ content: 'x'.repeat(1000) })
    const events = scaled(40, 100)
    room.turn(() => {
      for (let n = 0; n < events; n++) {
        const frame = frameOf('SEND', { destination: '/pub/send/message' }, content)
        room.receive(sender, frame)
      }
    })
    while (room.backlog) room.catchUp()
    for (const socket of sockets) expect(seqsOf(socket)).toEqual(upTo(events))
  })
})

describe('the share of a socket in what may wait', () => {
  it.each([
    [1, 262_144],
    [32, 262_144],
    [1000, 33_554],
    [10_000, 6144],
  ])('[R4] among %i is %i bytes', (sockets, bytes) => {
    expect(waitingShare(sockets)).toBe(bytes)
  })
})
