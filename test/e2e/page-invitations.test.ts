// Invitations on the page: made, copied, used before and after a sign-in, used up and taken back.

import { expect, it } from 'vitest'
import { setStage, type Visitor } from '../support/browser.ts'

const SHOTS = `${import.meta.dirname}/screenshots`
const SMALL = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }
const stage = setStage()

const sharing = ({ page }: Visitor) => page.locator('#sharing')

async function privateRoom(visitor: Visitor, name: string) {
  await visitor.page.locator('#new-room').click()
  await visitor.page.locator('#room-name').fill(name)
  await visitor.page.locator('#kind-private').check()
  await visitor.page
    .locator('#creation')
    .getByRole('button', { name: /Create|만들기/ })
    .click()
  await visitor.connected()
}

/** Makes an invitation and gives its link. */
async function invite(visitor: Visitor, uses = '0') {
  await visitor.page.locator('#open-sharing').click()
  await sharing(visitor).locator('[name="uses"]').selectOption(uses)
  await sharing(visitor).locator('#make-invitation').click()
  await sharing(visitor).locator('#invitation-link').waitFor()
  return sharing(visitor).locator('#invitation-link').inputValue()
}

it('[M2] says who invites to what before the sign-in, and joins after it', async () => {
  const ada = await stage.arrive('Ada')
  await privateRoom(ada, 'Harbour walk')
  const link = await invite(ada, '1')
  expect(link.startsWith(`${stage.server.url}/#invitation=`)).toBe(true)
  // To others the room does not exist, so its own link is not offered.
  expect(await sharing(ada).locator('#room-link').count()).toBe(0)
  await ada.page.screenshot({ path: `${SHOTS}/invitations.png` })
  await ada.page.keyboard.press('Escape')

  const mina = await stage.visit(link)
  await mina.page.locator('#invited').getByText('Ada invites you to “Harbour walk”.').waitFor()
  await mina.page.screenshot({ path: `${SHOTS}/invitations-welcome.png` })
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
  const ada = await stage.visit(stage.server.url, { ...SMALL, locale: 'ko-KR' })
  await ada.signIn('아다')
  await privateRoom(ada, '항구 산책')
  const link = await invite(ada, '10')
  await ada.page.screenshot({ path: `${SHOTS}/invitations-phone.png` })
  const wide = await ada.page.evaluate<number>('document.documentElement.scrollWidth')
  expect(wide).toBe(SMALL.viewport.width)
  const jun = await stage.arrive('Jun')
  const open = (url: string) =>
    jun.page.evaluate(`location.hash = ${JSON.stringify(new URL(url).hash)}`)
  await open(link)
  const landing = jun.page.locator('#landing')
  await landing.getByText('아다 invites you to “항구 산책”.').waitFor()
  await jun.page.screenshot({ path: `${SHOTS}/invitations-landing.png` })
  await landing.getByRole('button', { name: 'Cancel' }).click()
  await jun.page.locator('.no-room').waitFor()

  await sharing(ada).getByRole('button', { name: '취소하기' }).tap()
  await expect.poll(() => sharing(ada).locator('.invitation').count()).toBe(0)
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
