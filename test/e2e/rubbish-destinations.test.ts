// Deny by default: destinations that are not in the table of rules, and names that every object
// has.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { guest, newRoom } from '../support/people.ts'
import { expectRefused, type Scene, setScene } from '../support/scene.ts'
import { connect } from '../support/stomp-socket.ts'

let scene: Scene
/** A room of somebody else’s, that exists. */
let elsewhere: string

beforeAll(async () => {
  scene = await setScene()
  elsewhere = await newRoom(scene.server.url, scene.bystander)
})

afterAll(() => scene.server.close())

/** Destinations that no rule knows; `{here}` and `{elsewhere}` are ids of rooms. */
const FORBIDDEN = [
  '/topic/chat/room/{elsewhere}',
  '/topic/rooms/{elsewhere}',
  '/topic/chat/room/{here}/',
  '/topic/chat/room/*',
  '/topic/chat/room/{roomId}',
  '/topic/rooms/',
  '/topic/>',
  '/user/{bystander}/queue/errors',
  '/user/queue/errors/../tokens',
  '/pub/send/message/',
  '/PUB/SEND/MESSAGE',
  ' /pub/send/message',
  'pub/send/message',
  '/app/',
  '',
  '*',
  '__proto__',
  'constructor',
  'toString',
]

/** Each of the two may be done with what the other may not. */
const COMMANDS = [
  {
    command: 'SEND',
    others: ['/topic/chat/room/{here}', '/topic/rooms/{here}', '/user/queue/errors'],
  },
  { command: 'SUBSCRIBE', others: ['/pub/send/message', '/app/send', '/pub/**'] },
]

test.each(
  COMMANDS.flatMap(({ command, others }) =>
    [...FORBIDDEN, ...others].map((destination) => ({ command, destination })),
  ),
)('[A2][R1] $command to "$destination" is not allowed', async ({ command, destination }) => {
  const { bystander, room } = scene
  const named = destination
    .replace('{here}', room)
    .replace('{elsewhere}', elsewhere)
    .replace('{bystander}', bystander.id)
  const socket = await scene.connected()
  socket.say(
    command,
    { id: 'sub', destination: named, receipt: 'r' },
    command === 'SEND' ? 'x' : '',
  )
  await expectRefused(socket, 'not-allowed')
  const { headers } = await socket.error()
  // I10, O2: what was refused.
  expect(headers).toMatchObject({ 'receipt-id': 'r', destination: named })
  expect(headers.subscription).toBe(command === 'SUBSCRIBE' ? 'sub' : undefined)
  await scene.expectUndisturbed()
})

test('[R1] names that every object has are names like any others', async () => {
  const { server, vandal } = scene
  const room = await newRoom(server.url, vandal)
  const socket = await connect(server.url, await guest(server.url, 'constructor'), room)
  const log = `destination:/topic/chat/room/${room}`
  socket.raw(`SUBSCRIBE\nid:__proto__\n${log}\nreceipt:constructor\ntoString:x\n__proto__:y\n\n\0`)
  const body = '{"content":"valueOf","__proto__":{"replyTo":1},"constructor":{"prototype":1}}'
  const key = '__proto__:z\nidempotency-key:toString\ndestination:/pub/send/message\n'
  for (const receipt of ['hasOwnProperty', '__proto__']) {
    socket.raw(`SEND\n${key}receipt:${receipt}\n\n${body}\0`)
  }
  socket.raw(`SEND\ndestination:/pub/send/message\nidempotency-key:__proto__\n\nx\0`)
  await socket.message(2)
  await socket.frames.count(3, ({ command }) => command === 'RECEIPT')

  const told = socket.frames.items.slice(1).map(({ command, headers, body }) => {
    const { content, replyTo } = body ? JSON.parse(body) : {}
    return [command, headers['receipt-id'] ?? headers.subscription, headers.seq, content, replyTo]
  })
  // What is told of one moment comes together: the messages in their order, and the receipts in
  // theirs.
  const of = (kind: string) => told.filter(([command]) => command === kind)
  expect(of('RECEIPT')).toEqual([
    ['RECEIPT', 'constructor', undefined, undefined, undefined],
    ['RECEIPT', 'hasOwnProperty', '1', undefined, undefined],
    ['RECEIPT', '__proto__', '1', undefined, undefined],
  ])
  expect(of('MESSAGE')).toEqual([
    ['MESSAGE', '__proto__', '1', 'valueOf', undefined],
    ['MESSAGE', '__proto__', '2', 'x', undefined],
  ])
  await scene.expectUndisturbed()
})
