// The people of a room on the page: who they are, what may be done to them, and what each of them
// sees of it at once.

import { describe, expect, it } from 'vitest'
import { setStage, type Visitor } from '../support/browser.ts'
import { ask, guest, newRoom } from '../support/people.ts'
import { threeInARoom } from '../support/three-in-a-room.ts'

const SHOTS = `${import.meta.dirname}/screenshots`
const SMALL = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }
const stage = setStage()

const row = ({ page }: Visitor, name: string) =>
  page.locator('.person').filter({ has: page.locator('.name', { hasText: name }) })
const menu = ({ page }: Visitor) => page.locator('#person-menu')

async function items(visitor: Visitor) {
  await menu(visitor).waitFor()
  return menu(visitor).getByRole('button').allInnerTexts()
}

const notes = ({ page }: Visitor) => page.locator('.note span').allInnerTexts()
const ended = ({ page }: Visitor) => page.locator('#ended-reason')

/** Opens the menu of somebody and chooses what to do, with a confirmation where that asks. */
async function act(visitor: Visitor, name: string, what: string, sure?: string) {
  await row(visitor, name).locator('.more').click()
  await menu(visitor).getByRole('button', { name: what, exact: true }).click()
  if (sure === undefined) return
  await visitor.page.locator('#act').getByText(sure).waitFor()
  await visitor.page.locator('#act').getByRole('button', { name: what, exact: true }).click()
  await visitor.page.locator('#act').waitFor({ state: 'hidden' })
}

/** Nothing may be done to somebody. */
async function onlyTalk(visitor: Visitor, name: string) {
  await row(visitor, name).locator('.more').click()
  expect(await items(visitor)).toEqual(['Direct message'])
  await visitor.page.keyboard.press('Escape')
}

describe('the people of a room', () => {
  it('[M1] are offered what the role of the reader allows, live when it changes', async () => {
    const { ada, jun, mina } = await threeInARoom(stage)
    await expect.poll(() => row(jun, 'Ada').locator('.role-owner').count()).toBe(1)
    await onlyTalk(jun, 'Mina')
    await row(ada, 'Jun').locator('.more').click()
    expect(await items(ada)).toEqual([
      ...['Direct message', 'Make moderator', 'Let read only', 'Hand the room over'],
      ...['Mute', 'Delete their messages', 'Remove from the room', 'Ban'],
    ])
    await ada.page.screenshot({ path: `${SHOTS}/people-menu.png` })
    await menu(ada).getByRole('button', { name: 'Make moderator' }).click()
    for (const visitor of [ada, jun, mina]) {
      await row(visitor, 'Jun').locator('.role-moderator').waitFor()
      await expect.poll(() => notes(visitor)).toContain('\u2068Jun\u2069 is a moderator now.')
    }
    await row(jun, 'Mina').locator('.more').click()
    expect(await items(jun)).toEqual([
      ...['Direct message', 'Let read only', 'Mute', 'Delete their messages'],
      ...['Remove from the room', 'Ban'],
    ])
    await menu(jun).getByRole('button', { name: 'Let read only' }).click()
    await mina.page.locator('#closed').getByText('You may read here, and not write.').waitFor()
    await onlyTalk(jun, 'Ada')
    await act(jun, 'Mina', 'Let write')
    await mina.page.locator('#closed').waitFor({ state: 'hidden' })
    await mina.say('once more')
    await jun.sees('once more')

    await act(ada, 'Jun', 'Hand the room over', 'Hand the room over to Jun?')
    await row(mina, 'Jun').locator('.role-owner').waitFor()
    await row(mina, 'Ada').locator('.role-moderator').waitFor()
    await row(ada, 'Jun').locator('.role-owner').waitFor()
    await onlyTalk(ada, 'Jun')
    await row(jun, 'Ada').locator('.more').click()
    expect(await items(jun)).toContain('Hand the room over')
    await jun.page.keyboard.press('Escape')
    await ada.page.locator('#open-settings').click()
    expect(await ada.page.locator('#leave-room').isVisible()).toBe(true)
  })

  it('[A5] removes, bans and pardons, and tells the person at once', async () => {
    const { ada, jun, mina, link } = await threeInARoom(stage)
    await act(ada, 'Mina', 'Remove from the room', 'Remove Mina?')
    await ended(mina).getByText('You were removed from this room.').waitFor()
    await row(ada, 'Mina').waitFor({ state: 'detached' })
    await mina.page.reload()
    await mina.connected()

    await act(ada, 'Mina', 'Ban', 'Ban Mina?')
    await ended(mina).getByText('You are banned from this room.').waitFor()
    await mina.page.screenshot({ path: `${SHOTS}/people-banned.png` })
    expect(await mina.page.locator('#open-settings').isVisible()).toBe(false)
    await ada.page.reload()
    await ada.connected()
    await row(ada, 'Mina').locator('.role-banned').waitFor()
    await ada.page.screenshot({ path: `${SHOTS}/people-list.png` })
    expect(await row(jun, 'Mina').count()).toBe(0)
    await act(ada, 'Mina', 'Lift the ban')
    await row(ada, 'Mina').locator('.role-banned').waitFor({ state: 'detached' })
    await mina.page.goto(link)
    await mina.page.reload()
    await mina.connected()
  })

  it('acts on the person from a message of theirs, and only on those below', async () => {
    const { ada, jun } = await threeInARoom(stage)
    await jun.say('a word of Jun')
    await ada.say('a word of Ada')
    await ada.sees('a word of Jun')
    await jun.sees('a word of Ada')
    const message = (visitor: Visitor, text: string) =>
      visitor.page.locator('.message', { hasText: text }).locator('.more')
    await message(jun, 'a word of Ada').click()
    expect(await jun.page.locator('#menu-delete').isVisible()).toBe(false)
    await jun.page.locator('#menu-person').click()
    await menu(jun).waitFor()
    expect(await items(jun)).toEqual(['Direct message'])
    await jun.page.keyboard.press('Escape')
    await message(ada, 'a word of Jun').click()
    await ada.page.locator('#menu-person').click()
    await menu(ada).getByRole('button', { name: 'Let read only' }).click()
    await jun.page.locator('#closed').waitFor()
  })

  it('are paged, and found by the beginning of their names', async () => {
    const { url } = stage.server
    const ada = await guest(url, 'Ada')
    const roomId = await newRoom(url, ada, 'Harbour walk')
    const join = async (name: string) => {
      const { accessToken: token } = await guest(url, name)
      await ask(url, 'PUT', `/api/rooms/${roomId}/members/me`, { token })
    }
    for (let n = 0; n < 55; n++) await join(`Person ${String(n).padStart(2, '0')}`)
    await join('이준호')
    const mina = await stage.visit(`${url}/#room=${roomId}`, { ...SMALL, locale: 'ko-KR' })
    await mina.signIn('미나')
    await mina.connected()
    await mina.page.locator('#open-people').tap()
    await row(mina, 'Person 00').waitFor()
    expect(await row(mina, '이준호').count()).toBe(0)
    await mina.page.locator('#more-members').tap()
    await row(mina, '이준호').waitFor()
    await mina.page.locator('#people-search').fill('이준'.normalize('NFD'))
    await row(mina, 'Person 00').waitFor({ state: 'detached' })
    expect(await row(mina, '이준호').count()).toBe(1)
    await mina.page.screenshot({ path: `${SHOTS}/people-phone.png` })
    await mina.page.locator('#people-search').fill('')
    await row(mina, 'Person 00').waitFor()
    await mina.page.screenshot({ path: `${SHOTS}/people-phone-all.png` })
  })

  it('come and go in a private room, told in the log', async () => {
    const ada = await stage.arrive('Ada')
    await ada.page.locator('#new-room').click()
    await ada.page.locator('#room-name').fill('a private room')
    await ada.page.locator('#kind-private').check()
    await ada.page.locator('#room-name').press('Enter')
    await ada.connected()
    await ada.page.locator('#open-settings').click()
    await ada.page.locator('#settings-room-name').fill('a better name')
    await ada.page.locator('#settings').getByRole('button', { name: 'Save' }).click()
    await expect
      .poll(() => notes(ada))
      .toContain('The room is called \u2068a better name\u2069 now.')
    const mina = await stage.arrive('Mina', ada.page.url())
    await ended(mina).getByText('There is no such room.').waitFor()
  })
})
