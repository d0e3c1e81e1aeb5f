// The end of a sign-in, by the person's own hand: in this tab, in another, in another browser.

import { describe, expect, it } from 'vitest'
import { setStage, type Visitor } from '../support/browser.ts'
import { newUsername } from '../support/people.ts'
import { scaled } from '../support/scaled.ts'

const stage = setStage()
const PASSWORD = 'harbour walk at five'
const SIGNED_OUT = 'You were signed out of this browser. Please sign in again.'

/** The page says why nobody is signed in; and nothing of the person is left. */
async function saysWhy({ page }: Visitor): Promise<void> {
  await page.locator('#welcome').getByText(SIGNED_OUT).waitFor()
  expect(await page.locator('.message').count()).toBe(0)
}

it('[A5] the session of another browser ends by the list, with the password, and everywhere', async () => {
  const username = newUsername('mina')
  const one = await stage.host({ username, password: PASSWORD, name: 'Mina' })
  const other = await stage.arrive({ username, password: PASSWORD }, one.link)
  await other.connected()
  await other.page.locator('#message').fill('a draft')
  await one.page.locator('#open-me').click()
  const rows = one.page.locator('.session')
  await expect.poll(() => rows.count()).toBe(2)
  expect(await rows.first().textContent()).toMatch(/Chrom.* on Linux this one/)
  // Nothing but being told would end it within the timeout of this test: its token lives for
  // minutes.
  await rows.nth(1).getByRole('button', { name: 'Sign out' }).click()
  await saysWhy(other)
  await expect.poll(() => rows.count()).toBe(1)
  await one.page.keyboard.press('Escape')
  await one.say('still here')
  await one.sent('still here')
  await other.page.reload()
  await other.page.locator('#welcome').getByText(SIGNED_OUT).waitFor()
  expect(await other.page.getByRole('tabpanel', { name: 'Sign in' }).isVisible()).toBe(true)

  await other.login(username, PASSWORD)
  await other.sees('still here')
  await one.page.locator('#open-me').click()
  await one.page.getByRole('button', { name: 'Change password' }).click()
  const form = one.page.locator('#password-form')
  await form.getByLabel('Current password').fill('not that one')
  await form.getByLabel('New password').fill('another harbour')
  await one.page.keyboard.press('Enter')
  await form.getByText('That is not your password.').waitFor()
  await form.getByLabel('Current password').fill(PASSWORD)
  await one.page.keyboard.press('Enter')
  await one.page.getByText('Your password is changed.').waitFor()
  await saysWhy(other)
  await one.page.keyboard.press('Escape')
  await one.say('here after that')
  await one.sent('here after that')

  await other.login(username, 'another harbour')
  await other.sees('here after that')
  await one.page.locator('#open-me').click()
  await one.page.getByRole('button', { name: 'Sign out everywhere' }).click()
  await one.page.locator('#welcome').waitFor()
  expect(await one.page.locator('#welcome-notice').isVisible()).toBe(false)
  await saysWhy(other)
})

describe('signing out', () => {
  it('closes the room, and leaves nothing behind in any tab', async () => {
    const mina = await stage.host('Mina')
    const { link } = mina
    await mina.say('one')
    await mina.sent('one')
    const tab = await stage.beside(mina, link)
    await tab.sees('one')
    await tab.page.locator('#message').fill('a draft')
    await mina.signOut()
    await tab.page.locator('#welcome').waitFor()
    for (const { page } of [mina, tab]) {
      await page.locator('#welcome-notice').waitFor({ state: 'hidden' })
      expect(await page.locator('.message').count()).toBe(0)
      const left = await page.evaluate(
        '[...Object.keys(localStorage), ...Object.keys(sessionStorage)]',
      )
      expect(left).toEqual([])
      expect(await page.locator('#message').inputValue()).toBe('')
    }
    expect(await mina.page.context().cookies()).toEqual([])
    const jun = await stage.arrive('Jun', link)
    await jun.page.locator('#here', { hasText: '1 here' }).waitFor()
  })

  it('has not happened when the server cannot be asked', async () => {
    const mina = await stage.arrive('Mina')
    await mina.page.route('**/api/auth/logout', (route) => route.abort())
    await mina.page.locator('#open-me').click()
    await mina.page.locator('#sign-out').click()
    await mina.page.getByText('The server cannot be reached.').waitFor()
    await mina.page.reload()
    await mina.page.locator('#me-name', { hasText: 'Mina' }).waitFor()
  })
})

describe('several tabs', () => {
  it('load at once and reload at once, and none is taken for a thief', async () => {
    const mina = await stage.host('Mina')
    const { link } = mina
    const tabs = [mina]
    while (tabs.length < scaled(2, 3)) tabs.push(await stage.beside(mina, link))
    for (let round = 0; round < scaled(1, 3); round++) {
      await Promise.all(tabs.map((tab) => tab.page.reload()))
      await Promise.all(tabs.map((tab) => tab.connected()))
    }
    // Each reload cuts the renewal of the one before off: the answer is lost, the session is not.
    const { page } = mina
    for (let round = 0; round < scaled(2, 5); round++) {
      const asked = page.waitForRequest('**/api/auth/refresh')
      await page.reload({ waitUntil: 'commit' })
      await asked
    }
    await mina.connected()
    await mina.say('still me')
    await Promise.all(tabs.map((tab) => tab.sees('still me')))
  })

  it('follow each other: a sign-in in one is a sign-in in all', async () => {
    const mina = await stage.visit()
    const tab = await stage.beside(mina)
    await mina.signIn('Mina')
    await tab.page.locator('#me-name', { hasText: 'Mina' }).waitFor()
    await tab.enter((await stage.own('Jun')).link)
  })
})

describe('a guest whose time is over', () => {
  it('is told so, and comes in again under the same name', async () => {
    const mina = await stage.host('Mina')
    await mina.page.context().clearCookies()
    await mina.page.reload()
    await mina.page.getByText('You are not signed in any more. Please sign in again.').waitFor()
    expect(await mina.page.locator('#guest-name').inputValue()).toBe('Mina')
    await mina.page.keyboard.press('Enter')
    await mina.connected()
    expect(await mina.page.locator('#me-name').textContent()).toBe('Mina')
  })
})
