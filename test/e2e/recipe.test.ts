// The recipe of docs/client.md for stompjs, run as it stands: a client that outlives its tokens.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, guest, newRoom } from '../support/people.ts'
import { connections, runRecipe, startRecipe } from '../support/recipe.ts'
import { type Server, sharedServer } from '../support/server.ts'

let server: Server

beforeAll(async () => {
  server = await sharedServer()
})

afterAll(() => server.close())

test('[A5] stays away when its session was ended', async () => {
  const { lines } = await startRecipe(server.url)
  const [token = ''] = await connections(lines, 1)
  const { status } = await ask(server.url, 'POST', '/api/auth/logout', { token })
  expect(status).toBe(204)
  await lines.find((line) => line === '# gone')
  expect(await connections(lines, 1)).toHaveLength(1)
})

const over = (code: string) => (line: string) => line.startsWith(`! It is over: ${code}`)

test('runs where Node has no WebSocket, as Node 20', async () => {
  const roomId = await newRoom(server.url, await guest(server.url, 'Owner'))
  const { lines, child } = runRecipe(server.url, roomId, '', '', ['--no-experimental-websocket'])
  await connections(lines, 1)
  child.stdin.write('hello\n')
  await lines.find((line) => line === 'Ada hello')
})

test('a room that is not there: ends, and says so', async () => {
  const { lines, child } = runRecipe(server.url, '0'.repeat(20))
  await lines.find(over('room-unknown'))
  child.stdin.end()
  await lines.find((line) => line === '# ended with 0')
  expect(await connections(lines, 0)).toEqual([])
})

test('a room that was deleted before: ends, and says so', async () => {
  const owner = await guest(server.url, 'Owner')
  const roomId = await newRoom(server.url, owner)
  await ask(server.url, 'DELETE', `/api/rooms/${roomId}`, { token: owner.accessToken })
  const { lines } = runRecipe(server.url, roomId)
  await lines.find(over('room-'))
  await lines.find((line) => line === '# gone')
})

test('a room that is deleted: ends, and says so', async () => {
  const { owner, roomId, lines } = await startRecipe(server.url)
  await ask(server.url, 'DELETE', `/api/rooms/${roomId}`, { token: owner.accessToken })
  await lines.find(over('room-deleted'))
  expect(await connections(lines, 1)).toHaveLength(1)
})

test('a person who is banned: ends, and says so', async () => {
  const { owner, roomId, lines } = await startRecipe(
    server.url,
    "console.log('# I am', grant.user.id)",
  )
  const line = await lines.find((each) => each.startsWith('# I am'))
  const path = `/api/rooms/${roomId}/members/${line.split(' ').at(-1)}`
  const body = { role: 'banned' }
  const { status } = await ask(server.url, 'PATCH', path, { token: owner.accessToken, body })
  expect(status).toBe(200)
  await lines.find(over('banned'))
  expect(await connections(lines, 1)).toHaveLength(1)
})
