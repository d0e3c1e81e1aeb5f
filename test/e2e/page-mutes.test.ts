// Mutes and slow mode on the page: the composer says until when, and for how many seconds.

import { expect, it } from 'vitest'
import { setStage, type Visitor, WIDE } from '../support/browser.ts'

const stage = setStage(undefined, { screen: WIDE })

const closed = ({ page }: Visitor) => page.locator('#closed')

async function act(visitor: Visitor, name: string, what: string) {
  await visitor.page.locator('.person', { hasText: name }).locator('.more').click()
  await visitor.page.locator('#person-menu').getByRole('button', { name: what }).click()
}

async function two() {
  const ada = await stage.host('Ada')
  const jun = await stage.arrive('Jun', ada.link)
  await jun.connected()
  return { ada, jun }
}

it('[M1] mutes until a moment, says why, and lifts it', async () => {
  const { ada, jun } = await two()
  await act(ada, 'Jun', 'Mute')
  await ada.page.locator('#act-reason').fill('too loud')
  await ada.page.locator('#act').getByRole('button', { name: 'Mute' }).click()
  await closed(jun)
    .getByText(/You are muted until .* \(too loud\)/)
    .waitFor()
  await jun.shot('mutes')
  await ada.page.locator('.person', { hasText: 'Jun' }).getByText('Muted').waitFor()
  // It is known again after a reload, at the latest from the list of people.
  await jun.page.reload()
  await closed(jun).getByText('You are muted until').waitFor()
  await act(ada, 'Jun', 'Unmute')
  await closed(jun).waitFor({ state: 'hidden' })
  await jun.say('softly now')
  await ada.sees('softly now')
})

it('counts the seconds of slow mode, and spares moderators', async () => {
  const { ada, jun } = await two()
  await ada.page.locator('#open-settings').click()
  await ada.page.locator('#settings [name="slowMode"]').selectOption('5')
  await ada.page.locator('#settings').getByRole('button', { name: 'Save' }).click()
  await ada.page.locator('#settings').waitFor({ state: 'hidden' })
  await jun.say('one')
  const wait = jun.page.locator('#slow-wait')
  await wait.getByText(/Slow mode: [1-5] s/).waitFor()
  await jun.shot('slow-mode')
  await jun.page.locator('#message').fill('two')
  expect(await jun.page.locator('#send').isDisabled()).toBe(true)
  await jun.page.locator('#message').press('Enter')
  expect(await jun.page.locator('#message').inputValue()).toBe('two')
  await wait.waitFor({ state: 'hidden' })
  await jun.page.locator('#message').press('Enter')
  await jun.sent('two')
  await ada.say('a', 'b')
  await ada.sent('b')
  expect(await ada.page.locator('#slow-wait').count()).toBe(0)
})
