// Moderation on the page: messages are reported and settled, people banned for a time, and what was
// done can be read.

import { expect, it } from 'vitest'
import { SMALL, setStage, type Visitor, WIDE } from '../support/browser.ts'

const stage = setStage(undefined, { screen: WIDE })

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
  const ada = await stage.host('Ada')
  const jun = await stage.join('Jun', ada.link)
  const mina = await stage.arrive('Mina', ada.link)
  await mina.connected()
  await jun.say('buy my boats', 'buy more boats')
  await mina.sees('buy more boats')
  await report(mina, 'buy my boats', 'an advertisement')
  await report(mina, 'buy more boats', '')
  // Each visit of the dialog has the focus, so that a keyboard goes on from there.
  await message(mina, 'buy my boats').locator('.more').click()
  await mina.page.locator('#menu-report').click()
  await mina.page.locator('#act:focus-within').waitFor()
  await mina.page.keyboard.press('Escape')
  await mina.say('what boats?')
  await mina.sent('what boats?')
  await message(mina, 'what boats?').locator('.more').click()
  expect(await mina.page.locator('#menu-report').isVisible()).toBe(false)
  await mina.page.keyboard.press('Escape')
  await mina.page.locator('#open-settings').click()
  await mina.page.locator('#settings').waitFor()
  expect(await mina.page.locator('#open-moderation').count()).toBe(0)
  await mina.page.keyboard.press('Escape')

  await moderate(ada)
  const entries = moderation(ada).locator('.entry')
  await moderation(ada).getByText('an advertisement').waitFor()
  expect(await entries.count()).toBe(2)
  // A time after a name of Arabic letters stays whole.
  expect(await entries.first().textContent()).toContain('Reported by \u2068Mina\u2069 ')
  await ada.shot('moderation-reports')
  await entries.filter({ hasText: 'buy my boats' }).getByRole('button', { name: 'Delete' }).click()
  await mina.page.getByText('This message was deleted.').waitFor()
  const other = entries.filter({ hasText: 'buy more boats' })
  await other.getByRole('button', { name: 'Dismiss' }).click()
  await ada.page.locator('#reports').getByText('Nothing here.').waitFor()
  await ada.page.keyboard.press('Escape')

  const row = ada.page.locator('.person', { hasText: 'Mina' })
  await row.locator('.more').click()
  await ada.page.locator('#person-menu').getByRole('button', { name: 'Ban' }).click()
  await ada.page.locator('#act [name="until"]').selectOption('86400')
  await ada.page.locator('#act-reason').fill('boats')
  await ada.shot('moderation-ban')
  await ada.page.locator('#act').getByRole('button', { name: 'Ban' }).click()
  await mina.page.getByText('You are banned from this room. Reason: boats (until ').waitFor()
  await mina.shot('moderation-told')
  // A ticket is refused with the same words.
  await mina.page.reload()
  await mina.page.getByText('You are banned from this room. Reason: boats (until ').waitFor()

  await moderate(ada)
  await moderation(ada).getByRole('tab', { name: 'What was done' }).click()
  const done = ada.page.locator('#moderation-log .entry').first()
  await done.getByText('Ban').waitFor()
  expect(await done.textContent()).toMatch(/Ada.*Ban.*Mina.*until.*boats/)
  await ada.shot('moderation-log')
})

it('fits a phone, in Korean', async () => {
  const ada = await stage.host('아다', '항구 산책', { ...SMALL, locale: 'ko-KR' })
  const jun = await stage.join('Jun', ada.link)
  await ada.say('다섯 시에 만나요')
  await ada.sent('다섯 시에 만나요')
  await jun.api('POST', '/reports', { seq: 1, reason: '시간이 틀렸어요' })
  await ada.page.locator('#open-settings').tap()
  await ada.page.locator('#open-moderation').tap()
  await moderation(ada).getByText('시간이 틀렸어요').waitFor()
  await ada.shot('moderation-phone')
  await moderation(ada).getByRole('button', { name: '보기' }).tap()
  await moderation(ada).waitFor({ state: 'hidden' })
  await ada.page.locator('#open-people').tap()
  await ada.page.locator('.person', { hasText: 'Jun' }).locator('.more').tap()
  await ada.page.locator('#person-menu').getByRole('button', { name: '차단' }).waitFor()
  expect(await ada.page.locator('#people').isVisible()).toBe(true)
  await ada.shot('moderation-phone-person')
  const wide = await ada.page.evaluate<number>('document.documentElement.scrollWidth')
  expect(wide).toBe(SMALL.viewport.width)
})
