import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { StompCommand } from '../../../src/stomp/frame.ts'
import {
  CHANNEL,
  FakeRoom,
  type FakeSocket,
  LOG,
  person,
  SIGNALS,
} from '../../support/fake-room.ts'
import { frameOf } from '../../support/frame-of.ts'

interface Sent {
  readonly who: number
  readonly command: StompCommand
  readonly headers: Record<string, string>
  readonly body: string
  /** Whether it comes in the same moment as the one before. */
  readonly together: boolean
}

const PEOPLE = ['ann', 'bob', 'cid'].map((id) => person(id))

const headers = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(
      fc.constant<StompCommand>('SEND'),
      fc.record(
        {
          destination: fc.constantFrom('/pub/send/message', '/pub/send/message', CHANNEL),
          receipt: fc.constantFrom('r', 's', 't'),
          'idempotency-key': fc.constantFrom('k', 'l'),
        },
        { requiredKeys: ['destination'] },
      ),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(
      fc.constant<StompCommand>('SUBSCRIBE'),
      fc.record(
        {
          id: fc.constantFrom('1', '2', '3'),
          destination: fc.constantFrom(LOG, LOG, CHANNEL, SIGNALS),
          after: fc.constantFrom('0', '1'),
          receipt: fc.constant('u'),
        },
        { requiredKeys: ['id', 'destination'] },
      ),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(
      fc.constantFrom<StompCommand>('UNSUBSCRIBE', 'DISCONNECT', 'BEGIN'),
      fc.record({ id: fc.constantFrom('1', '2'), receipt: fc.constant('v') }),
    ),
  },
)

const sent: fc.Arbitrary<Sent> = fc
  .record({
    who: fc.nat(PEOPLE.length - 1),
    frame: headers,
    body: fc.constantFrom('hello', '안녕', ''),
    together: fc.boolean(),
  })
  .map(({ frame: [command, its], ...rest }) => ({
    ...rest,
    command,
    headers: its as Sent['headers'],
  }))

/** What each client heard on each subscription, of its receipts, and of its end; and the log. */
function run(frames: readonly Sent[], coalescing: boolean) {
  const room = new FakeRoom({ sendBurst: 10_000 })
  const sockets = PEOPLE.map((each) => room.connect(each))
  const moments: Sent[][] = []
  for (const each of frames) {
    if (coalescing && each.together) moments.at(-1)?.push(each)
    if (!coalescing || !each.together || moments.length === 0) moments.push([each])
  }
  for (const moment of moments) {
    room.turn(() => {
      for (const { who, command, headers: its, body } of moment) {
        const socket = sockets[who] as FakeSocket
        const frame = frameOf(command, its, command === 'SEND' ? body : '')
        room.receive(socket, frame)
      }
    })
    while (room.backlog) room.catchUp()
  }
  const heard = sockets.map((socket) => {
    const kinds = new Map<string, unknown[]>()
    for (const { command, headers: its, body } of socket.take()) {
      const { 'message-id': _id, ...rest } = its
      const kind = `${command} ${its.subscription ?? ''}`
      kinds.set(kind, [...(kinds.get(kind) ?? []), [rest, body]])
    }
    return [kinds, socket.closed]
  })
  return { heard, log: room.log.after(0, 1000) }
}

it('[L2] what comes in one moment is told as what comes one by one', () => {
  fc.assert(
    fc.property(fc.array(sent, { minLength: 5, maxLength: 40 }), (frames) => {
      expect(run(frames, true)).toEqual(run(frames, false))
    }),
    { numRuns: 120 },
  )
})
