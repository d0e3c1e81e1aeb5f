// H2, C2: an hour of a thousand idle sockets, as the room's own meter tells it. The heart-beats of
// an hour come in a minute, which is real.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Crowd } from '../bench/crowd.ts'
import { type BareServer, startBareServer } from '../support/bare-server.ts'
import { ask, guest, newRoom, type Person } from '../support/people.ts'

const SOCKETS = 1000
/** An hour at 45 seconds each. */
const BEATS = 80
/** Milliseconds. */
const MINUTE = 60_000

let folder: string
let server: BareServer
let ada: Person
let room: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stompbox-cost-'))
  server = await startBareServer(folder, { SOCKETS_PER_PRINCIPAL: SOCKETS })
  ada = await guest(server.url, 'Ada')
  room = await newRoom(server.url, ada)
})

afterAll(async () => {
  await server.kill()
  rmSync(folder, { recursive: true })
})

async function counts(): Promise<Record<string, number>> {
  const token = ada.accessToken
  const { status, body } = await ask(server.url, 'GET', `/api/rooms/${room}/cost`, { token })
  expect(status).toBe(200)
  return body.counts
}

test('[H2][C2] an hour of heart-beats of 1,000 idle sockets runs no code of the room, and then a message reaches all', async () => {
  const crowd = new Crowd(server.url, ada, room)
  await crowd.grow(SOCKETS, Number.POSITIVE_INFINITY)
  await crowd.subscribe()
  const before = await counts()
  expect(before).toMatchObject({ inboundMessages: 2 * SOCKETS, wakeUps: 1, messages: 0 })

  const written = server.output
  const begun = performance.now()
  for (let beat = 1; beat <= BEATS; beat++) {
    // Every socket is answered before the next beat is due.
    await crowd.beat()
    const due = begun + (beat * MINUTE) / BEATS - performance.now()
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due)))
  }
  expect(performance.now() - begun).toBeGreaterThanOrEqual(MINUTE - 10)
  expect(server.output).toBe(written)

  // The question itself is a request, and wakes the room, which was away.
  const after = await counts()
  expect(after).toMatchObject({
    ...{ inboundMessages: before.inboundMessages, rowsWritten: before.rowsWritten },
    ...{ requests: Number(before.requests) + 1, wakeUps: 2, messages: 0 },
  })
  expect(Number(after.activeSeconds) - Number(before.activeSeconds)).toBeLessThan(2)

  await crowd.say('good morning')
  // C1: a row of the message, and one of the counts, which a room that is talked in writes once a
  // minute at most.
  expect(await counts()).toMatchObject({
    ...{ messages: 1, rowsWritten: Number(before.rowsWritten) + 2, wakeUps: 2 },
    inboundMessages: Number(before.inboundMessages) + 1,
  })
  crowd.close()
}, 180_000)
