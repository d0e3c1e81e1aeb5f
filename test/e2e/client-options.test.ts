// The options of @stomp/stompjs that change how its frames travel.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { enter, eventOf, said } from '../support/chatter.ts'
import { guest, newRoom, type Person } from '../support/people.ts'
import { type Server, sharedServer } from '../support/server.ts'

let server: Server
let url: string
let ada: Person
let bo: Person

beforeAll(async () => {
  server = await sharedServer()
  url = server.url
  ada = await guest(url, 'Ada')
  bo = await guest(url, '보라')
})

afterAll(() => server.close())

test.each([
  { way: 'in chunks of 7', config: { splitLargeFrames: true, maxWebSocketChunkSize: 7 } },
  { way: 'in chunks of 2', config: { splitLargeFrames: true, maxWebSocketChunkSize: 2 } },
  { way: 'as binary', config: { forceBinaryWSFrames: true } },
])(
  '[STOMP B5][STOMP A6] a client that writes its frames $way is understood',
  async ({ config }) => {
    const room = await newRoom(url, ada)
    const bos = await enter(url, bo, room)
    const boHears = await bos.log()
    const adas = await enter(url, ada, room, config)
    const adaHears = await adas.log()
    const content = '가나다라마바사 아자차카타파하 '.repeat(20)

    expect(await adas.send({ content })).toBe(1)
    for (const heard of [adaHears, boHears]) {
      expect(eventOf(await heard.find(() => true))).toEqual(said(1, ada, { content }))
    }
    await adas.leave()
  },
)

test('an emoji cut in two by the client is told as a clean ERROR, and nothing is kept', async () => {
  const room = await newRoom(url, ada)
  const bos = await enter(url, bo, room)
  const boHears = await bos.log()
  const adas = await enter(url, ada, room, { splitLargeFrames: true, maxWebSocketChunkSize: 2 })
  // One of the two has its halves in different chunks, wherever the body begins.
  const sends = ['😀😀', 'x😀😀'].map((body) => adas.send(body).catch(() => 'refused'))

  expect((await adas.errors.find(() => true)).headers.code).toBe('frame-malformed')
  expect(await Promise.all(sends)).toContain('refused')
  const seq = await bos.send('still here')
  await boHears.find(({ headers }) => headers.seq === String(seq))
  const contents = boHears.items.map((message) => eventOf(message).content)
  expect(contents.join('')).not.toContain('\ufffd')
})
