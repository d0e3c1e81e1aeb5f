// The recipe of docs/client.md for longer than a token lives.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { guest, newRoom } from '../support/people.ts'
import { connections, heard, runRecipe, speak, startRecipe } from '../support/recipe.ts'
import { type Server, startServer } from '../support/server.ts'

const LIFE_MS = 12_000

let server: Server

beforeAll(async () => {
  server = await startServer({ ACCESS_MINUTES: LIFE_MS / 60_000 })
})

afterAll(() => server.close())

const later = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

test('goes on in one connection as long as it renews before it says something', async () => {
  const { roomId, lines, child } = await startRecipe(server.url)
  const expected: string[] = []
  for (const begun = Date.now(); Date.now() - begun < 2.5 * LIFE_MS; ) {
    expected.push(`Ada line ${expected.length}`)
    child.stdin.write(`line ${expected.length - 1}\n`)
    await lines.find((line) => line === expected.at(-1))
    await later(1000)
  }
  await speak(server.url, roomId, 'an answer')
  await lines.find((line) => line === 'Jun an answer')
  expect(heard(lines)).toEqual([...expected, 'Jun an answer'])
  expect(await connections(lines, 1)).toHaveLength(1)
})

test('only listens, and goes on in one connection as long as it renews now and then', async () => {
  const { roomId, lines } = await startRecipe(
    server.url,
    'setInterval(() => renew().catch(console.error), 1000)',
  )
  await later(1.5 * LIFE_MS)
  await speak(server.url, roomId, 'one', 'two')
  await lines.find((line) => line === 'Jun two')
  expect(heard(lines)).toEqual(['Jun one', 'Jun two'])
  expect(await connections(lines, 1)).toHaveLength(1)
})

test('[A4] comes back by itself when its token ran out, and misses nothing', async () => {
  const { roomId, lines } = await startRecipe(server.url)
  await speak(server.url, roomId, 'before')
  await lines.find((line) => line === 'Jun before')
  await later(LIFE_MS + 500)
  await speak(server.url, roomId, 'one', 'two', 'three')
  await lines.find((line) => line === 'Jun three')
  expect(heard(lines)).toEqual(['Jun before', 'Jun one', 'Jun two', 'Jun three'])
  const [first, second] = await connections(lines, 2)
  expect(second).not.toBe(first)
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
  const { lines } = runRecipe(server.url, roomId, "console.log('# ready')", busy)
  const line = await lines.find((each) => each.startsWith('# busy at'))
  await connections(lines, 1)
  expect(Date.now() - Number(line.split(' ').at(-1))).toBeGreaterThanOrEqual(7000)
})
