// What moderators do on the page to people and their messages, and how the people are told at once.

import { describe, expect, it } from 'vitest'
import { SMALL, setStage, type Visitor, WIDE } from '../support/browser.ts'
import { scaled } from '../support/scaled.ts'
import { threeInARoom } from '../support/three-in-a-room.ts'

const stage = setStage(undefined, { screen: WIDE })

const told = ({ page }: Visitor) => page.locator('#told')
const act = ({ page }: Visitor) => page.locator('#act')
const row = ({ page }: Visitor, text: string) => page.locator('.message', { hasText: text })
const gone = ({ page }: Visitor) => page.locator('.message.gone').count()

async function choose(visitor: Visitor, who: string, what: string) {
  await visitor.page.locator('.person', { hasText: who }).locator('.more').click()
  await visitor.page.locator('#person-menu').getByRole('button', { name: what }).click()
}

async function agree(visitor: Visitor, what: string) {
  await act(visitor).getByRole('button', { name: what, exact: true }).click()
  await act(visitor).waitFor({ state: 'hidden' })
}

describe('what moderators do', () => {
  it('[M1] to messages: their author is told why, and where they were', async () => {
    const { ada, jun, mina } = await threeInARoom(stage)
    await jun.say('buy my boats', 'a good day')
    await mina.sees('a good day')
    await row(ada, 'buy my boats').locator('.more').click()
    await ada.page.locator('#menu-delete').press('Enter')
    await act(ada).getByText('Delete this message of Jun?').waitFor()
    await ada.page.locator('#act-reason').fill('<i>boats</i>')
    await ada.shot('notices-delete')
    await agree(ada, 'Delete')
    await told(jun).getByText('A message of yours was deleted.').waitFor()
    expect(await told(jun).locator('p').textContent()).toBe(
      'A message of yours was deleted. Ada · Reason: <i>boats</i>',
    )
    for (const visitor of [ada, jun, mina]) await expect.poll(() => gone(visitor)).toBe(1)
    expect(await told(mina).textContent()).toBe('')
    await jun.shot('notices-told')
    await told(jun).getByRole('button', { name: 'Show where' }).click()
    expect(await jun.page.locator('.message.gone:focus').count()).toBe(1)
    await told(jun).getByRole('button', { name: 'Close' }).press('Enter')
    expect(await told(jun).textContent()).toBe('')
    // An own message needs no reason.
    await row(jun, 'a good day').locator('.more').click()
    await jun.page.locator('#menu-delete').click()
    await jun.page.locator('#menu-delete').getByText('Delete for everyone?').click()
    await expect.poll(() => gone(mina)).toBe(2)

    await ada.page.locator('#open-settings').click()
    await ada.page.locator('#open-moderation').click()
    await ada.page.getByRole('tab', { name: 'What was done' }).click()
    const entry = ada.page.locator('#moderation-log .entry').first()
    await entry.waitFor()
    expect(await entry.textContent()).toMatch(/Ada · Delete · Jun[\s\S]*<i>boats<\/i>/)
    await ada.page.keyboard.press('Escape')

    // The last messages of somebody.
    for (let at = 1; at <= 12; at++) await jun.say(`boat ${at}`)
    await mina.say('mine stays')
    await jun.sees('mine stays')
    await ada.sees('mine stays')
    await choose(ada, 'Jun', 'Delete their messages')
    await act(ada).getByText('Delete messages of Jun?').waitFor()
    expect(await act(ada).locator('[name=last]').inputValue()).toBe('10')
    await ada.page.locator('#act-reason').fill('too many boats')
    await ada.shot('notices-clear')
    await agree(ada, 'Delete their messages')
    await expect.poll(() => gone(mina)).toBe(12)
    await told(jun).getByText('Messages of yours were deleted.').waitFor()
    await told(jun).getByText('too many boats').waitFor()
    expect(await row(mina, 'boat').allInnerTexts()).toHaveLength(2)

    // And those of how long.
    await choose(ada, 'Jun', 'Ban')
    await act(ada).locator('[name=since]').selectOption('604800')
    await ada.shot('notices-ban')
    await agree(ada, 'Ban')
    await jun.page.getByText('You are banned from this room.').waitFor()
    await expect.poll(() => gone(mina)).toBe(14)
    await mina.sees('mine stays')
    // The next act begins with an empty form.
    await choose(ada, 'Mina', 'Ban')
    expect(await act(ada).locator('[name=since]').inputValue()).toBe('0')
    await ada.page.keyboard.press('Escape')
  })
})

const screens = [
  ['phone-light', { ...SMALL, colorScheme: 'light', locale: 'ko-KR' }],
  ['wide-dark', { ...WIDE, colorScheme: 'dark', locale: 'ko-KR' }],
  ['phone-dark', { ...SMALL, colorScheme: 'dark' }],
] as const
const shown = screens.slice(0, scaled(1, 3))

it.each(shown)('a room that is deleted is empty at once: %s', async (name, options) => {
  const ada = await stage.own('Ada', '항구 산책')
  const mina = await stage.arrive('미나', ada.link, options)
  await mina.connected()
  await mina.say('다섯 시에 만나요')
  await mina.sent('다섯 시에 만나요')
  await ada.setRole(mina.person, 'moderator', { reason: '잘 부탁해요, 한 주 동안' })
  await told(mina).getByText('잘 부탁해요').waitFor()
  await mina.shot(`notices-${name}-role`)
  await ada.api('DELETE', '/messages/1', { reason: '장소가 틀렸어요' })
  await told(mina).getByText('장소가 틀렸어요').waitFor()
  await mina.shot(`notices-${name}-deleted`)
  const wide = await mina.page.evaluate<number>('document.documentElement.scrollWidth')
  expect(wide).toBe(options.viewport.width)

  await mina.page.locator('#open-settings').click()
  await mina.page.locator('#open-rules').click()
  await mina.page.locator('#rules-form').waitFor()
  await ada.api('DELETE', '')
  await mina.page.locator('#ended').waitFor()
  await mina.page.locator('#rules').waitFor({ state: 'hidden' })
  expect(await mina.page.locator('.message').count()).toBe(0)
  expect(await mina.page.locator('.person').count()).toBe(0)
  expect(await told(mina).textContent()).toBe('')
  expect(await mina.page.locator('#message').isDisabled()).toBe(true)
  const shown = await mina.page.locator('#ended').boundingBox()
  const room = await mina.page.locator('#room').boundingBox()
  expect(shown?.width).toBe(room?.width)
  expect(await mina.page.locator('#open-settings').isVisible()).toBe(false)
  await mina.shot(`notices-${name}-gone`)
  await mina.page.locator('#ended a').click()
  await mina.page.locator('#new-room').waitFor()
  expect(await mina.page.locator(`.room-link[href$="${ada.roomId}"]`).count()).toBe(0)
})
