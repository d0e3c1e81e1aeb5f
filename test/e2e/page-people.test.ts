// The people of a room on the page: who they are, what may be done to them, and what each of them
// sees of it at once.

import { describe, expect, it } from 'vitest'
import { linkTo, SMALL, setStage, type Visitor, WIDE } from '../support/browser.ts'
import { roomOf } from '../support/peer.ts'
import { ask, askAs, guest, newRoom } from '../support/people.ts'
import { threeInARoom } from '../support/three-in-a-room.ts'

const stage = setStage(undefined, { screen: WIDE })

const row = ({ page }: Visitor, name: string) =>
  page.locator('.person').filter({ has: page.locator('.name', { hasText: name }) })
const told = ({ page }: Visitor) => page.locator('#told')
const closed = ({ page }: Visitor) => page.locator('#closed')
const menu = ({ page }: Visitor) => page.locator('#person-menu')

async function items(visitor: Visitor) {
  await menu(visitor).waitFor()
  return menu(visitor).getByRole('button').allInnerTexts()
}

const notes = ({ page }: Visitor) => page.locator('.note span').allInnerTexts()
const ended = ({ page }: Visitor) => page.locator('#ended-reason')

/** Opens the menu of somebody and chooses what to do, with a confirmation where that asks. */
async function act(visitor: Visitor, name: string, what: string, question?: string) {
  await row(visitor, name).locator('.more').click()
  await menu(visitor).getByRole('button', { name: what, exact: true }).click()
  if (question === undefined) return
  await visitor.page.locator('#act').getByText(question).waitFor()
  await sure(visitor, what)
}

/** Confirms what was chosen. */
async function sure(visitor: Visitor, what: string) {
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
  it('[M1] are offered what the role of the reader allows, and told of another by whom and at once', async () => {
    const { ada, jun, mina, link } = await threeInARoom(stage)
    await expect.poll(() => row(jun, 'Ada').locator('.role-owner').count()).toBe(1)
    await onlyTalk(jun, 'Mina')
    await row(ada, 'Jun').locator('.more').click()
    expect(await items(ada)).toEqual([
      ...['Direct message', 'Make moderator', 'Let read only', 'Hand the room over'],
      ...['Mute', 'Delete their messages', 'Remove from the room', 'Ban'],
    ])
    await ada.shot('people-menu')
    await menu(ada).getByRole('button', { name: 'Make moderator' }).click()
    await told(jun).getByText('You are a moderator now.').waitFor()
    await told(jun).getByText('Ada').waitFor()
    for (const visitor of [ada, jun, mina]) {
      await row(visitor, 'Jun').locator('.role-moderator').waitFor()
      await expect.poll(() => notes(visitor)).toContain('\u2068Jun\u2069 is a moderator now.')
    }
    await jun.page.locator('#open-settings').click()
    await jun.page.locator('#open-rules').waitFor()
    await jun.page.keyboard.press('Escape')

    await row(jun, 'Mina').locator('.more').click()
    expect(await items(jun)).toEqual([
      ...['Direct message', 'Let read only', 'Mute', 'Delete their messages'],
      ...['Remove from the room', 'Ban'],
    ])
    await menu(jun).getByRole('button', { name: 'Let read only' }).click()
    await told(mina).getByText('You may only read now.').waitFor()
    await closed(mina).getByText('You may read here, and not write.').waitFor()
    await onlyTalk(jun, 'Ada')
    await act(jun, 'Mina', 'Let write')
    await told(mina).getByText('You may write now.').waitFor()
    await closed(mina).waitFor({ state: 'hidden' })
    await mina.say('once more')
    await jun.sees('once more')

    await row(jun, 'Mina').locator('.more').click()
    await menu(jun).getByRole('button', { name: 'Mute' }).click()
    await jun.page.locator('#act [name=until]').selectOption('3600')
    await sure(jun, 'Mute')
    await closed(mina).getByText('You are muted until').waitFor()
    await act(jun, 'Mina', 'Unmute')
    await told(mina).getByText('You may write again.').waitFor()

    await act(ada, 'Jun', 'Hand the room over', 'Hand the room over to Jun?')
    await told(jun).getByText('You own this room now.').waitFor()
    await jun.shot('notices-role')
    await row(mina, 'Jun').locator('.role-owner').waitFor()
    await row(mina, 'Ada').locator('.role-moderator').waitFor()
    await row(ada, 'Jun').locator('.role-owner').waitFor()
    await onlyTalk(ada, 'Jun')
    await row(jun, 'Ada').locator('.more').click()
    expect(await items(jun)).toContain('Hand the room over')
    await jun.page.keyboard.press('Escape')
    await ada.page.locator('#open-settings').click()
    expect(await ada.page.locator('#leave-room').isVisible()).toBe(true)
    // Another room has not been told.
    await jun.page.goto(`${stage.server.url}/#rooms`)
    await jun.enter(link)
    expect(await told(jun).textContent()).toBe('')
  })

  it('[A5] are removed, banned and pardoned, and told so and why at once', async () => {
    const { ada, jun, mina, link } = await threeInARoom(stage)
    const remove = 'Remove from the room'
    await row(ada, 'Mina').locator('.more').click()
    await menu(ada).getByRole('button', { name: remove }).click()
    await ada.page.locator('#act').getByText('Remove Mina?').waitFor()
    await ada.page.locator('#act-reason').fill('<b>boats</b> (again)')
    await sure(ada, remove)
    await ended(mina).getByText('You were removed from this room. Reason: <b>boats').waitFor()
    expect(await mina.page.locator('#told-reason').textContent()).toBe('<b>boats</b> (again)')
    await row(ada, 'Mina').waitFor({ state: 'detached' })
    await mina.page.reload()
    await mina.connected()

    await act(ada, 'Mina', 'Ban', 'Ban Mina?')
    await ended(mina).getByText('You are banned from this room.').waitFor()
    await mina.shot('people-banned')
    expect(await mina.page.locator('#open-settings').isVisible()).toBe(false)
    await ada.page.reload()
    await ada.connected()
    await row(ada, 'Mina').locator('.role-banned').waitFor()
    await ada.shot('people-list')
    expect(await row(jun, 'Mina').count()).toBe(0)
    await act(ada, 'Mina', 'Lift the ban')
    await row(ada, 'Mina').locator('.role-banned').waitFor({ state: 'detached' })
    await mina.page.goto(link)
    await mina.page.reload()
    await mina.connected()
  })

  it('are acted on from a message of theirs, and only those below', async () => {
    const ada = await stage.host('Ada')
    const jun = await stage.arrive('Jun', ada.link)
    await jun.connected()
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
    await closed(jun).waitFor()
  })

  it('are paged, and found by the beginning of their names', async () => {
    const { url } = stage.server
    const ada = await guest(url, 'Ada')
    const roomId = await newRoom(url, ada, 'Harbour walk')
    const names = Array.from({ length: 55 }, (_, n) => `Person ${String(n).padStart(2, '0')}`)
    const join = async (name: string) => {
      const { accessToken: token } = await guest(url, name)
      await ask(url, 'PUT', `/api/rooms/${roomId}/members/me`, { token })
    }
    await Promise.all([...names, '이준호'].map(join))
    const options = { ...SMALL, locale: 'ko-KR' }
    const mina = await stage.arrive('미나', linkTo(url, roomId), options)
    await mina.connected()
    await mina.page.locator('#open-people').tap()
    await row(mina, 'Person 00').waitFor()
    expect(await row(mina, '이준호').count()).toBe(0)
    await mina.page.locator('#more-members').tap()
    await row(mina, '이준호').waitFor()
    await mina.page.locator('#people-search').fill('이준'.normalize('NFD'))
    await row(mina, 'Person 00').waitFor({ state: 'detached' })
    expect(await row(mina, '이준호').count()).toBe(1)
    await mina.shot('people-phone')
    await mina.page.locator('#people-search').fill('')
    await row(mina, 'Person 00').waitFor()
    await mina.shot('people-phone-all')
  })

  it('come and go in a private room, told in the log', async () => {
    const ada = await stage.host('Ada', { name: 'a private room', kind: 'private' })
    const path = `/api/rooms/${roomOf(ada.link)}`
    await askAs(stage.server.url, ada.person, 'PATCH', path, { name: 'a better name' })
    await expect
      .poll(() => notes(ada))
      .toContain('The room is called \u2068a better name\u2069 now.')
    const mina = await stage.arrive('Mina', ada.link)
    await ended(mina).getByText('There is no such room.').waitFor()
  })
})
