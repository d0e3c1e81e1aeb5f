// Commands without STOMP: what an HTTP route or a job of the room itself would ask for.

import { beforeEach, describe, expect, it } from 'vitest'
import { execute, executeAll, type RoomCommand } from '../../../src/room/commands/execute.ts'
import type { Actor, Outcome } from '../../../src/room/commands/handler.ts'
import type { ConnectedSession } from '../../../src/room/connections/session.ts'
import { deliver, tellOutcome } from '../../../src/room/delivery/deliver.ts'
import { authorizeFrame } from '../../../src/room/rules.ts'
import { commandOf } from '../../../src/room/stomp-commands/command-of.ts'
import { FakeRoom, type FakeSocket, LOG, person, ROOM_ID } from '../../support/fake-room.ts'
import { frameOf } from '../../support/frame-of.ts'

const ann = person('ann')

let room: FakeRoom
let socket: FakeSocket
let actor: Actor

beforeEach(() => {
  room = new FakeRoom()
  socket = room.connect(ann)
  actor = { principal: ann, connection: socket }
})

const ask = (command: RoomCommand): Outcome => {
  let outcome: Outcome = {}
  room.turn((turn) => {
    outcome = execute(turn, actor, command)
    tellOutcome(turn, outcome)
    deliver(turn)
  })
  return outcome
}

describe('a command', () => {
  it('[L1] [L4] is executed for whoever asks, and its event is delivered', () => {
    room.subscribe(socket, 'log', LOG)
    expect(ask({ type: 'message', content: 'hello' })).toMatchObject({ seq: 1 })
    expect(ask({ type: 'edit', seq: 1, content: 'hello!' })).toMatchObject({ seq: 2 })
    expect(socket.take().map(({ headers }) => headers.seq)).toEqual(['1', '2'])
  })

  it('[L5] under the same key gives the seq of its event', () => {
    const command: RoomCommand = { type: 'message', content: 'x', idempotencyKey: 'k' }
    expect([ask(command), ask(command)].map(({ seq }) => seq)).toEqual([1, 1])
    expect(() => ask({ ...command, content: 'y' })).toThrow('key-reused')
  })

  it('is charged like a SEND', () => {
    const message: RoomCommand = { type: 'message', content: 'x' }
    for (let n = 0; n < 50; n++) ask(message)
    expect(() => ask(message)).toThrow('too-fast')
  })

  it('[STOMP K1] of several is executed with all of them, or none is', () => {
    const commands: RoomCommand[] = [
      { type: 'message', content: 'x' },
      { type: 'message', content: 'y' },
    ]
    room.log.failsAt = 2
    const all = () => room.turn((turn) => void executeAll(turn, actor, commands, () => {}))
    expect(all).toThrow('the disk is full')
    expect(room.log.head()).toBe(0)
    room.log.failsAt = undefined
    all()
    expect(room.log.head()).toBe(2)
  })
})

describe('the command of a frame', () => {
  const payload = {
    headers: [
      ['sender-id', 'ann'],
      ['sender-display-name', 'ANN'],
    ],
    body: 'hi',
  }

  it.each<[string, string, object]>([
    ['/pub/send/message', 'hi', { type: 'message', content: 'hi' }],
    [
      '/pub/send/message',
      '{"content":"hi","replyTo":1}',
      { type: 'message', content: 'hi', replyTo: 1 },
    ],
    ['/pub/edit/message', '{"seq":1,"content":"ho"}', { type: 'edit', seq: 1, content: 'ho' }],
    ['/pub/delete/message', '{"seq":1}', { type: 'delete', seq: 1 }],
    [
      '/pub/react/message',
      '{"seq":1,"reaction":"\u2764"}',
      { type: 'reaction', seq: 1, reaction: '\u2764\ufe0f', on: true },
    ],
    ['/pub/typing', '', { type: 'typing', typing: true }],
    ['/pub/read', '{"seq":1}', { type: 'read', seq: 1 }],
    [`/topic/rooms/${ROOM_ID}/c`, 'hi', { type: 'channel', name: 'c', payload }],
    [`/queue/rooms/${ROOM_ID}/q`, 'hi', { type: 'queue', name: 'q', payload }],
  ])('to %s is plain data (%#)', (destination, body, expected) => {
    room.turn((turn) => {
      const session = socket.session as ConnectedSession
      const frame = frameOf('SEND', { destination }, body)
      const call = { connection: socket, session, frame, credential: undefined }
      const command = commandOf(call, authorizeFrame(turn, call))
      expect(command).toEqual(expected)
      expect(structuredClone(command)).toEqual(command)
    })
  })
})
