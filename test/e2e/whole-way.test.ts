// The whole way with the client that people use: HTTP, ticket, WebSocket, STOMP, and back.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Chatter, chain, chainOf, enter, eventOf, said, user } from '../support/chatter.ts'
import { ask, guest, newRoom, type Person } from '../support/people.ts'
import { type Server, startServer } from '../support/server.ts'

let server: Server
let url: string
let ada: Person
let bo: Person

beforeAll(async () => {
  server = await startServer({ SEND_PER_SECOND: 1000, SEND_BURST: 10_000 })
  url = server.url
  ada = await guest(url, 'Ada')
  bo = await guest(url, '보라')
})

afterAll(() => server.close())

const TEXTS = [
  '안녕하세요, 여러분! 반갑습니다.',
  '👋🏽👨‍👩‍👧‍👦🇰🇷',
  'line one\nline two\ttab "quotes" \\ backslash : colon',
  '\u202eright to left, ٱلسَّلَامُ عَلَيْكُمْ',
]

test('[L1][L2][A1] two people hear the same messages in the same order, with who said them', async () => {
  const room = await newRoom(url, ada)
  const adas = await enter(url, ada, room)
  const bos = await enter(url, bo, room)
  const adaHears = await adas.log()
  const boHears = await bos.log()

  const told: number[] = []
  for (const content of TEXTS) {
    told.push(await adas.send({ content }))
    told.push(await bos.send({ content: `${content}!`, replyTo: told.length }))
  }
  const count = 2 * TEXTS.length
  expect(told).toEqual(Array.from({ length: count }, (_, index) => index + 1))

  const [atAda, atBo] = await Promise.all([adaHears.count(count), boHears.count(count)])
  expect(chainOf(atAda)).toEqual(chain(1, count))
  expect(atBo.map(eventOf)).toEqual(atAda.map(eventOf))
  expect(atAda.map(eventOf)).toEqual(
    TEXTS.flatMap((content, index) => {
      const seq = 2 * index + 1
      const quote = { seq, sender: user(ada), content }
      return [
        said(seq, ada, { content }),
        said(seq + 1, bo, { content: `${content}!`, replyTo: seq, quote }),
      ]
    }),
  )
})

test('a presence snapshot comes first, then who joins and leaves; several tabs are one person', async () => {
  const chris = await guest(url, 'Chris')
  const room = await newRoom(url, ada)
  const adas = await enter(url, ada, room)
  const signals = await adas.signals()

  const tab = await enter(url, bo, room)
  const otherTab = await enter(url, bo, room)
  const snapshot = await (await otherTab.signals()).find(() => true)
  expect(JSON.parse(snapshot.body)).toEqual({
    type: 'presence',
    count: 2,
    here: expect.arrayContaining([user(ada), user(bo)]),
  })
  await tab.leave()
  await otherTab.leave()
  await enter(url, chris, room)

  const heard = await signals.count(4)
  expect(heard.map(({ body }) => JSON.parse(body))).toEqual([
    { type: 'presence', count: 1, here: [user(ada)] },
    { type: 'joined', user: user(bo) },
    { type: 'left', user: user(bo) },
    { type: 'joined', user: user(chris) },
  ])
})

test.each([
  { missed: 50, say: 'in one chunk' },
  { missed: 450, say: 'in several chunks, while others go on talking' },
])(
  '[L6][L2] $missed missed messages come back $say: each once, in order, then live',
  async ({ missed }) => {
    const room = await newRoom(url, ada)
    const adas = await enter(url, ada, room)
    const before = await enter(url, bo, room)
    const heard = await before.log()
    for (const content of ['one', 'two', 'three']) await adas.send(content)
    await heard.count(3)
    await before.leave()

    await sendMany(adas, missed, 'missed')
    const again = await enter(url, bo, room)
    // Not awaited: these are sent while the log is replayed.
    const meanwhile = sendMany(adas, 20, 'meanwhile')
    const resumed = await again.log(3)
    await meanwhile
    const last = await adas.send('live')

    expect(last).toBe(3 + missed + 20 + 1)
    await resumed.find(({ headers }) => headers.seq === String(last))
    expect(chainOf(resumed.items)).toEqual(chain(4, last))
    const contents = resumed.items.map((message) => eventOf(message).content)
    expect(contents).toEqual([...numbered(missed, 'missed'), ...numbered(20, 'meanwhile'), 'live'])
  },
)

test('[L5] an idempotency-key sent again gives the same seq and no second event', async () => {
  const room = await newRoom(url, ada)
  const adas = await enter(url, ada, room)
  const bos = await enter(url, bo, room)
  const boHears = await bos.log()
  const key = { 'idempotency-key': 'k-1' }

  expect(await adas.send('once', key)).toBe(1)
  expect(await adas.send('once', key)).toBe(1)
  // From another connection of the same person, too.
  expect(await (await enter(url, ada, room)).send('once', key)).toBe(1)
  // Somebody else's key is somebody else's.
  expect(await bos.send('mine', key)).toBe(2)
  expect(await adas.send('next')).toBe(3)
  const heard = await boHears.count(3)
  expect(heard.map(eventOf)).toEqual([
    said(1, ada, { content: 'once', idempotencyKey: 'k-1' }),
    said(2, bo, { content: 'mine', idempotencyKey: 'k-1' }),
    said(3, ada, { content: 'next' }),
  ])
})

test('[A1] whatever a client types about itself, the author is the principal', async () => {
  const room = await newRoom(url, ada)
  const adas = await enter(url, ada, room, {
    connectHeaders: { Authorization: `Bearer ${ada.accessToken}`, login: bo.id },
  })
  const heard = await adas.log()
  const forged = { id: bo.id, name: bo.name }
  await adas.send(
    { content: 'me', sender: forged, seq: 99, at: '1999-01-01T00:00:00.000Z', type: 'edit' },
    { sender: bo.id, seq: '99', prev: '98', 'message-id': 'mine', subscription: 'x', login: bo.id },
  )
  const message = await heard.find(() => true)
  expect(eventOf(message)).toEqual(said(1, ada, { content: 'me' }))
  expect(new Date(eventOf(message).at).getFullYear()).toBeGreaterThan(2000)
  expect(message.headers).toMatchObject({ seq: '1', prev: '0' })
  expect(message.headers).not.toHaveProperty('sender')
  expect(message.headers).not.toHaveProperty('login')
  expect(message.headers['message-id']).not.toBe('mine')
  expect(message.headers.subscription).not.toBe('x')
})

test('[L2] the pages of events hold what was heard live, in both directions', async () => {
  const room = await newRoom(url, ada)
  const adas = await enter(url, ada, room)
  const heard = await adas.log()
  await sendMany(adas, 25, 'page')
  const live = (await heard.count(25)).map(eventOf)

  expect(await pages(room, 'after', 0)).toEqual(live)
  expect((await pages(room, 'before', 26)).sort((a, b) => a.seq - b.seq)).toEqual(live)
})

/** Every event of a room, page by page. */
async function pages(room: string, direction: 'after' | 'before', start: number) {
  const events: { seq: number }[] = []
  for (let from: number | null = start; from !== null; ) {
    const path = `/api/rooms/${room}/events?${direction}=${from}&limit=7`
    const { body } = await ask(url, 'GET', path, { token: ada.accessToken })
    expect(body.head).toBe(25)
    events.push(...body.events)
    from = body.next
  }
  return events
}

const numbered = (count: number, word: string) =>
  Array.from({ length: count }, (_, index) => `${word} ${index}`)

const sendMany = (chatter: Chatter, count: number, word: string) =>
  Promise.all(numbered(count, word).map((content) => chatter.send(content)))
