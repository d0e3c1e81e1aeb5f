// Not getting in: what an upgrade is answered over HTTP, and over the socket where a page asked.

import { generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { REFUSALS, type RefusalCode } from '../../src/refusals.ts'
import { ask, guest, newRoom, type Person, ticketUrl } from '../support/people.ts'
import { type Server, startServer } from '../support/server.ts'
import { open, StompSocket, type UpgradeOptions, upgrade } from '../support/stomp-socket.ts'

const PAGE = 'https://chat.example.com'
const NOBODYS_ROOM = 'zzzzzzzzzzzzzzzzzzzz'

let server: Server
let ada: Person
let room: string

beforeAll(async () => {
  server = await startServer({ ALLOWED_ORIGINS: PAGE, SOCKETS_PER_PRINCIPAL: 2 })
  ada = await guest(server.url, 'Ada')
  room = await newRoom(server.url, ada)
})

afterAll(() => server.close())

/** Where an upgrade goes, and what it brings. */
type Attempt = { readonly to: string } & UpgradeOptions

interface Case {
  readonly why: string
  readonly code: RefusalCode
  readonly attempt: () => Promise<Attempt>
  /** The room has to be asked, because it alone knows. */
  readonly asksRoom?: true
}

const chat = (query = '', headers: Record<string, string> = {}): Attempt => ({
  to: `${server.url.replace('http', 'ws')}/chat${query}`,
  headers,
})

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` })

const ticket = async () => new URL(await ticketUrl(server.url, ada, room)).search.slice(7)

const CASES: Case[] = [
  { why: 'there is no credential', code: 'token-missing', attempt: async () => chat() },
  {
    why: 'the header has another scheme',
    code: 'token-missing',
    attempt: async () => chat(`?room=${room}`, { Authorization: 'Basic YWRhOmFkYQ==' }),
  },
  { why: 'the ticket is empty', code: 'token-invalid', attempt: async () => chat('?token=') },
  {
    why: 'the ticket is rubbish',
    code: 'token-invalid',
    attempt: async () => chat('?token=a.b.c'),
  },
  {
    why: 'a ticket has a letter changed',
    code: 'token-invalid',
    attempt: async () => chat(`?token=${altered(await ticket())}`),
  },
  {
    why: 'a ticket is signed by a key of one’s own',
    code: 'token-invalid',
    attempt: async () => chat(`?token=${await resigned(await ticket())}`),
  },
  {
    why: 'a ticket is not signed',
    code: 'token-invalid',
    attempt: async () => chat(`?token=${unsigned(await ticket())}`),
  },
  {
    why: 'a ticket is longer than any',
    code: 'token-invalid',
    attempt: async () => chat(`?token=${'a'.repeat(5000)}`),
  },
  {
    why: 'an access token stands for a ticket',
    code: 'token-invalid',
    attempt: async () => chat(`?token=${ada.accessToken}`),
  },
  {
    why: 'a ticket stands for an access token',
    code: 'token-invalid',
    attempt: async () => chat(`?room=${room}`, bearer(await ticket())),
  },
  {
    why: 'the ticket is for another room',
    code: 'not-allowed',
    attempt: async () => chat(`?token=${await ticket()}&room=${NOBODYS_ROOM}`),
  },
  {
    why: 'nobody made the room',
    code: 'room-unknown',
    attempt: async () => chat(`?room=${NOBODYS_ROOM}`, bearer(ada.accessToken)),
  },
  {
    why: 'no room is named',
    code: 'room-unknown',
    attempt: async () => chat('', bearer(ada.accessToken)),
  },
  {
    why: 'the room’s id cannot be one',
    code: 'room-unknown',
    attempt: async () => chat('?room=../../key-ring', bearer(ada.accessToken)),
  },
  {
    why: 'the room of the ticket was deleted',
    code: 'room-unknown',
    attempt: async () => {
      const doomed = await newRoom(server.url, ada)
      const to = await ticketUrl(server.url, ada, doomed)
      await ask(server.url, 'DELETE', `/api/rooms/${doomed}`, { token: ada.accessToken })
      return { to }
    },
  },
  {
    why: 'the ticket was used',
    code: 'ticket-used',
    asksRoom: true,
    attempt: async () => {
      const to = await ticketUrl(server.url, ada, room)
      await (await open(to)).hangUp()
      return { to }
    },
  },
]

test.each(CASES)('[A2] $why: $code, as a status', async ({ attempt, code, asksRoom }) => {
  const { to, headers } = await attempt()
  const { status } = REFUSALS[code]
  const wakings = await wakingsDuring(async () => {
    // From a server (no Origin), and from a page that offers no STOMP.
    expect(await upgrade(to, { headers: headers ?? {} })).toMatchObject({ status, body: { code } })
    const page = { protocols: [], headers: { ...headers, Origin: PAGE } }
    expect(await upgrade(to, page)).toMatchObject({ status, body: { code, status } })
  })
  // C2: refused for its credential, an upgrade wakes no room.
  if (!asksRoom) expect(wakings).toBe(0)
})

test.each(CASES)('[A2] $why: $code, over the socket of a page', async ({ attempt, code }) => {
  const { to, headers } = await attempt()
  const offer = { protocols: ['v10.stomp', 'v12.stomp'], headers: { ...headers, Origin: PAGE } }
  const socket = await upgrade(to, offer)
  if (!(socket instanceof StompSocket)) throw new Error(`answered by status ${socket.status}`)
  expect(socket.protocol).toBe('v12.stomp')
  const error = await socket.error()
  expect(error.headers).toMatchObject({ code, message: REFUSALS[code].sentence })
  expect(await socket.closed).toEqual({ code: REFUSALS[code].close, reason: code })
  expect(socket.frames.items).toEqual([error])
})

test('[A3] a ticket ends after its time', async () => {
  const hasty = await startServer({ TICKET_SECONDS: 1 })
  try {
    const bo = await guest(hasty.url, 'Bo')
    const url = await ticketUrl(hasty.url, bo, await newRoom(hasty.url, bo))
    // The wrong room in the URL: it is refused until it ends, and not used up.
    const attempt = async () => await upgrade(`${url}&room=${NOBODYS_ROOM}`)
    await expect
      .poll(attempt, { timeout: 20_000 })
      .toMatchObject({ status: 401, body: { code: 'token-expired' } })
    expect(await upgrade(url)).toMatchObject({ status: 401, body: { code: 'token-expired' } })
  } finally {
    await hasty.close()
  }
})

test('[R5] a full room takes nobody else, and a ticket that it refused is good when there is room', async () => {
  const small = await startServer({ MAX_SOCKETS: 1 })
  try {
    const [bo, cy] = [await guest(small.url, 'Bo'), await guest(small.url, 'Cy')]
    const full = await newRoom(small.url, bo)
    const inside = await open(await ticketUrl(small.url, bo, full))
    const url = await ticketUrl(small.url, cy, full)
    const refused = { status: 503, body: { code: 'room-busy' } }
    expect(await upgrade(url)).toMatchObject(refused)
    expect(await upgrade(url)).toMatchObject(refused)
    await inside.hangUp()
    await expect.poll(() => upgrade(url), { timeout: 20_000 }).toBeInstanceOf(StompSocket)
  } finally {
    await small.close()
  }
})

/** How often a room was built up from nothing, starting from rooms that are not running. */
async function wakingsDuring(work: () => Promise<void>): Promise<number> {
  const wakings = () =>
    server.harness.getLogs().filter((line) => line.message.includes('room-woke'))
  // It runs: somebody has just asked about it. Its open sockets stay.
  await ask(server.url, 'GET', `/api/rooms/${room}`, { token: ada.accessToken })
  await server.harness
    .getWorker()
    .evictDurableObject('ROOM', { name: room, webSockets: 'hibernate' })
  server.harness.clearLogs()
  await work()
  return wakings().length
}

/** One letter in the middle of the signature, because the last may hold bits that do not count. */
function altered(token: string): string {
  const at = token.length - 20
  return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`
}

const partOf = (token: string, index: number) =>
  JSON.parse(Buffer.from(token.split('.')[index] ?? '', 'base64url').toString())

async function resigned(token: string): Promise<string> {
  const { privateKey } = await generateKeyPair('ES256')
  return new SignJWT(partOf(token, 1)).setProtectedHeader(partOf(token, 0)).sign(privateKey)
}

function unsigned(token: string): string {
  const header = Buffer.from(JSON.stringify({ ...partOf(token, 0), alg: 'none' }))
  return `${header.toString('base64url')}.${token.split('.')[1]}.`
}
