// Frames that are not well-formed: each is told as the same ERROR every time, and nobody else
// notices.

import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RefusalCode } from '../../src/refusals.ts'
import { expectRefused, type Scene, setScene } from '../support/scene.ts'
import type { StompSocket } from '../support/stomp-socket.ts'

const MAX_HEADERS = 16

let scene: Scene

beforeAll(async () => {
  scene = await setScene({ MAX_HEADERS, FRAME_SECONDS: 1 })
})

afterAll(() => scene.server.close())

type Case = readonly [what: string, data: string | Uint8Array, code: RefusalCode]

const SEND = 'SEND\ndestination:/pub/send/message\n'

const many = (count: number) => Array.from({ length: count }, (_, n) => `h${n}:v\n`).join('')

const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => Buffer.from(part as string)))

const CASES: Case[] = [
  // Commands.
  ['a command in small letters', 'send\ndestination:/pub/send/message\n\nx\0', 'command-unknown'],
  ['an unknown command', 'SHOUT\n\n\0', 'command-unknown'],
  ['a command with a space after it', 'SEND \ndestination:/a\n\n\0', 'command-unknown'],
  ['a request of HTTP', 'GET / HTTP/1.1\nhost:x\n\n', 'command-unknown'],
  ['JSON', '{"command":"SEND"}\n', 'command-unknown'],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'].map(
    (name): Case => [`the command ${name}`, `${name}\n\n\0`, 'command-unknown'],
  ),
  ...['CONNECTED', 'MESSAGE', 'RECEIPT', 'ERROR'].map(
    (name): Case => [`[STOMP B16] the server’s ${name}`, `${name}\n\n\0`, 'command-unknown'],
  ),

  // Headers.
  ['[STOMP B8] a header without a colon', `${SEND}nothing\n\nx\0`, 'frame-malformed'],
  ['[STOMP B7] a header without a name', `${SEND}:value\n\nx\0`, 'frame-malformed'],
  ['NUL in a header', `${SEND}a:b\0c\n\nx\0`, 'frame-malformed'],
  ['NUL in the command', 'SE\0ND\n\n\0', 'frame-malformed'],
  ['a frame that ends in its headers', `${SEND}\0`, 'frame-malformed'],
  ['[STOMP D3] an escape that there is not', `${SEND}a:b\\tc\n\nx\0`, 'frame-malformed'],
  ['[STOMP D8] a lone backslash at the end', `${SEND}a:b\\\n\nx\0`, 'frame-malformed'],
  ['a carriage return in a header', `${SEND}a:b\rc\n\nx\0`, 'frame-malformed'],
  ['a carriage return between frames', '\r\r\n', 'frame-malformed'],
  [
    '[STOMP B14] a value that is not UTF-8',
    bytes(SEND, 'a:', [0xff, 0xfe], '\n\nx\0'),
    'frame-malformed',
  ],
  ['[STOMP B14] a name that is not UTF-8', bytes(SEND, [0xc3], ':b\n\nx\0'), 'frame-malformed'],
  ['an overlong code', bytes(SEND, 'a:', [0xc0, 0xaf], '\n\nx\0'), 'frame-malformed'],
  ['half a surrogate pair', bytes(SEND, 'a:', [0xed, 0xa0, 0x80], '\n\nx\0'), 'frame-malformed'],
  ['a command that is not UTF-8', bytes([0x80, 0x81, 0x0a]), 'frame-malformed'],
  ['[STOMP P2] a header line too long', `${SEND}a:${'b'.repeat(17_000)}\n\nx\0`, 'frame-too-large'],
  ['[STOMP P2] a header line without an end', `${SEND}a:${'b'.repeat(17_000)}`, 'frame-too-large'],
  ['a command without an end', 'S'.repeat(17_000), 'frame-too-large'],
  ['[STOMP P1] too many headers', `SEND\n${many(MAX_HEADERS + 1)}\n\0`, 'frame-too-large'],
  ['[STOMP P3] headers without an end', `SEND\n${many(1000)}`, 'frame-too-large'],
  ['the same header too often', `SEND\n${'a:b\n'.repeat(1000)}`, 'frame-too-large'],

  // Length and body.
  ...['-1', 'NaN', '1e3', '0x10', ' 1', '+1', '1.0', '', '99999999999999999999'].map(
    (length): Case => [
      `[STOMP C5] the content-length "${length}"`,
      `${SEND}content-length:${length}\n\nx\0`,
      'frame-malformed',
    ],
  ),
  [
    '[STOMP C3] a content-length too small',
    `${SEND}content-length:2\n\nhello\0`,
    'frame-malformed',
  ],
  ['[STOMP C3] a content-length of none', `${SEND}content-length:0\n\nhello\0`, 'frame-malformed'],
  ['[STOMP B6] a content-length too big', `${SEND}content-length:9\n\nhello\0`, 'frame-late'],
  ['a content-length over any limit', `${SEND}content-length:70000\n\nx`, 'frame-too-large'],
  ['an immense content-length', `${SEND}content-length:999999999999999\n\nx`, 'frame-too-large'],
  ['[STOMP P5] a frame too large', `${SEND}\n${'x'.repeat(70_000)}\0`, 'frame-too-large'],
  ['[STOMP P5] a body without an end', `${SEND}\n${'x'.repeat(70_000)}`, 'frame-too-large'],
  ['a message of a megabyte', 'x'.repeat(1_048_576), 'frame-too-large'],
  [
    '[STOMP B12] a body where none may be',
    'SUBSCRIBE\nid:a\ndestination:/a\n\nx\0',
    'frame-malformed',
  ],
  [
    '[STOMP B12] a length where no body may be',
    'ACK\nid:a\ncontent-length:1\n\nx\0',
    'frame-malformed',
  ],
  ['[STOMP B6] a frame without an end', SEND, 'frame-late'],
]

test.each(CASES)('[R1][R3] %s', async (_what, data, code) => {
  const socket = await scene.connected()
  socket.raw(data)
  await expectRefused(socket, code)
  await scene.expectUndisturbed()
})

test.each(Array.from({ length: 16 }, (_, index) => index + 1))(
  '[R1] random bytes, number %i',
  async (seed) => {
    const random = mulberry32(seed)
    const noise = () => Array.from({ length: 1 + random(400) }, () => random(256))
    const socket = await (seed % 2 === 0 ? scene.connected() : scene.opened())
    // The line feed completes a line, which is no command.
    socket.raw(Uint8Array.of(1 + random(9), ...noise(), 0x0a, ...noise()))
    await expectRefused(socket, 'command-unknown', 'frame-malformed')
    await scene.expectUndisturbed()
  },
)

const LEAVINGS: [string, (socket: StompSocket) => unknown][] = [
  ['closes', (socket) => socket.hangUp()],
  ['is cut off', (socket) => socket.cut()],
]

test.each(LEAVINGS)('[R1][R3] a client that %s inside a frame leaves nothing', async (_how, go) => {
  const frame = Buffer.from(`${SEND}content-length:9\n\n가나다\0`)
  for (const cut of [1, 4, 5, 20, 40, frame.length - 5, frame.length - 1]) {
    const socket = await scene.connected()
    socket.raw(frame.subarray(0, cut))
    go(socket)
    await socket.closed
    await scene.expectUndisturbed()
  }
})

test.each<[string, RefusalCode]>([
  ['SHOUT\n\n\0', 'command-unknown'],
  ['UNSUBSCRIBE\nid:none\n\n\0', 'subscription-unknown'],
])(
  '[STOMP M3] nothing is done after the ERROR for %j, whatever comes in the same breath',
  async (bad, code) => {
    const socket = await scene.connected()
    const good = `${SEND}receipt:no\n\nnot to be kept\0`
    socket.raw(`${bad}${good}${good}`)
    for (let again = 0; again < 3; again++) socket.raw(good)
    await expectRefused(socket, code)
    expect(socket.frames.items.filter(({ command }) => command === 'RECEIPT')).toEqual([])
    await scene.expectUndisturbed()
  },
)

/** A small seeded generator: `random(n)` gives a whole number below n. */
function mulberry32(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}
