// Clients that nobody changed: heart-beats. All of them beat at once, each on its own connection.

import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Client } from '../support/clients/client.ts'
import { KINDS, type Scene, setStage, withEveryClient } from '../support/clients/stage.ts'

/** Milliseconds. The least patient client hangs up after one and a half of them. */
const PERIOD = 1000

const stage = setStage({ HEART_BEAT_MS: PERIOD })
const clients = new Map<string, Client>()
let scene: Scene

beforeAll(async () => {
  scene = await stage.scene()
  const installed = KINDS.filter(({ missing }) => missing === undefined)
  await Promise.all(
    installed.map(async (kind) => {
      // The shorter of the two periods is the client's: the server's holds.
      const client = await scene.join(kind, { heartBeat: PERIOD / 2 })
      clients.set(kind.name, client)
      await client.listen('news', scene.channel('news'))
    }),
  )
})

afterAll(() => Promise.all([...clients.values()].map((client) => client.disconnect())))

withEveryClient((kind) => {
  test('[STOMP G3][STOMP G4] beats, is answered for three periods, and is still there', async () => {
    const client = clients.get(kind.name) as Client
    const { headers } = await client.connected()
    expect(headers['heart-beat']).toBe(`${PERIOD},${PERIOD}`)
    const beats = await client.wire.beats.count(3)
    const [first = 0, , third = 0] = beats
    // As often as was agreed, and not more: one period is left out, because a timer may be late.
    expect(third - first).toBeGreaterThan(PERIOD)
    await scene.witness.ask('SEND', { destination: scene.channel('news') }, kind.name)
    await client.heard.find(({ body }) => body === kind.name)
    expect((await client.ask(scene.channel('news'), 'and speaks')).command).toBe('RECEIPT')
  })
})
