// The README's recipe for stompjs, run as it stands: a client that outlives its tokens.

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { ROOT } from '../support/build.ts'
import { Inbox } from '../support/inbox.ts'
import { ask, guest, newRoom } from '../support/people.ts'
import { type Server, startServer } from '../support/server.ts'
import { connect } from '../support/stomp-socket.ts'

const LIFE_MS = 12_000
const README = join(ROOT, 'README.md')

let server: Server

beforeAll(async () => {
  server = await startServer({ ACCESS_MINUTES: LIFE_MS / 60_000 })
})

afterAll(() => server.close())

/** What a test adds: it tells of connections, and says in the room what it reads. */
const DRIVER = `
const told = client.onConnect
client.onConnect = (frame) => {
  told(frame)
  console.log('# connected with', grant.accessToken)
}
client.onChangeState = (state) => client.active || console.log('# gone')
process.stdin.on('data', (line) => say(String(line).trim()))
`

function recipe(): string {
  const blocks = readFileSync(README, 'utf8').matchAll(/```js\n(.*?)```/gs)
  const codes = [...blocks].map(([, code = '']) => code)
  return codes.find((code) => code.includes('/app/auth')) ?? ''
}

/** The recipe in a process of its own, connected to a room; `more` stands at its end. */
async function start(more = '') {
  const owner = await guest(server.url, 'Owner')
  const roomId = await newRoom(server.url, owner)
  const begun = run(roomId, more)
  await connections(begun.lines, 1)
  return { ...begun, owner, roomId }
}

/** The recipe in a process of its own; `first` stands before it, `flags` are Node's. */
function run(roomId: string, more = '', first = '', flags: readonly string[] = []) {
  const code = recipe().replace('http://localhost:8787', server.url).replace('ROOM_ID', roomId)
  expect(code).toContain(roomId)
  const child = spawn(
    process.execPath,
    [...flags, '--input-type=module', '--eval', first + code + DRIVER + more],
    { cwd: ROOT },
  )
  onTestFinished(() => void child.kill())
  const lines = new Inbox<string>()
  createInterface({ input: child.stdout }).on('line', (line) => lines.add(line))
  child.stderr.on('data', (data) => lines.add(`! ${data}`))
  child.on('exit', (status) => {
    lines.add(`# ended with ${status}`)
    lines.end(`it ended with ${status}`)
  })
  return { lines, child }
}

/** Waits for so many connections; gives the token of each. */
async function connections(lines: Inbox<string>, least: number): Promise<(string | undefined)[]> {
  const found = await lines.count(least, (line) => line.startsWith('# connected'))
  return found.map((line) => line.split(' ').at(-1))
}

/** Somebody comes into a room, says something, and goes. */
async function speak(roomId: string, ...lines: string[]): Promise<void> {
  const socket = await connect(server.url, await guest(server.url, 'Jun'), roomId)
  for (const line of lines) await socket.ask('SEND', { destination: '/pub/send/message' }, line)
  await socket.hangUp()
}

const later = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** What it heard, and nothing of the test's own. */
const heard = ({ items }: Inbox<string>) => items.filter((line) => !line.startsWith('#'))

test('goes on in one connection as long as it renews before it says something', async () => {
  const { roomId, lines, child } = await start()
  const expected: string[] = []
  for (const begun = Date.now(); Date.now() - begun < 2.5 * LIFE_MS; ) {
    expected.push(`Ada line ${expected.length}`)
    child.stdin.write(`line ${expected.length - 1}\n`)
    await lines.find((line) => line === expected.at(-1))
    await later(1000)
  }
  await speak(roomId, 'an answer')
  await lines.find((line) => line === 'Jun an answer')
  expect(heard(lines)).toEqual([...expected, 'Jun an answer'])
  expect(await connections(lines, 1)).toHaveLength(1)
})

test('only listens, and goes on in one connection as long as it renews now and then', async () => {
  const { roomId, lines } = await start('setInterval(() => renew().catch(console.error), 1000)')
  await later(1.5 * LIFE_MS)
  await speak(roomId, 'one', 'two')
  await lines.find((line) => line === 'Jun two')
  expect(heard(lines)).toEqual(['Jun one', 'Jun two'])
  expect(await connections(lines, 1)).toHaveLength(1)
})

test('[A4] comes back by itself when its token ran out, and misses nothing', async () => {
  const { roomId, lines } = await start()
  await speak(roomId, 'before')
  await lines.find((line) => line === 'Jun before')
  await later(LIFE_MS + 500)
  await speak(roomId, 'one', 'two', 'three')
  await lines.find((line) => line === 'Jun three')
  expect(heard(lines)).toEqual(['Jun before', 'Jun one', 'Jun two', 'Jun three'])
  const [first, second] = await connections(lines, 2)
  expect(second).not.toBe(first)
})

test('[A5] stays away when its session was ended', async () => {
  const { lines } = await start()
  const [token = ''] = await connections(lines, 1)
  const { status } = await ask(server.url, 'POST', '/api/auth/logout', { token })
  expect(status).toBe(204)
  await lines.find((line) => line === '# gone')
  expect(await connections(lines, 1)).toHaveLength(1)
})

const over = (code: string) => (line: string) => line.startsWith(`! It is over: ${code}`)

test('runs where Node has no WebSocket, as Node 20', async () => {
  const roomId = await newRoom(server.url, await guest(server.url, 'Owner'))
  const { lines, child } = run(roomId, '', '', ['--no-experimental-websocket'])
  await connections(lines, 1)
  child.stdin.write('hello\n')
  await lines.find((line) => line === 'Ada hello')
})

test('a room that is not there: ends, and says so', async () => {
  const { lines, child } = run('0'.repeat(20))
  await lines.find(over('room-unknown'))
  child.stdin.end()
  await lines.find((line) => line === '# ended with 0')
  expect(await connections(lines, 0)).toEqual([])
})

test('a room that was deleted before: ends, and says so', async () => {
  const owner = await guest(server.url, 'Owner')
  const roomId = await newRoom(server.url, owner)
  await ask(server.url, 'DELETE', `/api/rooms/${roomId}`, { token: owner.accessToken })
  const { lines } = run(roomId)
  await lines.find(over('room-'))
  await lines.find((line) => line === '# gone')
})

test('a room that is deleted: ends, and says so', async () => {
  const { owner, roomId, lines } = await start()
  await ask(server.url, 'DELETE', `/api/rooms/${roomId}`, { token: owner.accessToken })
  await lines.find(over('room-deleted'))
  expect(await connections(lines, 1)).toHaveLength(1)
})

test('a person who is banned: ends, and says so', async () => {
  const { owner, roomId, lines } = await start("console.log('# I am', grant.user.id)")
  const line = await lines.find((each) => each.startsWith('# I am'))
  const path = `/api/rooms/${roomId}/members/${line.split(' ').at(-1)}`
  const body = { standing: 'banned' }
  const { status } = await ask(server.url, 'PATCH', path, { token: owner.accessToken, body })
  expect(status).toBe(200)
  await lines.find(over('banned'))
  expect(await connections(lines, 1)).toHaveLength(1)
})

test('waits as long as a busy server says', async () => {
  const busy = `
const really = globalThis.fetch
let tickets = 0
globalThis.fetch = async (url, init) => {
  if (!String(url).endsWith('/tickets') || tickets++ > 0) return really(url, init)
  console.log('# busy at', Date.now())
  const headers = { 'Retry-After': '7' }
  return Response.json({ code: 'too-fast' }, { status: 429, headers })
}
`
  const roomId = await newRoom(server.url, await guest(server.url, 'Owner'))
  const { lines } = run(roomId, "console.log('# ready')", busy)
  const line = await lines.find((each) => each.startsWith('# busy at'))
  await connections(lines, 1)
  expect(Date.now() - Number(line.split(' ').at(-1))).toBeGreaterThanOrEqual(7000)
})
