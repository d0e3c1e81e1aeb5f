// A room that is open for longer than a token lives.

import { expect, it } from 'vitest'
import { setStage, type Visitor } from '../support/browser.ts'

const LIFE_MS = 12_000
const stage = setStage({ ACCESS_MINUTES: LIFE_MS / 60_000 })

/** The page's connections from now on. */
function connections({ page }: Visitor): { opened: number; sent: string[] } {
  const seen: { opened: number; sent: string[] } = { opened: 0, sent: [] }
  page.on('websocket', (socket) => {
    seen.opened++
    socket.on('framesent', ({ payload }) => seen.sent.push(String(payload)))
  })
  return seen
}

const later = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

it('renews the session in place: the same connection, and nothing is missed', async () => {
  const mina = await stage.arrive('Mina')
  const link = await mina.createRoom('Harbour walk')
  const jun = await stage.visit('about:blank')
  const seen = connections(jun)
  await jun.page.goto(link)
  await jun.signIn('Jun')
  await jun.connected()
  const said: string[] = []
  for (const begun = Date.now(); Date.now() - begun < 2.5 * LIFE_MS; ) {
    said.push(`line ${said.length + 1}`)
    await mina.say(said.at(-1) ?? '')
    await later(LIFE_MS / 4)
  }
  await jun.say('the same me')
  said.push('the same me')
  await jun.sent('the same me')
  await mina.sees('the same me')
  expect(await jun.messages()).toEqual(said)
  expect(await mina.messages()).toEqual(said)
  expect(seen.opened).toBe(1)
  const renewals = seen.sent.filter((frame) => frame.includes('destination:/pub/auth'))
  expect(renewals.length).toBeGreaterThanOrEqual(2)
  expect(new Set(renewals.map((frame) => /Authorization:(.*)/.exec(frame)?.[1])).size).toBe(
    renewals.length,
  )
})

it('[A4] comes back by itself when the token ran out while the page slept', async () => {
  const mina = await stage.arrive('Mina')
  const link = await mina.createRoom('Harbour walk')
  const jun = await stage.visit('about:blank')
  const { clock } = jun.page
  await clock.install()
  const seen = connections(jun)
  await jun.page.goto(link)
  await jun.signIn('Jun')
  await jun.connected()
  await mina.say('before')
  await jun.sees('before')

  // The lid is closed: no timer of the page runs, and its socket does not know.
  await clock.pauseAt(Date.now() + 1000)
  await later(LIFE_MS)
  await mina.say('one', 'two', 'three')
  await mina.sent('three')
  expect(await jun.messages()).toEqual(['before'])
  await clock.fastForward(LIFE_MS)
  await clock.resume()

  await jun.sees('three')
  await jun.say('after')
  await mina.sees('after')
  expect(await jun.messages()).toEqual(['before', 'one', 'two', 'three', 'after'])
  expect(seen.opened).toBe(2)
})
