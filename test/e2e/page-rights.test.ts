// What the page offers fits what the reader and the others may do now: also where nobody has listed
// the people yet, and when a right or the room ends while a dialog is open.

import { expect, it } from 'vitest'
import { SMALL, setStage, type Visitor, WIDE } from '../support/browser.ts'

const stage = setStage(undefined, { screen: WIDE })

const dialog = ({ page }: Visitor, id: string) => page.locator(`#${id}`)
const gone = { state: 'hidden' } as const

/** What may be done to whoever wrote a message. */
async function offeredFor({ page }: Visitor, text: string): Promise<string[]> {
  await page.locator('.message', { hasText: text }).locator('.more').click()
  await page.locator('#menu-person').click()
  const menu = page.locator('#person-menu')
  await menu.waitFor()
  const items = await menu.getByRole('button').allInnerTexts()
  await page.keyboard.press('Escape')
  await menu.waitFor(gone)
  return items
}

it('[M1] the menu of a person fits what they are, before any list of people was shown', async () => {
  const ada = await stage.own('Ada')
  const long = 'W'.repeat(40)
  const [jun, mina, sora, ivo, wide] = await Promise.all(
    ['Jun', 'Mina', 'Sora', 'Ivo', long].map((name) => stage.join(name, ada.link)),
  )
  for (const peer of [jun, mina, sora, ivo, wide]) await peer?.say(`a word of ${peer.person.name}`)
  const inAnHour = new Date(Date.now() + 3_600_000).toISOString()
  if (!jun || !mina || !sora || !ivo) throw new Error('somebody is missing')
  await ada.setRole(jun.person, 'moderator')
  await ada.setRole(mina.person, 'reader')
  await ada.api('PATCH', `/members/${sora.person.id}`, { mutedUntil: inAnHour })
  await ada.setRole(ivo.person, 'banned')
  const lea = await stage.arrive('Lea', ada.link, SMALL)
  await lea.connected()
  await ada.setRole(lea.person, 'moderator')
  await dialog(lea, 'told').getByText('You are a moderator now.').waitFor()

  expect(await offeredFor(lea, 'a word of Jun')).toEqual(['Direct message'])
  expect(await offeredFor(lea, 'a word of Mina')).toContain('Let write')
  expect(await offeredFor(lea, 'a word of Sora')).toContain('Unmute')
  const banned = ['Direct message', 'Delete their messages', 'Lift the ban']
  expect(await offeredFor(lea, 'a word of Ivo')).toEqual(banned)

  await lea.page.locator('.message', { hasText: long }).locator('.more').click()
  const menu = await dialog(lea, 'message-menu').boundingBox()
  expect(menu?.width).toBeLessThan(330)
})

it('[M1] a dialog closes with the right that it needs, and all of them with the room', async () => {
  const ada = await stage.own('Ada')
  await ada.say('a word of Ada')
  const lea = await stage.arrive('Lea', ada.link, SMALL)
  await lea.connected()
  for (const name of ['moderation', 'rules']) {
    await ada.setRole(lea.person, 'moderator')
    await dialog(lea, 'told').getByText('You are a moderator now.').waitFor()
    await dialog(lea, 'open-settings').tap()
    await dialog(lea, `open-${name}`).tap()
    await dialog(lea, name).waitFor()
    await ada.setRole(lea.person, 'reader')
    await dialog(lea, name).waitFor(gone)
  }
  await dialog(lea, 'closed').getByText('You may read here, and not write.').waitFor()

  for (const button of ['open-settings', 'open-sharing']) {
    await dialog(lea, button).tap()
    await lea.page.locator('dialog[open]').waitFor()
    await lea.page.evaluate("location.hash = 'rooms'")
    await lea.page.locator('dialog[open]').waitFor(gone)
    await lea.page.goto(ada.link)
    await lea.connected()
  }

  await ada.api('PUT', '/pins/1')
  await dialog(lea, 'open-pins').tap()
  await dialog(lea, 'pins').getByText('a word of Ada').waitFor()
  await ada.setRole(lea.person, 'banned')
  await dialog(lea, 'ended').getByText('You are banned from this room.').waitFor()
  await dialog(lea, 'pins').waitFor(gone)
  // The room has ended, so a reason of before would be wrong.
  expect(await dialog(lea, 'closed').isVisible()).toBe(false)
})

it('[M1] a guest who clears messages stays a guest, and a mute ends with a hand-over', async () => {
  const ada = await stage.host('Ada')
  const jun = await stage.join('Jun', ada.link)
  await jun.say('a word of Jun')
  const row = (name: string) => ada.page.locator('.person', { hasText: name })
  const act = async (what: string) => {
    await row('Jun').locator('.more').click()
    await dialog(ada, 'person-menu').getByRole('button', { name: what }).click()
    await dialog(ada, 'act').getByRole('button', { name: what }).click()
    await dialog(ada, 'act').waitFor(gone)
  }
  await act('Delete their messages')
  await ada.page.getByText('This message was deleted.').waitFor()
  expect(await row('Ada').locator('.guest').count()).toBe(1)
  await act('Mute')
  await row('Jun').getByText('Muted').waitFor()
  await act('Hand the room over')
  await row('Jun').locator('.role-owner').waitFor()
  await row('Jun').getByText('Muted').waitFor({ state: 'detached' })
})
