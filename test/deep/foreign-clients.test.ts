// Clients in other languages that read one frame from each WebSocket message.

import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import {
  GORILLA,
  JAVA,
  OneFrameClient,
  type OneFrameKind,
  SPRING,
  workshop,
} from '../support/clients/foreign/one-frame.ts'
import { guest, newRoom, type Person, ticketUrl } from '../support/people.ts'
import { type Server, sharedServer } from '../support/server.ts'

const MESSAGE = '/pub/send/message'
const json = (content: string) => JSON.stringify({ content })

let server: Server
const shop = workshop()
beforeAll(async () => {
  server = await sharedServer()
})
afterAll(async () => {
  shop.remove()
  await server.close()
})

describe.each<OneFrameKind>([GORILLA, JAVA, SPRING])('$name', (kind) => {
  const { name, missing, build } = kind
  if (missing !== undefined) console.warn(`${name} is not tested: ${missing}`)
  let command: readonly [string, ...string[]]
  let person: Person
  let room: string
  let log: string
  beforeAll(async () => {
    if (missing !== undefined) return
    command = build(shop.folder)
    person = await guest(server.url, 'Ann Lee')
    room = await newRoom(server.url, person)
    log = `/topic/chat/room/${room}`
  })

  const here = test.skipIf(missing !== undefined)

  /** A client that has come through CONNECT. */
  async function connected(url?: string, ...words: string[]): Promise<OneFrameClient> {
    const client = new OneFrameClient([
      ...command,
      url ?? (await ticketUrl(server.url, person, room)),
      ...words,
    ])
    onTestFinished(async () => void (await client.leave()))
    client.say('CONNECT', {
      'accept-version': '1.2',
      host: 'chat',
      'heart-beat': '0,0',
      ...(kind === SPRING && { 'multi-frame': 'true' }),
      passcode: person.accessToken,
    })
    await client.frames.find(({ command }) => command === 'CONNECTED')
    return client
  }

  here('[STOMP A1] connects, though its name has a blank', async () => {
    const client = await connected()
    const [frame] = client.frames.items
    expect(frame?.headers['user-name']).toBe(person.id)
    expect(decodeURIComponent(frame?.headers['user-display-name'] ?? '')).toBe('Ann Lee')
  })

  here('[L2][L6] reads ten events of a replay, and the RECEIPT of its own SEND', async () => {
    const client = await connected()
    for (let at = 0; at < 10; at++) await client.ask('SEND', { destination: MESSAGE }, `no ${at}`)
    await client.ask('SUBSCRIBE', { id: 'log', destination: log, after: 0 })
    const messages = await client.frames.count(10, ({ command }) => command === 'MESSAGE')
    expect(messages.map(({ headers }) => headers.seq)).toEqual(
      Array.from({ length: 10 }, (_, at) => String(at + 1)),
    )
    // Eleven in one breath: each MESSAGE and each RECEIPT is read.
    for (let at = 10; at < 20; at++) client.say('SEND', { destination: MESSAGE }, `no ${at}`)
    const receipt = await client.ask('SEND', { destination: MESSAGE }, 'the last')
    expect(receipt.headers.seq).toBe('21')
    await client.frames.count(21, ({ command }) => command === 'MESSAGE')
  })

  here('[STOMP E2] reads contents that no header or line could hold', async () => {
    const client = await connected()
    await client.ask('SUBSCRIBE', { id: 'log', destination: log })
    const content = 'a:b\\c 안녕 \u{1f600}\r\n\n\u0000 end'
    client.say('SEND', { destination: MESSAGE, 'content-type': 'application/json' }, json(content))
    const told = await client.frames.find(({ command }) => command === 'MESSAGE')
    expect(JSON.parse(told.body)).toMatchObject({ content })
  })

  here('[A1] reads a message of a channel from somebody whose name has a blank', async () => {
    const client = await connected()
    const channel = `/topic/rooms/${room}/news`
    await client.ask('SUBSCRIBE', { id: 'news', destination: channel })
    client.say('SEND', { destination: channel }, 'the body')
    const told = await client.frames.find(({ command }) => command === 'MESSAGE')
    expect(told).toMatchObject({
      body: 'the body',
      headers: { 'sender-display-name': 'Ann%20Lee' },
    })
  })

  // A parser that knows no blank in a header throws at the ERROR of any broker: the close code is
  // what it reads.
  const readsErrors = missing === undefined && kind !== JAVA
  test.skipIf(!readsErrors)('[A2] reads why its connection ended', async () => {
    const client = await connected()
    client.say('SUBSCRIBE', { id: 'x:1', destination: '/topic/no: such\\place' })
    const error = await client.frames.find(({ command }) => command === 'ERROR')
    expect(error.headers.code).toMatch(/^[a-z-]+$/)
  })

  here('[STOMP M1] leaves with a RECEIPT', async () => {
    const client = await connected()
    await client.ask('DISCONNECT')
    expect(await client.leave()).toBe('closed 1000')
  })

  here('[A3] comes in by an access token in the header of the upgrade', async () => {
    const url = `${server.url.replace('http', 'ws')}/chat?room=${room}`
    const client = await connected(url, person.accessToken)
    expect((await client.ask('SEND', { destination: MESSAGE }, 'by a header')).headers.seq).toMatch(
      /^\d+$/,
    )
  })
})
