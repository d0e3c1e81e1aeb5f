// What moderators do on the page to people and their messages, and how the people are told at once.

import { describe, expect, it } from 'vitest'
import { setStage, type Visitor, WIDE } from '../support/browser.ts'
import { ask, guest, newRoom } from '../support/people.ts'
import { threeInARoom } from '../support/three-in-a-room.ts'

const SHOTS = `${import.meta.dirname}/screenshots`
const SMALL = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }
const stage = setStage()

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
  it('[M1] to a message: its author is told why, and where it was', async () => {
    const { ada, jun, mina } = await threeInARoom(stage)
    await jun.say('buy my boats', 'a good day')
    await mina.sees('a good day')
    await row(ada, 'buy my boats').locator('.more').click()
    await ada.page.locator('#menu-delete').press('Enter')
    await act(ada).getByText('Delete this message of Jun?').waitFor()
    await ada.page.locator('#act-reason').fill('<i>boats</i>')
    await ada.page.screenshot({ path: `${SHOTS}/notices-delete.png` })
    await agree(ada, 'Delete')
    await told(jun).getByText('A message of yours was deleted.').waitFor()
    expect(await told(jun).locator('p').textContent()).toBe(
      'A message of yours was deleted. Ada · Reason: <i>boats</i>',
    )
    for (const visitor of [ada, jun, mina]) await expect.poll(() => gone(visitor)).toBe(1)
    expect(await told(mina).textContent()).toBe('')
    await jun.page.screenshot({ path: `${SHOTS}/notices-told.png` })
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
  })

  it('[M1] to the last messages of somebody, and of how long', async () => {
    const { ada, jun, mina } = await threeInARoom(stage)
    for (let at = 1; at <= 12; at++) await jun.say(`boat ${at}`)
    await mina.say('mine stays')
    await jun.sees('mine stays')
    await ada.sees('mine stays')
    await choose(ada, 'Jun', 'Delete their messages')
    await act(ada).getByText('Delete messages of Jun?').waitFor()
    expect(await act(ada).locator('[name=last]').inputValue()).toBe('10')
    await ada.page.locator('#act-reason').fill('too many boats')
    await ada.page.screenshot({ path: `${SHOTS}/notices-clear.png` })
    await agree(ada, 'Delete their messages')
    await expect.poll(() => gone(mina)).toBe(10)
    await told(jun).getByText('Messages of yours were deleted.').waitFor()
    await told(jun).getByText('too many boats').waitFor()
    expect(await row(mina, 'boat').allInnerTexts()).toHaveLength(2)

    await choose(ada, 'Jun', 'Ban')
    await act(ada).locator('[name=since]').selectOption('604800')
    await ada.page.screenshot({ path: `${SHOTS}/notices-ban.png` })
    await agree(ada, 'Ban')
    await jun.page.getByText('You are banned from this room.').waitFor()
    await expect.poll(() => gone(mina)).toBe(12)
    await mina.sees('mine stays')
    // The next act begins with an empty form.
    await choose(ada, 'Mina', 'Ban')
    expect(await act(ada).locator('[name=since]').inputValue()).toBe('0')
    await ada.page.keyboard.press('Escape')
  })

  it('[M1] to a role: the person is told by whom and why, and may do it at once', async () => {
    const { ada, jun, mina, link } = await threeInARoom(stage)
    await choose(ada, 'Jun', 'Make moderator')
    await told(jun).getByText('You are a moderator now.').waitFor()
    await told(jun).getByText('Ada').waitFor()
    await jun.page.locator('#open-settings').click()
    await jun.page.locator('#open-rules').waitFor()
    await jun.page.keyboard.press('Escape')
    await choose(jun, 'Mina', 'Let read only')
    await told(mina).getByText('You may only read now.').waitFor()
    await mina.page.locator('#closed').waitFor()
    await choose(jun, 'Mina', 'Let write')
    await told(mina).getByText('You may write now.').waitFor()
    await choose(jun, 'Mina', 'Mute')
    await act(jun).locator('[name=until]').selectOption('3600')
    await agree(jun, 'Mute')
    await mina.page.locator('#closed').getByText('You are muted until').waitFor()
    await choose(jun, 'Mina', 'Unmute')
    await told(mina).getByText('You may write again.').waitFor()
    await choose(ada, 'Jun', 'Hand the room over')
    await agree(ada, 'Hand the room over')
    await told(jun).getByText('You own this room now.').waitFor()
    await jun.page.screenshot({ path: `${SHOTS}/notices-role.png` })
    // Another room has not been told.
    await jun.page.goto(`${stage.server.url}/#rooms`)
    await jun.page.goto(link)
    await jun.connected()
    expect(await told(jun).textContent()).toBe('')
  })
})

it.each([
  ['phone-light', { ...SMALL, colorScheme: 'light', locale: 'ko-KR' }],
  ['phone-dark', { ...SMALL, colorScheme: 'dark' }],
  ['wide-dark', { ...WIDE, colorScheme: 'dark', locale: 'ko-KR' }],
] as const)('a room that is deleted is empty at once: %s', async (name, options) => {
  const ada = await guest(stage.server.url, 'Ada')
  const id = await newRoom(stage.server.url, ada, '항구 산책')
  const mina = await stage.visit(`${stage.server.url}/#room=${id}`, options)
  await mina.signIn('미나')
  await mina.connected()
  await mina.say('다섯 시에 만나요')
  await mina.sent('다섯 시에 만나요')
  const over = (method: string, path: string, body: object) =>
    ask(stage.server.url, method, `/api/rooms/${id}${path}`, { token: ada.accessToken, body })
  const user = JSON.parse(
    await mina.page.evaluate<string>('localStorage.getItem("stompbox.identity")'),
  ).user
  await over('PATCH', `/members/${user.id}`, {
    role: 'moderator',
    reason: '잘 부탁해요, 한 주 동안',
  })
  await told(mina).getByText('잘 부탁해요').waitFor()
  await mina.page.screenshot({ path: `${SHOTS}/notices-${name}-role.png` })
  await over('DELETE', '/messages/1', { reason: '장소가 틀렸어요' })
  await told(mina).getByText('장소가 틀렸어요').waitFor()
  await mina.page.screenshot({ path: `${SHOTS}/notices-${name}-deleted.png` })
  const wide = await mina.page.evaluate<number>('document.documentElement.scrollWidth')
  expect(wide).toBe(options.viewport.width)

  await mina.page.locator('#open-settings').click()
  await mina.page.locator('#open-rules').click()
  await mina.page.locator('#rules-form').waitFor()
  await ask(stage.server.url, 'DELETE', `/api/rooms/${id}`, { token: ada.accessToken })
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
  await mina.page.screenshot({ path: `${SHOTS}/notices-${name}-gone.png` })
  await mina.page.locator('#ended a').click()
  await mina.page.locator('#new-room').waitFor()
  expect(await mina.page.locator('.room-link', { hasText: '항구 산책' }).count()).toBe(0)
})
