// A backend speaks over HTTP while others listen and speak with @stomp/stompjs: one log, one order.

import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chain, chainOf, enter, eventOf, said, user } from '../support/chatter.ts'
import { type Asked, ask, guest, newRoom, type Person } from '../support/people.ts'
import { type Scene, setScene } from '../support/scene.ts'
import { type Server, sharedServer } from '../support/server.ts'

let server: Server
let scene: Scene
let ada: Person
let bo: Person

beforeAll(async () => {
  server = await sharedServer()
  scene = await setScene()
  ada = await guest(server.url, 'Ada')
  bo = await guest(server.url, '보라')
})

afterAll(() => server.close())

const asked = (person: Person, method: string, path: string, more: Asked = {}) =>
  ask(server.url, method, `/api/rooms/${path}`, { token: person.accessToken, ...more })

/** Sends a message over HTTP; gives its seq. */
async function post(person: Person, room: string, body: object, key?: string): Promise<number> {
  const headers: Record<string, string> = key === undefined ? {} : { 'Idempotency-Key': key }
  const answer = await asked(person, 'POST', `${room}/messages`, { body, headers })
  expect([answer.status, answer.body]).toEqual([201, { seq: expect.any(Number) }])
  return answer.body.seq
}

async function roomWithListener() {
  const room = await newRoom(server.url, ada)
  const listener = await enter(server.url, bo, room)
  return { room, listener, heard: await listener.log() }
}

const evict = (room: string) =>
  server.harness.getWorker().evictDurableObject('ROOM', { name: room, webSockets: 'hibernate' })

test.each([false, true])(
  '[L1] [L4] [A1] [H1] all that is done over HTTP is heard, in its order, evicted between: %s',
  async (evicted) => {
    const { room, listener, heard } = await roomWithListener()
    const pause = () => (evicted ? evict(room) : undefined)
    const change = async (person: Person, method: string, path: string, body?: object) => {
      await pause()
      const answer = await asked(person, method, `${room}/messages/${path}`, { body })
      expect(answer.status).toBe(200)
      return answer.body.seq
    }
    expect(await post(ada, room, { content: '안녕 👋🏽' })).toBe(1)
    await pause()
    expect(await listener.send({ content: 'over STOMP', replyTo: 1 })).toBe(2)
    await pause()
    expect(await post(ada, room, { content: 'over HTTP', replyTo: 2, sender: bo.id })).toBe(3)
    expect(await change(ada, 'PATCH', '1', { content: 'hello' })).toBe(4)
    const heart = `2/reactions/${encodeURIComponent('❤️')}`
    expect(await change(ada, 'PUT', heart)).toBe(5)
    expect(await change(ada, 'DELETE', heart)).toBe(6)
    expect(await change(ada, 'DELETE', heart)).toBe(6)
    expect(await change(ada, 'DELETE', '1')).toBe(7)

    const events = (await heard.count(7)).map(eventOf)
    expect(chainOf(heard.items)).toEqual(chain(1, 7))
    const by = (person: Person, rest: object) => ({ sender: user(person), ...rest })
    expect(events).toMatchObject([
      said(1, ada, { content: '안녕 👋🏽' }),
      said(2, bo, { content: 'over STOMP', replyTo: 1 }),
      said(3, ada, { content: 'over HTTP', replyTo: 2 }),
      by(ada, { type: 'edit', target: 1, content: 'hello' }),
      by(ada, { type: 'reaction', target: 2, reaction: '❤️', on: true }),
      by(ada, { type: 'reaction', target: 2, reaction: '❤️', on: false }),
      by(ada, { type: 'delete', target: 1 }),
    ])
  },
)

test('[L1] [L2] what both say at once has one order, which all hear', async () => {
  const { room, listener, heard } = await roomWithListener()
  const words = Array.from({ length: 20 }, (_, n) => n)
  const told = await Promise.all(
    words.flatMap((n) => [
      post(ada, room, { content: `over HTTP ${n}` }),
      listener.send(`over STOMP ${n}`),
    ]),
  )
  const contents = words.flatMap((n) => [`over HTTP ${n}`, `over STOMP ${n}`])
  const events = (await heard.count(40)).map(eventOf)
  expect(chainOf(heard.items)).toEqual(chain(1, 40))
  expect(told.map((seq) => events[seq - 1]?.content)).toEqual(contents)
  const page = await asked(ada, 'GET', `${room}/events?after=0&limit=100`)
  expect(page.body.events).toEqual(events)
})

test('[L5] one key, over HTTP and STOMP at once, is one event', async () => {
  const { room, heard } = await roomWithListener()
  const adas = await enter(server.url, ada, room)
  for (let seq = 1; seq <= 10; seq++) {
    const [content, key] = [`say ${seq}`, `k-${seq}`]
    const told = await Promise.all([
      post(ada, room, { content }, key),
      adas.send({ content }, { 'idempotency-key': key }),
      post(ada, room, { content }, key),
      adas.send({ content }, { 'idempotency-key': key }),
    ])
    expect(told).toEqual([seq, seq, seq, seq])
  }
  const headers = { 'Idempotency-Key': 'k-1' }
  const other = await asked(ada, 'POST', `${room}/messages`, { body: { content: 'x' }, headers })
  expect([other.status, other.body.code]).toEqual([422, 'key-reused'])
  expect(await post(bo, room, { content: 'mine' }, 'k-1')).toBe(11)
  expect((await heard.count(11)).map(({ headers }) => headers.seq)).toEqual(
    chain(1, 11).map(([seq]) => String(seq)),
  )
})

test('[L5] a request whose answer was not waited for is one event with its retry', async () => {
  const { room, heard } = await roomWithListener()
  for (let seq = 1; seq <= 10; seq++) {
    const hangUp = new AbortController()
    const cut = fetch(`${server.url}/api/rooms/${room}/messages`, {
      method: 'POST',
      headers: {
        ...JSON_TYPE,
        Authorization: `Bearer ${ada.accessToken}`,
        'Idempotency-Key': `k-${seq}`,
      },
      body: JSON.stringify({ content: `say ${seq}` }),
      signal: hangUp.signal,
    }).catch(() => undefined)
    // Half of them meet the end of their connection before they are answered.
    if (seq % 2 === 0) await evict(room)
    hangUp.abort()
    await cut
    expect(await post(ada, room, { content: `say ${seq}` }, `k-${seq}`)).toBe(seq)
  }
  expect(chainOf(await heard.count(10))).toEqual(chain(1, 10))
})

test('how far somebody has read is told, and changes no presence', async () => {
  const { room, listener } = await roomWithListener()
  const signals = await listener.signals()
  await post(ada, room, { content: 'one' })
  const read = await asked(ada, 'PUT', `${room}/read`, { body: { seq: 1 } })
  expect([read.status, read.body]).toEqual([204, ''])
  const [presence, told] = (await signals.count(2)).map(({ body }) => JSON.parse(body))
  expect(presence).toEqual({ type: 'presence', count: 1, here: [user(bo)] })
  expect(told).toEqual({ type: 'read', user: user(ada), seq: 1 })
})

test('[A2] [M1] the role decides as it does over STOMP, from the moment that it is set', async () => {
  const { room, listener, heard } = await roomWithListener()
  const theirs = await post(ada, room, { content: 'of Ada' })
  const setRole = (role: string) =>
    asked(ada, 'PATCH', `${room}/members/${bo.id}`, { body: { role } })
  const outcomes = async () => {
    const answers = [
      await asked(bo, 'POST', `${room}/messages`, { body: { content: 'of Bo' } }),
      await asked(bo, 'PATCH', `${room}/messages/${theirs}`, { body: { content: 'x' } }),
      await asked(bo, 'DELETE', `${room}/messages/${theirs}`),
      await asked(bo, 'PUT', `${room}/messages/1/reactions/x`),
      await asked(bo, 'PUT', `${room}/read`, { body: { seq: 1 } }),
    ]
    return answers.map(({ status, body }) => `${status} ${body.code ?? body.seq ?? ''}`.trim())
  }
  expect(await outcomes()).toEqual(['201 2', '403 not-author', '403 not-author', '200 3', '204'])
  await setRole('reader')
  const no = '403 not-allowed'
  expect(await outcomes()).toEqual([no, no, no, no, '204'])
  await setRole('banned')
  expect(new Set(await outcomes())).toEqual(new Set(['403 banned']))
  await expect(listener.errors.find(() => true)).resolves.toMatchObject({
    headers: { code: 'banned' },
  })
  const types = heard.items.map((frame) => eventOf(frame).type)
  expect(types).toEqual(['message', 'message', 'reaction', 'role'])
})

const JSON_TYPE = { 'Content-Type': 'application/json' }

type Bad = [
  method: string,
  path: string,
  body: string | undefined,
  status: number,
  code: string,
  headers?: Readonly<Record<string, string>>,
]

/** `{room}` is the id of a room with one message, which is another’s. */
const BAD: Bad[] = [
  ['POST', '{room}/messages', '{"content":', 400, 'body-malformed'],
  [
    'POST',
    '{room}/messages',
    'content=x',
    415,
    'media-type-refused',
    { 'Content-Type': 'text/plain' },
  ],
  ['POST', '{room}/messages', '{}', 422, 'body-invalid'],
  ['POST', '{room}/messages', '{"content":"x","replyTo":99999}', 422, 'body-invalid'],
  [
    'POST',
    '{room}/messages',
    JSON.stringify({ content: 'x'.repeat(8193) }),
    413,
    'content-too-large',
  ],
  ['POST', '{room}/messages', '{"content":"x"}', 400, 'header-invalid', { 'Idempotency-Key': '' }],
  [
    'POST',
    '{room}/messages',
    '{"content":"x"}',
    400,
    'header-invalid',
    { 'Idempotency-Key': 'k'.repeat(129) },
  ],
  [
    'POST',
    '{room}/messages',
    '{"content":"x"}',
    400,
    'header-invalid',
    { 'Idempotency-Key': 'k', 'Idempotency-Since': 'once' },
  ],
  ['POST', `${'z'.repeat(20)}/messages`, '{"content":"x"}', 404, 'room-unknown'],
  ['POST', 'nowhere/messages', '{"content":"x"}', 404, 'room-unknown'],
  ['PATCH', '{room}/messages/1', '{"content":"x"}', 403, 'not-author'],
  ['PATCH', '{room}/messages/99999', '{"content":"x"}', 404, 'event-unknown'],
  ['PATCH', '{room}/messages/one', '{"content":"x"}', 404, 'event-unknown'],
  ['DELETE', '{room}/messages/1', undefined, 403, 'not-author'],
  ['DELETE', '{room}/messages/-1', undefined, 404, 'event-unknown'],
  ['PUT', '{room}/messages/1/reactions/%E2%80%8B', undefined, 422, 'body-invalid'],
  ['PUT', '{room}/messages/1/reactions/%FF', undefined, 422, 'body-invalid'],
  ['PUT', `{room}/messages/1/reactions/${'x'.repeat(33)}`, undefined, 422, 'body-invalid'],
  ['PUT', '{room}/messages/99999/reactions/x', undefined, 404, 'event-unknown'],
  ['DELETE', '{room}/messages/1/reactions/..', undefined, 404, 'route-unknown'],
  ['DELETE', '{room}/messages/1/reactions/%2e%2e', undefined, 404, 'route-unknown'],
  ['PUT', '{room}/read', '{"seq":99999}', 404, 'event-unknown'],
  ['PUT', '{room}/read', '{"seq":"1"}', 422, 'body-invalid'],
]

describe('a request that is refused', () => {
  test.each<Bad>(BAD)(
    '[R1] %s %s %s: %i %s (%#)',
    async (method, path, body, status, code, headers) => {
      await scene.expectUndisturbed()
      const answer = await raw(method, `/api/rooms/${path.replace('{room}', scene.room)}`, body, {
        ...JSON_TYPE,
        ...headers,
      })
      expect([answer.status, JSON.parse(answer.text)]).toMatchObject([status, { status, code }])
      expect(answer.type).toBe('application/problem+json')
      await scene.expectUndisturbed()
    },
  )
})

/** Asks as the vandal, and leaves the path as it is, as `fetch` would not. */
function raw(
  method: string,
  path: string,
  body: string | undefined,
  headers: Readonly<Record<string, string>>,
) {
  const { hostname, port } = new URL(server.url)
  const own = { Authorization: `Bearer ${scene.vandal.accessToken}`, ...headers }
  const sized = { ...own, 'Content-Length': String(Buffer.byteLength(body ?? '')) }
  return new Promise<{ status?: number; type?: string; text: string }>((resolve, reject) => {
    const asking = request({ hostname, port, path, method, headers: sized }, (response) => {
      const { statusCode: status = 0, headers: its } = response
      let text = ''
      response.on('data', (chunk: Buffer) => {
        text += chunk
      })
      response.on('end', () => resolve({ status, type: its['content-type'] ?? '', text }))
    })
    asking.on('error', reject)
    asking.end(body)
  })
}
