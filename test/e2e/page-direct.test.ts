// Direct rooms on the page: opened from a person's menu, and closed by a block.

import { expect, it } from 'vitest'
import { SMALL, setStage, type Visitor, WIDE } from '../support/browser.ts'

const stage = setStage(undefined, { screen: WIDE })

async function openMenu({ page }: Visitor, name: string) {
  await page.locator('.person', { hasText: name }).locator('.more').click()
  await page.locator('#person-menu').waitFor()
}

const chosen = ({ page }: Visitor, name: string) =>
  page.locator('#person-menu').getByRole('button', { name }).click()

const titled = ({ page }: Visitor, name: string) =>
  page.locator('#room-title').getByText(name, { exact: true }).waitFor()

it('[M1] a direct room is named after the other, and a block closes it', async () => {
  const ada = await stage.host('Ada')
  const jun = await stage.arrive('Jun', ada.link)
  await jun.connected()
  await openMenu(jun, 'Ada')
  await jun.shot('direct-menu')
  await chosen(jun, 'Direct message')
  await titled(jun, 'Ada')
  await jun.connected()
  // Nobody else can be invited.
  await jun.page.locator('#log-empty').getByText('Nothing has been said here yet.').waitFor()
  expect(await jun.page.getByText('or invite somebody').isVisible()).toBe(false)
  await jun.say('just between us')
  // The list of members has whoever was here.
  await ada.page.reload()
  await openMenu(ada, 'Jun')
  await chosen(ada, 'Direct message')
  await titled(ada, 'Jun')
  await ada.sees('just between us')
  expect(await ada.page.locator('#open-sharing').isVisible()).toBe(false)
  await ada.page.locator('.message', { hasText: 'just between us' }).locator('.more').click()
  expect(await ada.page.locator('#menu-report').isVisible()).toBe(false)
  await ada.page.keyboard.press('Escape')
  await ada.page.locator('#open-settings').click()
  await ada.page.locator('#settings').getByText('For the two of you.').waitFor()
  for (const id of ['leave-room', 'delete-room', 'open-moderation']) {
    expect(await ada.page.locator(`#${id}`).count()).toBe(0)
  }
  await ada.page.keyboard.press('Escape')

  await openMenu(ada, 'Jun')
  expect(await ada.page.locator('#person-menu button').allInnerTexts()).toEqual(['Block'])
  await chosen(ada, 'Block')
  await ada.shot('direct-block')
  await ada.page.locator('#act').getByRole('button', { name: 'Block' }).click()
  await ada.page.getByText('You have blocked this conversation.').waitFor()
  await ada.shot('direct-blocked')
  await jun.say('are you there?')
  await jun.sent('are you there?')
  await ada.page.reload()
  await ada.page.locator('#unblock').click()
  await ada.connected()
  await ada.sees('are you there?')
})

it('fits a phone', async () => {
  const ada = await stage.own('Ada')
  const jun = await stage.arrive('Jun', ada.link, SMALL)
  await jun.connected()
  await jun.page.locator('#open-people').tap()
  await openMenu(jun, 'Ada')
  await jun.shot('direct-menu-phone')
  await chosen(jun, 'Direct message')
  await titled(jun, 'Ada')
  await jun.connected()
  expect(await jun.page.locator('#people').isVisible()).toBe(false)
  await jun.shot('direct-phone')
  await jun.page.locator('#open-people').tap()
  await openMenu(jun, 'Ada')
  await chosen(jun, 'Block')
  await jun.page.locator('#act').getByRole('button', { name: 'Block' }).tap()
  await jun.page.locator('#unblock').waitFor()
  await jun.shot('direct-blocked-phone')
})
