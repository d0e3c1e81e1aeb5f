import { describe, expect, it } from 'vitest'
import { readConfig } from '../../../src/config.ts'
import { Refusal } from '../../../src/refusals.ts'
import type { StompCommand } from '../../../src/stomp/frame.ts'
import {
  ERRORS,
  FakeRoom,
  type FakeSocket,
  LOG,
  person,
  QUEUE,
  SIGNALS,
} from '../../support/fake-room.ts'

const ann = person('ann')
const SEND = '/pub/send/message'

/** The limits of wrangler.toml, as a guest meets them. */
const usual = (more = {}) => new FakeRoom({ ...readConfig({}).room, ...more })

type Said = (n: number) => [command: StompCommand, headers: Record<string, string>, body?: string]

/** How many of these frames are answered before one is refused, and how. */
function answered(room: FakeRoom, socket: FakeSocket, said: Said, most: number) {
  for (let n = 0; n < most; n++) {
    room.send(socket, ...said(n))
    if (socket.closed) return { frames: n, code: socket.closed.reason }
    socket.takeBytes()
  }
  return { frames: most, code: undefined }
}

/** Rows written for transactions. */
function countRows(room: FakeRoom) {
  const rows = { written: 0 }
  const add = room.transactions.add.bind(room.transactions)
  room.transactions.add = (...kept) => {
    rows.written++
    add(...kept)
  }
  return rows
}

describe('a frame in a transaction', () => {
  it.each<[name: string, said: Said]>([
    ['a message', () => ['SEND', { destination: SEND }, 'x']],
    [
      'a message with a known key',
      () => ['SEND', { destination: SEND, 'idempotency-key': 'k' }, 'x'],
    ],
    ['that somebody types', () => ['SEND', { destination: '/pub/typing' }, '{"typing":false}']],
    ['what was read', () => ['SEND', { destination: '/pub/read' }, '{"seq":1}']],
    ['an ACK', () => ['ACK', { id: '0-1' }]],
  ])('[R4] [R3] counts as a SEND, though it is aborted: %s', (_name, said) => {
    const room = usual({ maxSubscriptions: 4 })
    const other = room.connect(person('bob'))
    const socket = room.connect(ann)
    room.subscribe(socket, 'log', LOG, { ack: 'client' })
    room.say(other, 'x')
    room.say(socket, 'x', undefined, 'k')
    const rows = countRows(room)
    // Eight transactions of 98 frames, each of them aborted.
    const { code } = answered(
      room,
      socket,
      (n) => {
        if (n % 100 === 0) return ['BEGIN', { transaction: 't' }]
        if (n % 100 === 99) return ['ABORT', { transaction: 't' }]
        const [command, headers, body = ''] = said(n)
        return [command, { ...headers, transaction: 't' }, body]
      },
      800,
    )
    expect(code).toBe('too-fast')
    expect(rows.written).toBeLessThanOrEqual(50)
  })
})

describe('a frame that costs more', () => {
  it.each<[name: string, said: Said, most: number]>([
    [
      'a replay asked for and given up',
      (n) =>
        n % 2
          ? ['UNSUBSCRIBE', { id: 'x' }]
          : ['SUBSCRIBE', { id: 'x', destination: LOG, after: '0' }],
      200,
    ],
    [
      'a snapshot',
      (n) =>
        n % 2 ? ['UNSUBSCRIBE', { id: 'x' }] : ['SUBSCRIBE', { id: 'x', destination: SIGNALS }],
      200,
    ],
    ['a known key', () => ['SEND', { destination: SEND, 'idempotency-key': 'k' }, 'x'], 260],
    ['that nobody types', () => ['SEND', { destination: '/pub/typing' }, '{"typing":false}'], 260],
    ['a message that is refused', () => ['SEND', { destination: SEND }, '{"content":""}'], 260],
    ['an ACK', (n) => ['ACK', { id: `0-${n + 1}` }], 510],
  ])('[R4] counts as several: %s', (_name, said, most) => {
    const room = usual({ sendBurst: 1e6 })
    const socket = room.connect(ann)
    room.subscribe(socket, 'log', LOG, { ack: 'client' })
    room.subscribe(socket, 'errors', ERRORS)
    room.say(socket, 'x', undefined, 'k')
    const other = room.connect(person('bob'))
    for (let n = 0; n < 600; n++) room.say(other, 'y')
    room.now += 10_000
    const { frames, code } = answered(room, socket, said, 1000)
    expect(code).toBe('too-many-frames')
    expect(frames).toBeLessThan(most)
    expect(frames).toBeGreaterThan(50)
  })

  it('[R4] counts as several though there is little to give: a replay of two messages', () => {
    const room = usual()
    const socket = room.connect(ann)
    for (const text of ['x', 'y']) room.say(socket, text)
    const said: Said = (n) =>
      n % 2
        ? ['UNSUBSCRIBE', { id: 'x' }]
        : ['SUBSCRIBE', { id: 'x', destination: LOG, after: '0' }]
    const { frames, code } = answered(room, socket, said, 1000)
    expect(code).toBe('too-many-frames')
    expect(frames).toBeLessThan(200)
  })

  it('[R4] counts by what it is answered with', () => {
    const room = usual({ maxSubscriptions: 32 })
    const socket = room.connect(ann)
    for (let n = 0; n < 30; n++) room.subscribe(socket, `${n}`, ERRORS)
    const receipt = 'x'.repeat(8000)
    const { frames, code } = answered(
      room,
      socket,
      () => ['SEND', { destination: SEND, receipt }, '{"content":""}'],
      1000,
    )
    expect(code).toBe('too-many-frames')
    expect(frames).toBeLessThan(40)
  })

  it('[R4] is answered itself; those after it are when its debt is paid', () => {
    const room = usual({ framesBurst: 10, framesPerSecond: 10 })
    const socket = room.connect(ann)
    room.subscribe(socket, 'x', SIGNALS)
    room.now += 1000
    room.subscribe(socket, 'y', SIGNALS)
    expect(socket.closed).toBeUndefined()
    room.send(socket, 'UNSUBSCRIBE', { id: 'x' })
    expect(socket.closed?.reason).toBe('too-many-frames')
  })
})

describe('whoever does what a page does', () => {
  it('[R4] is refused nothing: ten sockets of a person come back twice, each with five subscriptions', () => {
    const room = usual()
    for (let n = 0; n < 45; n++) room.say(room.connect(person(`p${n}`)), 'x'.repeat(1000))
    for (const _ of ['a deploy', 'another']) {
      const sockets = Array.from({ length: 10 }, () => room.connect(ann))
      for (const socket of sockets) {
        for (const [n, destination] of [
          LOG,
          SIGNALS,
          ERRORS,
          `${SIGNALS}/a`,
          `${SIGNALS}/b`,
        ].entries()) {
          room.subscribe(socket, `${n}`, destination, destination === LOG ? { after: '0' } : {})
        }
      }
      while (room.backlog) room.catchUp()
      expect(sockets.map(({ closed }) => closed)).toEqual(sockets.map(() => undefined))
      for (const socket of sockets) room.leave(socket)
    }
  })

  it('[R4] works at a queue as quickly as it is sent to', () => {
    const room = usual({ queueMessages: 1000 })
    const [sender, worker] = [room.connect(person('owner')), room.connect(person('owner'))]
    room.subscribe(worker, 'w', QUEUE, { ack: 'client-individual', 'prefetch-count': '10' })
    for (let n = 0; n < 200; n++) {
      room.now += 100
      room.send(sender, 'SEND', { destination: QUEUE }, 'job')
      const [message] = worker.take()
      room.send(worker, 'ACK', { id: String(message?.headers.ack) })
    }
    expect([sender.closed, worker.closed]).toEqual([undefined, undefined])
  })
})

describe('joins', () => {
  it('[R4] of one person are limited, whatever becomes of them; those of others are not', () => {
    const room = usual()
    const join = (id: string) => room.leave(room.connect(person(id)))
    for (let n = 0; n < 100; n++) join('ann')
    expect(() => join('ann')).toThrow(new Refusal('too-fast'))
    expect(() => join('bob')).not.toThrow()
    room.now += 1000
    for (let n = 0; n < 10; n++) join('ann')
    expect(() => join('ann')).toThrow(new Refusal('too-fast'))
  })
})
