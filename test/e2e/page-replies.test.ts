// Replies and pins on the page: the quote follows the original and leads to it, and pins are listed.

import { expect, it } from 'vitest'
import { PHONE, SMALL, setStage, type Visitor } from '../support/browser.ts'

const stage = setStage()

const message = ({ page }: Visitor, seq: number) => page.locator(`.message[data-seq="${seq}"]`)
const choose = async (visitor: Visitor, seq: number, item: string) => {
  await message(visitor, seq).locator('.more').click()
  await visitor.page.locator(`#menu-${item}`).click()
}

it('quotes what a reply answers, follows it, and leads to it by keyboard', async () => {
  const ada = await stage.host('Ada')
  const jun = await stage.arrive('Jun', ada.link)
  await jun.connected()
  await ada.say('see you at five')
  await jun.sees('see you at five')
  await choose(jun, 1, 'reply')
  await jun.page.locator('#revising').getByText('Replying to \u2068Ada\u2069').waitFor()
  await jun.shot('replies-composer')
  await jun.page.locator('#revising-cancel').click()
  await choose(jun, 1, 'reply')
  await jun.say('fine')
  expect(await jun.page.locator('#revising').isVisible()).toBe(false)
  const quote = (visitor: Visitor) => message(visitor, 2).locator('.quote')
  for (const visitor of [ada, jun]) {
    await expect.poll(() => quote(visitor).textContent()).toContain('see you at five')
  }
  await jun.say('not a reply')
  await jun.sent('not a reply')
  expect(await message(jun, 3).locator('.quote').count()).toBe(0)
  await choose(ada, 1, 'edit')
  await ada.say('see you at six')
  for (const visitor of [ada, jun]) {
    await expect.poll(() => quote(visitor).textContent()).toContain('see you at six')
  }
  await jun.shot('replies-log')
  await quote(jun).press('Enter')
  await expect
    .poll(() => message(jun, 1).evaluate((node) => node === node.ownerDocument.activeElement))
    .toBe(true)
  await choose(ada, 1, 'delete')
  await ada.page.locator('#menu-delete').click()
  for (const visitor of [ada, jun]) {
    await expect.poll(() => quote(visitor).textContent()).toContain('This message was deleted.')
  }
  await jun.page.reload()
  await expect.poll(() => quote(jun).textContent()).toContain('This message was deleted.')
})

it('leads to an original that was not loaded yet', async () => {
  const ada = await stage.own('Ada')
  await ada.pour(...Array.from({ length: 120 }, (_, n) => `line ${n}`))
  await ada.pour(JSON.stringify({ content: 'the reply', replyTo: 1 }), 'the end')
  const mina = await stage.arrive('Mina', ada.link)
  await mina.sees('the end')
  expect(await message(mina, 1).count()).toBe(0)
  await message(mina, 121).locator('.quote').click()
  await message(mina, 1).waitFor()
  await expect
    .poll(() => message(mina, 1).evaluate((node) => node === node.ownerDocument.activeElement))
    .toBe(true)
})

it('[M1] pins by those who may, for everybody at once, and lists pins', async () => {
  const ada = await stage.host('아다', '항구 산책', { ...SMALL, locale: 'ko-KR' })
  const jun = await stage.arrive('Jun', ada.link)
  await jun.connected()
  await ada.say('다섯 시에 항구에서 만나요. 비가 오면 카페로 가요.')
  await ada.sent('다섯 시에')
  await jun.sees('다섯 시에')
  await message(jun, 1).locator('.more').click()
  expect(await jun.page.locator('#menu-pin').isVisible()).toBe(false)
  await jun.page.keyboard.press('Escape')
  expect(await jun.page.locator('#open-pins').isVisible()).toBe(false)
  await choose(ada, 1, 'pin')
  for (const visitor of [ada, jun]) await visitor.page.locator('#open-pins').waitFor()
  await jun.page.locator('.note', { hasText: 'pinned a message.' }).waitFor()
  await ada.shot('pins-phone-log')
  await ada.page.locator('#open-pins').tap()
  await ada.page.locator('#pin-list').getByText('다섯 시에').waitFor()
  await ada.shot('pins-phone')
  await jun.page.reload()
  await jun.page.locator('#open-pins').click()
  expect(await jun.page.locator('#pin-list').getByRole('button', { name: 'Unpin' }).count()).toBe(0)
  await jun.page.locator('#pin-list').getByText('다섯 시에').click()
  await jun.page.locator('#pins').waitFor({ state: 'hidden' })
  await ada.page.locator('#pin-list').getByRole('button', { name: '고정 풀기' }).tap()
  for (const visitor of [ada, jun]) {
    await visitor.page.locator('#open-pins').waitFor({ state: 'hidden' })
  }
  const wide = await ada.page.evaluate<number>('document.documentElement.scrollWidth')
  expect(wide).toBe(SMALL.viewport.width)
})

it('a message that is deleted meanwhile is neither answered nor acted on', async () => {
  const jun = await stage.own('Jun')
  await jun.say('a word to answer', `a long one ${'of many words '.repeat(20)}`)
  await jun.api('PUT', '/pins/1')
  const ada = await stage.arrive('Ada', jun.link, PHONE)
  await ada.connected()
  const { page } = ada
  const more = (text: string) => page.locator('.message', { hasText: text }).locator('.more')

  // On a phone a long quote leaves the button whole.
  await more('a long one').tap()
  await page.locator('#menu-reply').tap()
  const cancel = page.locator('#revising-cancel')
  expect((await cancel.boundingBox())?.width).toBeGreaterThan(30)
  await page.locator('#open-pins').tap()
  const [pin, text] = [page.locator('.pin-jump'), page.locator('.pin-text')]
  const indent = ((await text.boundingBox())?.x ?? 0) - ((await pin.boundingBox())?.x ?? 0)
  expect(indent).toBeLessThan(20)
  await page.keyboard.press('Escape')

  await more('a word to answer').tap()
  await page.locator('#menu-reply').tap()
  await page.locator('#revising', { hasText: 'a word to answer' }).waitFor()
  await more('a word to answer').tap()
  await page.locator('#message-menu').waitFor()
  await jun.api('DELETE', '/messages/1')
  await page.getByText('This message was deleted.').waitFor()
  await page.locator('#message-menu').waitFor({ state: 'hidden' })
  await page.locator('#revising').waitFor({ state: 'hidden' })
})
