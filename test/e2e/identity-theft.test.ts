// A refresh token that was used, shown again: somebody else has it. Its whole family ends, and
// every socket of it; but a client that never got the answer may ask again.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { enter } from '../support/chatter.ts'
import { newRoom, ticketUrl } from '../support/people.ts'
import { type Server, startServer } from '../support/server.ts'
import { holds, login, me, refresh, refused, register, signInGuest } from '../support/sign-in.ts'
import { connect, upgrade } from '../support/stomp-socket.ts'

let server: Server
let url: string

beforeAll(async () => {
  server = await startServer()
  url = server.url
})

afterAll(() => server.close())

test('[A5] a used refresh token shown again ends its family, and every socket of it', async () => {
  const owner = await signInGuest(url, 'Owner')
  const rooms = [await newRoom(url, owner), await newRoom(url, owner)] as const
  const first = await register(url, 'ann', 'correct horse')
  const elsewhere = await login(url, 'ann', 'correct horse')
  const second = holds(await refresh(url, first.refreshToken))
  const third = holds(await refresh(url, second.refreshToken))
  const chatter = await enter(url, first, rooms[0])
  const chatterCloses = new Promise((resolve) => {
    chatter.client.onWebSocketClose = ({ code }) => resolve(code)
  })
  const socket = await connect(url, third, rooms[1])
  const other = await connect(url, elsewhere, rooms[0])
  const unused = await ticketUrl(url, second, rooms[0])

  expect(await refresh(url, first.refreshToken)).toMatchObject(refused(401, 'refresh-reused'))

  expect((await chatter.errors.find(() => true)).headers.code).toBe('refresh-reused')
  expect(await chatterCloses).toBe(4510)
  expect((await socket.error()).headers.code).toBe('refresh-reused')
  expect(await socket.closed).toEqual({ code: 4510, reason: 'refresh-reused' })
  await chatter.client.deactivate({ force: true })
  for (const { accessToken } of [first, second, third]) {
    expect(await me(url, accessToken)).toMatchObject(refused(401, 'session-ended'))
  }
  for (const { refreshToken } of [first, second, third]) {
    expect(await refresh(url, refreshToken)).toMatchObject(refused(401, 'refresh-invalid'))
  }
  // By the room, which was told why, or a second later by the account.
  const late = await upgrade(unused)
  expect(late).toMatchObject({ status: 401 })
  expect(['refresh-reused', 'session-ended']).toContain('body' in late && late.body.code)

  // The person’s other sign-in is another family.
  expect((await me(url, elsewhere.accessToken)).status).toBe(200)
  await other.ask('SEND', { destination: '/pub/send/message' }, 'still here')
  expect((await refresh(url, elsewhere.refreshToken)).status).toBe(200)
  await other.hangUp()
})

describe('a client that never got the answer', () => {
  test('asks again with the old token, and is served', async () => {
    const ann = await signInGuest(url, 'Ann')
    const lost = holds(await refresh(url, ann.refreshToken))
    const got = holds(await refresh(url, ann.refreshToken))
    expect(got.refreshToken).toBe(lost.refreshToken)
    expect(got.sessionId).toBe(ann.sessionId)
    const next = holds(await refresh(url, got.refreshToken))
    expect((await refresh(url, next.refreshToken)).status).toBe(200)
  })

  test('may ask at the same moment: both get one successor, and go on together', async () => {
    const ann = await signInGuest(url, 'Ann')
    const both = await Promise.all([refresh(url, ann.refreshToken), refresh(url, ann.refreshToken)])
    const [one, other] = both.map(holds)
    expect(one?.refreshToken).toBe(other?.refreshToken)
    const next = await Promise.all([
      refresh(url, one?.refreshToken),
      refresh(url, other?.refreshToken),
    ])
    const [third, fourth] = next.map(holds)
    expect(third?.refreshToken).toBe(fourth?.refreshToken)
    expect((await me(url, third?.accessToken ?? '')).status).toBe(200)
  })

  test('is served until the new token is first used, and not after', async () => {
    const ann = await signInGuest(url, 'Ann')
    const next = holds(await refresh(url, ann.refreshToken))
    expect((await refresh(url, next.refreshToken)).status).toBe(200)
    expect(await refresh(url, ann.refreshToken)).toMatchObject(refused(401, 'refresh-reused'))
    expect(await me(url, next.accessToken)).toMatchObject(refused(401, 'session-ended'))
  })
})

test('whoever merely knows the ids of a token ends nothing', async () => {
  const ann = await signInGuest(url, 'Ann')
  const used = ann.refreshToken
  const { accessToken, refreshToken } = holds(await refresh(url, used))
  const parts = used.split('.')
  const made = parts.map((_part, index) =>
    parts.map((part, at) => (at === index ? altered(part) : part)).join('.'),
  )
  for (const forged of [
    ...made,
    `${used}x`,
    used.slice(0, -1),
    `${used}.x`,
    parts.reverse().join('.'),
  ]) {
    expect(await refresh(url, forged)).toMatchObject(refused(401, 'refresh-invalid'))
  }
  expect((await me(url, accessToken)).status).toBe(200)
  expect((await refresh(url, refreshToken)).status).toBe(200)
})

/** Another letter in the middle, because the last may hold bits that do not count. */
function altered(text: string): string {
  const at = Math.floor(text.length / 2)
  return `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`
}
