// Moderation on the page: messages are reported and settled, people banned for a time, and what was
// done can be read.

import { expect, it } from 'vitest'
import { setStage, type Visitor } from '../support/browser.ts'

const SHOTS = `${import.meta.dirname}/screenshots`
const SMALL = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }
const stage = setStage()

const message = ({ page }: Visitor, text: string) => page.locator('.message', { hasText: text })
const moderation = ({ page }: Visitor) => page.locator('#moderation')

async function moderate(visitor: Visitor) {
  await visitor.page.locator('#open-settings').click()
  await visitor.page.locator('#open-moderation').click()
  await moderation(visitor).waitFor()
}

async function report(visitor: Visitor, text: string, reason: string) {
  await message(visitor, text).locator('.more').click()
  await visitor.page.locator('#menu-report').click()
  await visitor.page.locator('#act-reason').fill(reason)
  await visitor.page.locator('#act').getByRole('button', { name: 'Report' }).click()
  await visitor.page.locator('#act').waitFor({ state: 'hidden' })
}

it('[M1] a reader reports, a moderator settles, and the log tells what was done', async () => {
  const ada = await stage.arrive('Ada')
  const link = await ada.createRoom('Harbour walk')
  const jun = await stage.arrive('Jun', link)
  const mina = await stage.arrive('Mina', link)
  for (const visitor of [jun, mina]) await visitor.connected()
  await jun.say('buy my boats', 'buy more boats')
  await mina.sees('buy more boats')
  await report(mina, 'buy my boats', 'an advertisement')
  await report(mina, 'buy more boats', '')
  await message(jun, 'buy my boats').locator('.more').click()
  expect(await jun.page.locator('#menu-report').isVisible()).toBe(false)
  await jun.page.keyboard.press('Escape')
  await jun.page.locator('#open-settings').click()
  await jun.page.locator('#settings').waitFor()
  expect(await jun.page.locator('#open-moderation').count()).toBe(0)
  await jun.page.keyboard.press('Escape')

  await moderate(ada)
  const entries = moderation(ada).locator('.entry')
  await moderation(ada).getByText('an advertisement').waitFor()
  expect(await entries.count()).toBe(2)
  await ada.page.screenshot({ path: `${SHOTS}/moderation-reports.png` })
  await entries.filter({ hasText: 'buy my boats' }).getByRole('button', { name: 'Delete' }).click()
  await jun.page.getByText('This message was deleted.').waitFor()
  const other = entries.filter({ hasText: 'buy more boats' })
  await other.getByRole('button', { name: 'Dismiss' }).click()
  await ada.page.locator('#reports').getByText('Nothing here.').waitFor()
  await ada.page.keyboard.press('Escape')

  const row = ada.page.locator('.person', { hasText: 'Jun' })
  await row.locator('.more').click()
  await ada.page.locator('#person-menu').getByRole('button', { name: 'Ban' }).click()
  await ada.page.locator('#act [name="until"]').selectOption('86400')
  await ada.page.locator('#act-reason').fill('boats')
  await ada.page.screenshot({ path: `${SHOTS}/moderation-ban.png` })
  await ada.page.locator('#act').getByRole('button', { name: 'Ban' }).click()
  await jun.page.getByText('You are banned from this room. Reason: boats (until ').waitFor()
  await jun.page.screenshot({ path: `${SHOTS}/moderation-told.png` })
  await jun.page.setViewportSize(SMALL.viewport)
  await jun.page.screenshot({ path: `${SHOTS}/moderation-told-phone.png` })
  // A ticket is refused with the same words.
  await jun.page.reload()
  await jun.page.getByText('You are banned from this room. Reason: boats (until ').waitFor()

  await moderate(ada)
  await moderation(ada).getByRole('tab', { name: 'What was done' }).click()
  const done = ada.page.locator('#moderation-log .entry').first()
  await done.getByText('Ban').waitFor()
  expect(await done.textContent()).toMatch(/Ada.*Ban.*Jun.*until.*boats/)
  await ada.page.screenshot({ path: `${SHOTS}/moderation-log.png` })
})

it('[M1] whoever is removed reads why', async () => {
  const ada = await stage.arrive('Ada')
  const jun = await stage.arrive('Jun', await ada.createRoom('Harbour walk'))
  await jun.connected()
  await ada.page.locator('.person', { hasText: 'Jun' }).locator('.more').click()
  await ada.page.locator('#person-menu').getByRole('button', { name: 'Remove' }).click()
  await ada.page.locator('#act-reason').fill('<b>boats</b> (again)')
  await ada.page.locator('#act').getByRole('button', { name: 'Remove' }).click()
  await jun.page.getByText('You were removed from this room. Reason: <b>boats').waitFor()
  expect(await jun.page.locator('#told-reason').textContent()).toBe('<b>boats</b> (again)')
})

it('fits a phone, in Korean', async () => {
  const ada = await stage.visit(stage.server.url, { ...SMALL, locale: 'ko-KR' })
  await ada.signIn('아다')
  await ada.page.locator('#new-room').tap()
  await ada.page.locator('#room-name').fill('항구 산책')
  await ada.page.locator('#creation').getByRole('button', { name: '만들기' }).tap()
  await ada.connected()
  const jun = await stage.arrive('Jun', ada.page.url())
  await ada.say('다섯 시에 만나요')
  await jun.sees('다섯 시에 만나요')
  await report(jun, '다섯 시에 만나요', '시간이 틀렸어요')
  await ada.page.locator('#open-settings').tap()
  await ada.page.locator('#open-moderation').tap()
  await moderation(ada).getByText('시간이 틀렸어요').waitFor()
  await ada.page.screenshot({ path: `${SHOTS}/moderation-phone.png` })
  await moderation(ada).getByRole('button', { name: '보기' }).tap()
  await moderation(ada).waitFor({ state: 'hidden' })
  await ada.page.locator('#open-people').tap()
  await ada.page.locator('.person', { hasText: 'Jun' }).locator('.more').tap()
  await ada.page.locator('#person-menu').getByRole('button', { name: '차단' }).waitFor()
  expect(await ada.page.locator('#people').isVisible()).toBe(true)
  await ada.page.screenshot({ path: `${SHOTS}/moderation-phone-person.png` })
  const wide = await ada.page.evaluate<number>('document.documentElement.scrollWidth')
  expect(wide).toBe(SMALL.viewport.width)
})
