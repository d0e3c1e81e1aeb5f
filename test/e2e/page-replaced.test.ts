// A page whose place newer connections of the same person took: it says so, and stays away until
// the reader wants it.

import { expect, it } from 'vitest'
import { linkTo, setStage } from '../support/browser.ts'
import { newRoom } from '../support/people.ts'
import { connect } from '../support/stomp-socket.ts'

const TEN = 10
const stage = setStage({ SOCKETS_PER_PRINCIPAL: TEN }, { clock: true })

it('says that the eleventh socket replaced its own, does not come back by itself, and does when asked', async () => {
  const mina = await stage.arrive('Mina')
  const { page, person } = mina
  let [tickets, sockets] = [0, 0]
  page.on('websocket', () => sockets++)
  page.on('request', (request) => {
    if (request.url().endsWith('/tickets')) tickets++
  })
  const roomId = await newRoom(stage.server.url, person)
  await mina.enter(linkTo(stage.server.url, roomId))
  await mina.say('before')
  await mina.sent('before')

  // The same person, ten times elsewhere: the page is the one that has been there the longest.
  const ten = []
  for (let n = 0; n < TEN; n++) ten.push(await connect(stage.server.url, person, roomId))
  const ended = page.locator('#ended')
  await ended.getByText('This room was opened elsewhere').waitFor()
  expect(await page.locator('#status').getAttribute('data-phase')).toBe('ended')
  expect(await page.locator('#message').isDisabled()).toBe(true)
  await mina.shot('replaced')

  // Neither time, nor the network, nor a look at the page brings it back.
  await page.clock.fastForward('10:00')
  await page.context().setOffline(true)
  await page.context().setOffline(false)
  await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
  await page.clock.fastForward('10:00')
  for (const socket of ten) await socket.ask('SEND', { destination: '/pub/send/message' }, 'here')
  expect([tickets, sockets]).toEqual([1, 1])
  expect(await ended.isVisible()).toBe(true)

  await page.getByRole('button', { name: 'Continue here' }).click()
  await mina.connected()
  await mina.sees('here')
  await mina.say('after')
  await mina.sent('after')
  expect([tickets, sockets]).toEqual([2, 2])
  expect(await ended.isVisible()).toBe(false)
  // It took the place of one of the ten, and of one alone.
  const closed = ten.map(({ closed }) => closed)
  expect(await Promise.race(closed)).toEqual({ code: 4409, reason: 'replaced' })
  for (const socket of ten) await socket.hangUp()
})
