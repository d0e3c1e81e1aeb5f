// Dialogs are a second bundle, which the page loads when one of them is first opened.

import { expect, it } from 'vitest'
import { SMALL, setStage, type Visitor } from '../support/browser.ts'

const BUNDLE = /\/assets\/dialogs-/
const stage = setStage()

const note = ({ page }: Visitor) => page.locator('#late-note')

it('loads nothing of a dialog until one is opened, and that once', async () => {
  const ada = await stage.visit()
  const asked: string[] = []
  ada.page.on('request', (request) => asked.push(request.url()))
  await ada.signIn('Ada')
  await ada.enter((await stage.own('Jun')).link)
  await ada.say('I read and write')
  await ada.sent('I read and write')
  expect(asked.filter((url) => BUNDLE.test(url))).toEqual([])
  await ada.page.locator('#open-settings').focus()
  await ada.page.keyboard.press('Enter')
  await ada.page.locator('#settings').getByText('Made by Jun').waitFor()
  await ada.page.keyboard.press('Escape')
  expect(await ada.page.evaluate('document.activeElement.id')).toBe('open-settings')
  await ada.page.locator('#open-me').click()
  await ada.page.locator('#me-sheet').waitFor()
  expect(asked.filter((url) => BUNDLE.test(url)).length).toBe(1)
})

it('says that it did not load, and tries again at the next click', async () => {
  const ada = await stage.arrive('Ada')
  await ada.page.context().setOffline(true)
  await ada.page.locator('#new-room').click()
  await note(ada).getByText('This part of the page did not load.').waitFor()
  expect(await note(ada).getAttribute('role')).toBe('alert')
  await ada.shot('late-failed')
  await note(ada).getByRole('button', { name: 'Close' }).click()
  await note(ada).waitFor({ state: 'hidden' })
  await ada.page.locator('#new-room').click()
  await note(ada).getByText('This part of the page did not load.').waitFor()
  await ada.page.context().setOffline(false)
  await note(ada).getByRole('button', { name: 'Try now' }).click()
  await ada.page.locator('#creation').waitFor()
  expect(await note(ada).isVisible()).toBe(false)
  await ada.page.locator('#room-name').fill('Harbour walk')
  await ada.page.keyboard.press('Enter')
  await ada.connected()
})

it('says that it is loading, above the people of a phone, and opens nothing elsewhere', async () => {
  const ada = await stage.own('Ada', '항구 산책')
  const dark = { ...SMALL, locale: 'ko-KR', colorScheme: 'dark' } as const
  const mina = await stage.arrive('미나', ada.link, dark)
  await mina.connected()
  let answer = () => {}
  const asked = new Promise<void>((resolve) => {
    void mina.page.route(BUNDLE, async (route) => {
      resolve()
      await new Promise<void>((allowed) => {
        answer = allowed
      })
      await route.continue()
    })
  })
  await mina.page.locator('#open-people').tap()
  await mina.page.locator('.person', { hasText: 'Ada' }).locator('.more').tap()
  await asked
  await note(mina).getByText('불러오는 중…').waitFor()
  await mina.shot('late-loading-phone')
  await mina.page.goto(`${stage.server.url}/#rooms`)
  await note(mina).waitFor({ state: 'hidden' })
  answer()
  await mina.page.locator('#new-room').tap()
  await mina.page.locator('#creation').waitFor()
  expect(await mina.page.locator('#person-menu').isVisible()).toBe(false)
})
