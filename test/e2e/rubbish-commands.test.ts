// Frames that are well-formed and ask for what there is not. Each is refused with the same code
// every time, and nobody else notices.

import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RefusalCode } from '../../src/refusals.ts'
import { expectRefused, type Scene, setScene } from '../support/scene.ts'
import type { Headers } from '../support/stomp-socket.ts'

const MAX_SUBSCRIPTIONS = 4
const MAX_CONTENT_BYTES = 1000

let scene: Scene

beforeAll(async () => {
  scene = await setScene({ MAX_SUBSCRIPTIONS, MAX_CONTENT_BYTES })
})

afterAll(() => scene.server.close())

type FrameParts = readonly [command: string, headers?: Headers, body?: string]

/** The last of the frames is the one that is refused. */
interface Case {
  readonly what: string
  readonly code: RefusalCode
  readonly frames: () => readonly FrameParts[]
}

const row = (what: string, code: RefusalCode, ...frames: FrameParts[]): Case => ({
  what,
  code,
  frames: () => frames,
})

const SEND = { destination: '/pub/send/message' }
const JSON_TYPE = { ...SEND, 'content-type': 'application/json' }
const ERRORS = { destination: '/user/queue/errors' }

const begun: FrameParts[] = [['BEGIN', { transaction: 't' }]]
const subscription = (id: string): FrameParts => ['SUBSCRIBE', { id, ...ERRORS }]
const sent = (what: string, body: string, headers = JSON_TYPE): Case =>
  row(`the body ${what}`, 'body-invalid', ['SEND', headers, body])

const AFTER_CONNECT: Case[] = [
  // What there is not.
  ...['COMMIT', 'ABORT', 'ACK', 'NACK'].map((command) =>
    row(`[STOMP K4] ${command} in none`, 'transaction-unknown', [
      command,
      { id: 'a', transaction: 't' },
    ]),
  ),
  ...['ACK', 'NACK'].flatMap((command) =>
    ['a', '0-1', '__proto__', '9-9'].map((id) =>
      row(`[STOMP J6] ${command} of "${id}"`, 'message-unknown', [command, { id }]),
    ),
  ),
  row('[STOMP J10] an ACK without an id', 'header-missing', ['ACK', {}]),
  row('[STOMP K3] BEGIN twice', 'transaction-exists', ...begun, ...begun),
  row('[STOMP K5] BEGIN without an id', 'header-missing', ['BEGIN', {}]),
  row('[STOMP F7] a second CONNECT', 'already-connected', ['CONNECT', { 'accept-version': '1.2' }]),
  row('[STOMP F7] a STOMP after CONNECT', 'already-connected', [
    'STOMP',
    { 'accept-version': '1.2' },
  ]),

  // What is missing, or cannot be.
  row('[STOMP H1] a SEND to nowhere', 'header-missing', ['SEND', {}, 'x']),
  row('[STOMP I3] a SUBSCRIBE to nothing', 'header-missing', ['SUBSCRIBE', { id: 'a' }]),
  row('[STOMP I1] a SUBSCRIBE without an id', 'header-missing', ['SUBSCRIBE', ERRORS]),
  row('[STOMP L2] an UNSUBSCRIBE without an id', 'header-missing', ['UNSUBSCRIBE', ERRORS]),
  row('[STOMP B9] a header in capitals', 'header-missing', [
    'SEND',
    { Destination: SEND.destination },
  ]),
  row('[STOMP L4] an unknown subscription', 'subscription-unknown', ['UNSUBSCRIBE', { id: 'a' }]),
  row('[STOMP L4] __proto__ unsubscribed', 'subscription-unknown', [
    'UNSUBSCRIBE',
    { id: '__proto__' },
  ]),
  row('[STOMP I4] an id in use', 'subscription-exists', subscription('a'), subscription('a')),
  row('an empty id', 'header-invalid', subscription('')),
  row('an id too long', 'header-invalid', subscription('i'.repeat(129))),
  row('[STOMP I5] an unknown ack', 'header-invalid', [
    'SUBSCRIBE',
    { id: 'a', ack: 'all', ...ERRORS },
  ]),
  ...['client', 'client-individual'].map((ack) =>
    row(`ack:${ack} where nothing is acknowledged`, 'header-invalid', [
      'SUBSCRIBE',
      { id: 'a', ack, ...ERRORS },
    ]),
  ),
  row('[STOMP K4] an unknown transaction', 'transaction-unknown', [
    'SEND',
    { ...SEND, transaction: 't' },
  ]),
  row('an empty key', 'header-invalid', ['SEND', { ...SEND, 'idempotency-key': '' }, 'x']),
  row('a long key', 'header-invalid', [
    'SEND',
    { ...SEND, 'idempotency-key': 'k'.repeat(129) },
    'x',
  ]),
  row(
    '[STOMP P6] too many subscriptions',
    'too-many-subscriptions',
    ...Array.from({ length: MAX_SUBSCRIPTIONS + 1 }, (_, n) => subscription(String(n))),
  ),
  ...['-1', 'x', '1.5', '1e3', '', ' 1', '+1', '0x1', '999999', '99999999999999999999'].map(
    (after): Case => ({
      what: `after "${after}"`,
      code: after === '999999' ? 'after-unknown' : 'header-invalid',
      frames: () => [
        ['SUBSCRIBE', { id: 'a', destination: `/topic/chat/room/${scene.room}`, after }],
      ],
    }),
  ),

  // Bodies.
  row('content too large', 'content-too-large', ['SEND', SEND, '가'.repeat(400)]),
  sent('of no bytes', '', SEND as typeof JSON_TYPE),
  sent('that is not JSON', '{"content":'),
  sent('of JSON that is no object', '["content"]'),
  sent('that is null', 'null'),
  sent('without content', '{}'),
  sent('with empty content', '{"content":""}'),
  sent('with content of another type', '{"content":{"toString":"x"}}'),
  sent('nested deep', `${'{"content":'.repeat(500)}1${'}'.repeat(500)}`),
  sent('whose content is inherited', '{"__proto__":{"content":"x"}}'),
  ...['0', '-1', '1.5', '"1"', 'null', '999999', '1e999', '{}'].map((replyTo) =>
    sent(`with replyTo ${replyTo}`, `{"content":"x","replyTo":${replyTo}}`),
  ),

  // Whose token.
  row('a token of no sort', 'token-invalid', ['SEND', { ...SEND, Authorization: 'Bearer x' }, 'x']),
  row('no token at all', 'token-invalid', ['SEND', { ...SEND, Authorization: 'Basic eDp5' }, 'x']),
  {
    what: '[A1] a token of somebody else',
    code: 'principal-mismatch',
    frames: () => [
      ['SEND', { ...SEND, Authorization: `Bearer ${scene.bystander.accessToken}` }, 'x'],
    ],
  },
]

const BEFORE_CONNECT: Case[] = [
  ...['SEND', 'SUBSCRIBE', 'UNSUBSCRIBE', 'DISCONNECT', 'ACK', 'BEGIN', 'MESSAGE', 'ERROR'].map(
    (command) =>
      row(`[STOMP F6] ${command} before CONNECT`, 'not-connected', [command, { id: 'a', ...SEND }]),
  ),
  row('a CONNECT without a token', 'token-missing', ['CONNECT', { 'accept-version': '1.2' }]),
  row('[STOMP F9] a bad token', 'token-invalid', ['CONNECT', { passcode: 'x' }]),
  row('[STOMP F9] an empty token', 'token-invalid', ['CONNECT', { passcode: '' }]),
  row('another scheme', 'token-invalid', ['CONNECT', { Authorization: 'Basic eDp5' }]),
  {
    what: '[A1] the token of somebody else',
    code: 'principal-mismatch',
    frames: () => [['CONNECT', { passcode: scene.bystander.accessToken, login: scene.vandal.id }]],
  },
  ...['', '2.0', '1.2.0', '__proto__', 'constructor,toString'].map(
    (version): Case => ({
      what: `[STOMP F5] the versions "${version}"`,
      code: 'version-unsupported',
      frames: () => [
        ['CONNECT', { passcode: scene.vandal.accessToken, 'accept-version': version }],
      ],
    }),
  ),
  ...['x', '1', '-1,0', '1,2,3', '1.5,1', '1, 2', '', 'NaN,NaN', '99999999999,0'].map(
    (beat): Case => ({
      what: `[STOMP G2] the heart-beat "${beat}"`,
      code: 'frame-malformed',
      frames: () => [['CONNECT', { 'accept-version': '1.2', 'heart-beat': beat }]],
    }),
  ),
  row('[STOMP P4] a long CONNECT', 'frame-too-large', [
    'CONNECT',
    Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`h${n}`, 'x'.repeat(4000)])),
  ]),
]

test.each(AFTER_CONNECT)('[R1][R3] $what: $code', async ({ code, frames }) => {
  const socket = await scene.connected()
  for (const frame of frames()) socket.say(...frame)
  await expectRefused(socket, code)
  await scene.expectUndisturbed()
})

test.each(BEFORE_CONNECT)('[R1][R3] $what: $code', async ({ code, frames }) => {
  const socket = await scene.opened()
  for (const frame of frames()) socket.say(...frame)
  await expectRefused(socket, code)
  if (code === 'version-unsupported') {
    expect((await socket.error()).headers.version).toBe('1.0,1.1,1.2')
  }
  await scene.expectUndisturbed()
})
