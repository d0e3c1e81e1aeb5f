// Mentions on the page: the room says whom a message mentions, and the page marks it.

import { expect, it } from 'vitest'
import { SMALL, setStage, type Visitor, WIDE } from '../support/browser.ts'
import { scaled } from '../support/scaled.ts'

const stage = setStage()

const row = ({ page }: Visitor, text: string) => page.locator('.message', { hasText: text })
const marks = (visitor: Visitor, text: string) =>
  row(visitor, text).locator('.mention').allInnerTexts()
const own = (visitor: Visitor, text: string) =>
  row(visitor, text).locator('.mention.me').allInnerTexts()
const isForMe = async (visitor: Visitor, text: string) =>
  (await row(visitor, text).getAttribute('class'))?.includes('for-me')

it('[M1] marks those whom the room mentions, and what mentions the reader stands out', async () => {
  const ada = await stage.host('Ada')
  await stage.join('<b>Jun</b> Kim', ada.link)
  const mina = await stage.arrive('Mina', ada.link)
  await mina.connected()
  await ada.say('one: @<b>jun</b> kim and @Mina, see https://example.com/@Mina and @nobody')
  for (const visitor of [ada, mina]) {
    await expect.poll(() => marks(visitor, 'one:')).toEqual(['@<b>jun</b> kim', '@Mina'])
    expect(await row(visitor, 'one:').locator('b').count()).toBe(0)
    expect(await row(visitor, 'one:').locator('a').textContent()).toBe('https://example.com/@Mina')
  }
  expect(await own(ada, 'one:')).toEqual([])
  expect(await own(mina, 'one:')).toEqual(['@Mina'])
  expect(await isForMe(ada, 'one:')).toBe(false)
  expect(await isForMe(mina, 'one:')).toBe(true)
  expect(await row(mina, 'one:').locator('.mark .by-ear').textContent()).toBe('mentions you')

  await mina.say('two: @room and @Ada')
  await expect.poll(() => marks(ada, 'two:')).toEqual(['@Ada'])
  await ada.say('three: @room')
  await expect.poll(() => own(mina, 'three:')).toEqual(['@room'])
  expect(await isForMe(mina, 'three:')).toBe(true)
  expect(await isForMe(ada, 'three:')).toBe(false)
  await mina.shot('mentions')

  // An edit mentions somebody else, and a reload knows as much.
  const edit = async (text: string) => {
    await row(ada, 'one:').locator('.more').click()
    await ada.page.locator('#menu-edit').click()
    await ada.page.locator('#message').fill(text)
    await ada.page.locator('#message').press('Enter')
    await row(mina, text).waitFor()
  }
  await edit('one: only @<b>Jun</b> Kim')
  expect(await isForMe(mina, 'one: only')).toBe(false)
  await edit('one: only @Mina')
  await mina.page.reload()
  await expect.poll(() => own(mina, 'one: only')).toEqual(['@Mina'])
  expect(await isForMe(mina, 'one: only')).toBe(true)
  await row(ada, 'one: only').locator('.more').click()
  await ada.page.locator('#menu-delete').click()
  await ada.page.locator('#menu-delete').click()
  await mina.page.locator('.gone').waitFor()
  expect(await mina.page.locator('.gone.for-me').count()).toBe(0)
})

it('finds the name of somebody who is away', async () => {
  const ada = await stage.own('Ada')
  const jun = await stage.join('Jun', ada.link)
  await jun.leave()
  await ada.say('where is @Jun?')
  const mina = await stage.arrive('Mina', ada.link, SMALL)
  await expect.poll(() => marks(mina, 'where is')).toEqual(['@Jun'])
})

const screens = [
  ['phone-light', { ...SMALL, colorScheme: 'light', locale: 'ko-KR' }],
  ['wide-dark', { ...WIDE, colorScheme: 'dark', locale: 'ko-KR' }],
  ['phone-dark', { ...SMALL, colorScheme: 'dark', locale: 'ko-KR' }],
] as const
const shown = screens.slice(0, scaled(1, 3))

it.each(shown)('fits the screen, with Korean particles: %s', async (name, options) => {
  const ada = await stage.own('Ada Lovelace', '항구 산책')
  const mina = await stage.arrive('김미나', ada.link, options)
  await mina.connected()
  await ada.say('@김미나님, 내일 다섯 시에 만날까요?', '@room 비가 오면 카페로 가요', '안녕하세요')
  await mina.sees('안녕하세요')
  await mina.say('@Ada Lovelace 좋아요! @김미나 도 가요')
  await expect.poll(() => own(mina, '만날까요')).toEqual(['@김미나'])
  await expect.poll(() => marks(mina, '좋아요!')).toEqual(['@Ada Lovelace', '@김미나'])
  expect(await isForMe(mina, '좋아요!')).toBe(false)
  await mina.shot(`mentions-${name}`)
})
