// The reference client in Node for longer than its tokens live: it renews them in place, or comes
// back and misses nothing.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHttpApi } from '../../src/client/http-api.ts'
import { createTokenSession } from '../../src/client/token-session.ts'
import { newRoom } from '../support/people.ts'
import { visit } from '../support/reference-client.ts'
import { type Server, startServer } from '../support/server.ts'

const numbered = (count: number) => Array.from({ length: count }, (_, at) => `${at}`)

const later = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

describe('over tokens', () => {
  const LIFE_MS = 9000
  let brief: Server

  beforeAll(async () => {
    brief = await startServer({ ACCESS_MINUTES: LIFE_MS / 60_000 })
  })

  afterAll(() => brief.close())

  /** Somebody whose session renews itself; in a room of their own, if in no other. */
  async function renewing(among?: string) {
    const api = createHttpApi(brief.url)
    const grant = await api.ask('POST', '/api/auth/guest', { body: { name: 'Cy' } })
    const session = createTokenSession({ grant, refresh: api.refresh })
    const { id, name } = grant.user
    const person = { id, name, accessToken: grant.accessToken }
    const roomId = among ?? (await newRoom(brief.url, person))
    return { roomId, session, visitor: visit(brief.url, person, roomId, { session }) }
  }

  it('renews in place: one connection, however long', async () => {
    const { session, visitor } = await renewing()
    const { accessToken } = session.grant
    for (const began = Date.now(); Date.now() - began < 1.3 * LIFE_MS; ) {
      await visitor.sent(visitor.client.send('a word'))
      await later(500)
    }
    expect(visitor.sockets).toHaveLength(1)
    expect(session.grant.accessToken).not.toBe(accessToken)
  })

  it('renews in place while it only listens, as long as there is something to hear', async () => {
    const { roomId, visitor: speaker } = await renewing()
    const { session, visitor } = await renewing(roomId)
    const { accessToken } = session.grant
    for (const began = Date.now(); Date.now() - began < 1.3 * LIFE_MS; ) {
      await speaker.sent(speaker.client.send('a word'))
      await later(500)
    }
    await visitor.events.count(speaker.events.items.length)
    expect(visitor.sockets).toHaveLength(1)
    expect(session.grant.accessToken).not.toBe(accessToken)
  })

  it('[A4] comes back when an idle one has ended, and misses nothing', async () => {
    const { roomId, visitor } = await renewing()
    await visitor.connected()
    await later(LIFE_MS + 500)
    const { visitor: other } = await renewing(roomId)
    for (const content of numbered(3)) other.client.send(content)
    expect(await visitor.contents(3)).toEqual(numbered(3))
    expect(visitor.sockets).toHaveLength(2)
  })
})
