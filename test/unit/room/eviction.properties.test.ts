import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Revocation } from '../../../src/auth/bearer.ts'
import type { Principal } from '../../../src/auth/principal.ts'
import { Refusal } from '../../../src/refusals.ts'
import type { StompCommand } from '../../../src/stomp/frame.ts'
import {
  CHANNEL,
  ERRORS,
  FakeRoom,
  type FakeSocket,
  LOG,
  OWNER,
  person,
  QUEUE,
  SIGNALS,
} from '../../support/fake-room.ts'

/** One step of a scenario: who does what. */
interface Step {
  readonly who: number
  readonly does: 'connect' | 'leave' | 'wait' | 'frame' | 'renew' | 'revoke' | 'rank'
  readonly command: StompCommand
  readonly headers: Record<string, string>
  readonly body: string
  /** Whether the object is evicted before this step, in the run with evictions. */
  readonly evicted: boolean
}

const PEOPLE = ['ann', 'bob', 'ann'].map((id) => person(id))

/** Stands for the ack header that came last. */
const LAST = 'the last'

const optional = (name: string, value: fc.Arbitrary<string>) =>
  fc.oneof(
    fc.constant({}),
    value.map((text) => ({ [name]: text })),
  )

const headers = fc
  .tuple(
    optional(
      'destination',
      fc.constantFrom('/pub/send/message', LOG, SIGNALS, ERRORS, CHANNEL, QUEUE, '/x'),
    ),
    optional('id', fc.constantFrom('1', '2')),
    optional('receipt', fc.constantFrom('r', 's')),
    optional('idempotency-key', fc.constantFrom('k', 'l')),
    optional('after', fc.constantFrom('0', '1', '5')),
    optional('transaction', fc.constantFrom('t', 'u')),
    optional('ack', fc.constantFrom('client', 'client-individual')),
  )
  .map((parts) => Object.assign({}, ...parts) as Record<string, string>)

const id = fc.constantFrom('1', '2', '3', '4', '5')
const subscribe = fc.oneof(
  fc.record({ id, destination: fc.constantFrom(LOG, SIGNALS, ERRORS, CHANNEL, QUEUE) }),
  fc.record({ id, destination: fc.constantFrom(LOG, QUEUE), ack: fc.constant('client') }),
)
const say = fc.record(
  {
    destination: fc.constantFrom('/pub/send/message', CHANNEL, QUEUE),
    receipt: fc.constantFrom('r', 's'),
    'idempotency-key': fc.constantFrom('k', 'l'),
    transaction: fc.constant('t'),
  },
  { requiredKeys: ['destination'] },
)
/** An edit, a deletion or a reaction, with the body that it takes. */
const change = fc.tuple(
  fc.record(
    {
      destination: fc.constantFrom(
        '/pub/edit/message',
        '/pub/delete/message',
        '/pub/react/message',
      ),
      receipt: fc.constantFrom('r', 's'),
      'idempotency-key': fc.constantFrom('k', 'l'),
      transaction: fc.constant('t'),
    },
    { requiredKeys: ['destination'] },
  ),
  fc.record(
    {
      seq: fc.constantFrom(1, 1, 2, 3, 9),
      content: fc.constantFrom('a', 'b'),
      reaction: fc.constantFrom('👍', '__proto__'),
      on: fc.boolean(),
    },
    { requiredKeys: ['seq', 'content', 'reaction'] },
  ),
)
/** A signal, with the body that it takes. */
const signal = fc.tuple(
  fc.record(
    {
      destination: fc.constantFrom('/pub/typing', '/app/typing', '/pub/read'),
      receipt: fc.constantFrom('r', 's'),
      transaction: fc.constant('t'),
    },
    { requiredKeys: ['destination'] },
  ),
  fc.record({ typing: fc.boolean(), seq: fc.constantFrom(1, 2, 3, 9) }),
)
const transaction = fc.constantFrom({ transaction: 't' }, { transaction: 't', receipt: 'r' })

const frame: fc.Arbitrary<readonly [command: StompCommand, headers: object, body?: string]> =
  fc.oneof(
    { weight: 4, arbitrary: fc.tuple(fc.constant<StompCommand>('SEND'), say) },
    {
      weight: 3,
      arbitrary: signal.map(
        ([its, body]) => ['SEND' as StompCommand, its, JSON.stringify(body)] as const,
      ),
    },
    {
      weight: 4,
      arbitrary: change.map(
        ([its, body]) => ['SEND' as StompCommand, its, JSON.stringify(body)] as const,
      ),
    },
    { weight: 3, arbitrary: fc.tuple(fc.constant<StompCommand>('SUBSCRIBE'), subscribe) },
    {
      weight: 2,
      arbitrary: fc.tuple(fc.constantFrom<StompCommand>('BEGIN', 'COMMIT', 'ABORT'), transaction),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(fc.constantFrom<StompCommand>('ACK', 'NACK'), fc.constant({ id: LAST })),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(
        fc.constantFrom<StompCommand>(
          'SEND',
          'SUBSCRIBE',
          'UNSUBSCRIBE',
          'DISCONNECT',
          'ACK',
          'BEGIN',
        ),
        headers,
      ),
    },
  )

const step: fc.Arbitrary<Step> = fc
  .record({
    who: fc.nat(PEOPLE.length - 1),
    does: fc.oneof(
      { weight: 20, arbitrary: fc.constant('frame' as const) },
      { weight: 4, arbitrary: fc.constantFrom('connect', 'leave', 'wait', 'connect') },
      { weight: 1, arbitrary: fc.constantFrom('renew', 'revoke', 'rank') },
    ),
    frame,
    body: fc.constantFrom('hello', '안녕 😀', '', '{"content":"x"}', 'x'.repeat(1001)),
    evicted: fc.boolean(),
  })
  .map(({ frame: [command, its, own], ...rest }) => ({
    ...rest,
    command,
    headers: its as Step['headers'],
    body: own ?? rest.body,
  }))

/** Somebody who came in; undefined for who was refused. */
function entered(room: FakeRoom, principal: Principal): FakeSocket | undefined {
  try {
    return room.connect(principal, { 'heart-beat': '45000,45000' })
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

/** Everybody is here, has said something, and goes on after a mild refusal. */
function inTheMiddle(room: FakeRoom): (FakeSocket | undefined)[] {
  return PEOPLE.map((principal) => {
    const socket = entered(room, principal)
    if (!socket) return undefined
    room.subscribe(socket, 'errors', ERRORS)
    room.say(socket, 'hello')
    return socket
  })
}

/** Everything that any client heard, in order, and the log at the end. */
function run(steps: readonly Step[], begun: boolean, evicting: boolean) {
  const room = new FakeRoom({ sendPerSecond: 1000, sendBurst: 10_000 })
  const sockets = begun ? inTheMiddle(room) : []
  const heard: unknown[] = []
  const acks: string[] = []
  for (const { who, does, command, headers: its, body, evicted } of steps) {
    if (evicting && evicted) room.evict()
    const socket = sockets[who]
    if (does === 'wait') room.now += body === '' ? 3000 : 20_000
    else if (does === 'connect' && !socket) {
      const principal = PEOPLE[who] ?? person('nobody')
      sockets[who] = entered(room, principal)
    } else if (does === 'renew' && socket) {
      const renewal = room.token(PEOPLE[who] ?? person('nobody'))
      room.send(socket, 'SEND', { destination: '/app/auth', receipt: 'r' }, '', renewal)
    } else if (does === 'revoke') {
      const until = room.now / 1000 + 30
      const order = { personId: 'ann', sessionId: null, below: 2, code: 'roles-changed', until }
      room.turn((turn) => room.room.revoke(turn, order as Revocation))
    } else if (does === 'rank') {
      const role = (['reader', 'writer', 'banned'] as const)[body.length % 3] ?? 'writer'
      const introduced = { name: 'ANN', guest: false }
      room.turn((turn) =>
        room.room.setRole(turn, person(OWNER), 'ann', role, undefined, introduced),
      )
    } else if (does === 'leave' && socket) {
      room.leave(socket)
      sockets[who] = undefined
    } else if (does === 'frame' && socket) {
      const id = its.id === LAST ? { id: acks[who] ?? '' } : {}
      room.send(socket, command, { ...its, ...id }, command === 'SEND' ? body : '')
    }
    for (let chunks = 0; room.backlog && chunks < 9; chunks++) room.catchUp()
    sockets.forEach((each, index) => {
      const text = each?.takeText() ?? ''
      acks[index] = /^ack:(.*)$/m.exec(text)?.[1] ?? acks[index] ?? ''
      if (each) heard.push([index, text, each.closed])
    })
  }
  return { heard, log: room.log.after(0, 1000) }
}

it('[H1] [L2] evicting the object between any two frames changes nothing that a client can see', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 60 }), fc.boolean(), (steps, begun) => {
      expect(run(steps, begun, true)).toEqual(run(steps, begun, false))
    }),
    { numRuns: 80 },
  )
})
