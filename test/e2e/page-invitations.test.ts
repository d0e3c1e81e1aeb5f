// Invitations on the page: made, copied, used before and after a sign-in, used up and taken back.

import { expect, it } from 'vitest'
import { SMALL, setStage, type Visitor } from '../support/browser.ts'

const stage = setStage()

const sharing = ({ page }: Visitor) => page.locator('#sharing')

/** Makes an invitation and gives its link. */
async function invite(visitor: Visitor, uses: string, onClick = () => {}) {
  await visitor.page.locator('#open-sharing').click()
  await sharing(visitor).locator('[name="uses"]').selectOption(uses)
  await sharing(visitor).locator('#make-invitation').click()
  onClick()
  await sharing(visitor).locator('#invitation-link').waitFor()
  return sharing(visitor).locator('#invitation-link').inputValue()
}

it('[M2] says who invites to what before the sign-in, and joins after it', async () => {
  const ada = await stage.host('Ada', { name: 'Harbour walk', kind: 'private' })
  // The list of invitations comes late, and the click is not lost.
  let answer = () => {}
  const clicked = new Promise<void>((resolve) => {
    answer = resolve
  })
  await ada.page.route('**/invitations', async (route) => {
    if (route.request().method() === 'GET') await clicked
    await route.continue()
  })
  const link = await invite(ada, '1', answer)
  expect(await sharing(ada).locator('.invitation').count()).toBe(1)
  expect(link.startsWith(`${stage.server.url}/#invitation=`)).toBe(true)
  // To others the room does not exist, so its own link is not offered.
  expect(await sharing(ada).locator('#room-link').count()).toBe(0)
  await ada.shot('invitations')
  await ada.page.keyboard.press('Escape')

  const mina = await stage.visit(link)
  await mina.page.locator('#invited').getByText('Ada invites you to “Harbour walk”.').waitFor()
  await mina.shot('invitations-welcome')
  await mina.signIn('Mina')
  await mina.page.locator('#room-title').getByText('Harbour walk').waitFor()
  await mina.connected()
  await mina.say('here I am')
  await ada.sees('here I am')
  await ada.page.locator('.note', { hasText: 'joined.' }).first().waitFor()

  const jun = await stage.visit(link)
  await jun.page.locator('#invited').getByText('This invitation was used up.').waitFor()
})

it('asks somebody who is signed in, and can be taken back', async () => {
  const room = { name: '항구 산책', kind: 'private' }
  const ada = await stage.host('아다', room, { ...SMALL, locale: 'ko-KR' })
  const link = await invite(ada, '10')
  await ada.shot('invitations-phone')
  const wide = await ada.page.evaluate<number>('document.documentElement.scrollWidth')
  expect(wide).toBe(SMALL.viewport.width)
  const jun = await stage.arrive('Jun')
  const open = (url: string) =>
    jun.page.evaluate(`location.hash = ${JSON.stringify(new URL(url).hash)}`)
  await open(link)
  const landing = jun.page.locator('#landing')
  await landing.getByText('아다 invites you to “항구 산책”.').waitFor()
  await jun.shot('invitations-landing')
  await landing.getByRole('button', { name: 'Cancel' }).click()
  await jun.page.locator('.no-room').waitFor()

  await sharing(ada).getByRole('button', { name: '취소하기' }).tap()
  await expect.poll(() => sharing(ada).locator('.invitation').count()).toBe(0)
  // Its link leads nowhere, so it is offered no more.
  expect(await sharing(ada).locator('#invitation-link').isVisible()).toBe(false)
  await open(link)
  await landing.getByText('There is no such invitation.').waitFor()
  expect(await landing.getByRole('button', { name: 'Join' }).isDisabled()).toBe(true)
  await landing.getByRole('button', { name: 'Cancel' }).click()

  await sharing(ada).locator('#make-invitation').tap()
  await expect.poll(() => sharing(ada).locator('#invitation-link').inputValue()).not.toBe(link)
  await expect.poll(() => sharing(ada).locator('.invitation').count()).toBe(1)
  await open(await sharing(ada).locator('#invitation-link').inputValue())
  await landing.getByRole('button', { name: 'Join' }).click()
  await jun.page.locator('#room-title').getByText('항구 산책').waitFor()
  await jun.connected()
  // Writers invite writers into a private room, and take back their own invitations alone.
  await jun.page.locator('#open-sharing').click()
  await sharing(jun).locator('#make-invitation').click()
  expect(await sharing(jun).locator('[name="role"] option').allInnerTexts()).toEqual([
    'Writes',
    'Reads only',
  ])
  await expect.poll(() => sharing(jun).locator('.invitation').count()).toBe(1)
})
