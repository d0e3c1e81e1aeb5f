// Guests on the page: marked beside their names, and kept out of rooms that ask for accounts.

import { expect, it } from 'vitest'
import { setStage, type Visitor, WIDE } from '../support/browser.ts'
import { ask, newRoom, newUsername } from '../support/people.ts'
import { login, signInGuest } from '../support/sign-in.ts'
import { connect } from '../support/stomp-socket.ts'

const stage = setStage(undefined, { screen: WIDE })
const PASSWORD = 'harbour walk at five'

/** A new account, and its user name. */
const account = (name: string) => ({
  ...{ username: newUsername(name.toLowerCase()), password: PASSWORD, name },
})

const person = ({ page }: Visitor, name: string) =>
  page.locator('#people-list li').filter({ hasText: name })
const byline = ({ page }: Visitor, name: string) =>
  page.locator('.message .byline').filter({ hasText: name })
const ended = ({ page }: Visitor) => page.locator('#ended-reason')

it('marks guests in the list of people and beside what they said, and nobody else', async () => {
  const ada = await stage.host(account('Ada'))
  const mina = await stage.arrive('Mina', ada.link)
  await mina.connected()
  await mina.say('said as a guest')
  await ada.sees('said as a guest')
  await ada.say('said with an account')
  await mina.sees('said with an account')
  await person(ada, 'Mina').getByText('guest', { exact: false }).waitFor()
  expect(await byline(ada, 'Mina').locator('.tag.guest').count()).toBe(1)
  expect(await byline(mina, 'Ada').locator('.tag').count()).toBe(0)
  expect(await person(mina, 'Ada').locator('.tag.guest').count()).toBe(0)
  await ada.shot('guests-marked')
  // Who becomes an account is no guest from now on; what was said stays as it was said.
  const marks = (at: Visitor) => person(at, 'Mina').locator('.tag.guest').count()
  for (const at of [ada, mina]) await expect.poll(() => marks(at)).toBe(1)
  await mina.becomeAccount(newUsername('mina'), PASSWORD)
  await expect.poll(() => marks(mina)).toBe(0)
  await mina.page.locator('#message').pressSequentially('she types')
  await expect.poll(() => marks(ada)).toBe(0)
  await mina.say('said with a new account')
  await ada.sees('said with a new account')
  const own = ada.page.locator('.message').filter({ hasText: 'said with a new account' })
  expect(await own.locator('.byline .tag').count()).toBe(0)
  await ada.page.reload()
  await ada.sees('said as a guest')
  const marked = ada.page.locator('.message').filter({ has: ada.page.locator('.tag.guest') })
  expect(await marked.locator('.content').allInnerTexts()).toEqual(['said as a guest'])
})

it('marks a guest no more who says something with an account, and types nothing', async () => {
  const { url } = stage.server
  const mina = await signInGuest(url, 'Mina')
  const roomId = await newRoom(url, mina)
  const socket = await connect(url, mina, roomId)
  const jun = await stage.arrive('Jun', `${url}/#room=${roomId}`)
  await person(jun, 'Mina').locator('.tag.guest').waitFor()
  const body = {
    username: newUsername('mina'),
    password: PASSWORD,
    refreshToken: mina.refreshToken,
  }
  const { body: grant } = await ask(url, 'POST', '/api/auth/register', {
    ...{ token: mina.accessToken, body },
  })
  await socket.ask('SEND', {
    destination: '/pub/auth',
    Authorization: `Bearer ${grant.accessToken}`,
  })
  await socket.ask('SEND', { destination: '/pub/send/message' }, 'as an account')
  await jun.sees('as an account')
  await expect.poll(() => person(jun, 'Mina').locator('.tag.guest').count()).toBe(0)
  await socket.hangUp()
})

it('[A2] asks for accounts from the beginning, tells a guest why, and lets in who becomes one', async () => {
  const ada = await stage.arrive(account('Ada'))
  await ada.page.locator('#new-room').click()
  await ada.page.locator('#room-name').fill('for members')
  await ada.page.locator('#creation').getByText('Accounts only').click()
  await ada.shot('guests-creation')
  await ada.page.locator('#room-name').press('Enter')
  await ada.connected()

  const mina = await stage.arrive('Mina', ada.link)
  await ended(mina).getByText('This room admits no guests.').waitFor()
  expect(await mina.page.locator('#message').isDisabled()).toBe(true)
  await mina.shot('guests-refused')
  await mina.page.locator('#ended').getByRole('button', { name: 'Create account' }).click()
  await mina.page.locator('#open-registration').click()
  await mina.page.locator('#registration-username').fill(newUsername('mina'))
  await mina.page.locator('#registration-password').fill(PASSWORD)
  await mina.page.keyboard.press('Enter')
  await mina.connected()
  expect(await mina.page.locator('#ended').isVisible()).toBe(false)
  await mina.page.keyboard.press('Escape')
  await mina.say('in at last')
  await ada.sees('in at last')
})

it('[A5] ends the guests who are in when the owner asks for accounts, and admits them again', async () => {
  const ada = await stage.host(account('Ada'))
  const jun = await stage.arrive('Jun', ada.link)
  await jun.connected()
  // Nobody but the owner may choose.
  await jun.page.locator('#open-settings').click()
  await jun.page.locator('#settings').waitFor()
  expect(await jun.page.locator('#settings select').count()).toBe(0)
  await jun.page.keyboard.press('Escape')

  const entry = ada.page.locator('#settings [name="entry"]')
  const choose = async (who: string) => {
    await ada.page.locator('#open-settings').click()
    await entry.selectOption(who)
    await ada.page.locator('#settings').getByRole('button', { name: 'Save' }).click()
    await entry.waitFor({ state: 'hidden' })
  }
  await choose('accounts')
  await ended(jun).getByText('This room admits no guests.').waitFor()
  await ada.shot('guests-choice')
  await ada.page.reload()
  await ada.connected()
  await ada.page.locator('#open-settings').click()
  expect(await entry.inputValue()).toBe('accounts')
  await ada.page.keyboard.press('Escape')
  await choose('anyone')
  await jun.page.reload()
  await jun.connected()
})

it('[A5] becomes an account by the cookie, in the room, while an access token alone takes nothing', async () => {
  const ada = await stage.host('Ada')
  const token = ada.person.accessToken
  const stolen = await ask(stage.server.url, 'POST', '/api/auth/register', {
    token,
    body: { username: newUsername('ada'), password: 'of the thief himself' },
  })
  expect(stolen).toMatchObject({ status: 403, body: { code: 'proof-needed' } })
  let sockets = 0
  ada.page.on('websocket', () => sockets++)
  // The answer to a refresh is lost: the cookie in the browser is one behind.
  const [cookie] = await ada.page.context().cookies(`${stage.server.url}/api/auth/refresh`)
  const body = { refreshToken: cookie?.value }
  expect((await ask(stage.server.url, 'POST', '/api/auth/refresh', { body })).status).toBe(200)
  const username = newUsername('ada')
  await ada.becomeAccount(username, PASSWORD)
  expect(await ada.page.locator('#me-kind').textContent()).toBe('Account')
  await ada.say('still in the room')
  await ada.sent('still in the room')
  expect(sockets).toBe(0)
  await ada.page.reload()
  await ada.sees('still in the room')
  expect((await login(stage.server.url, username, PASSWORD)).id).toBe(ada.person.id)
})

it('[A5] two tabs of a guest who registers have one account, by the user name of the first', async () => {
  const [first, second] = [newUsername('jun'), newUsername('jun')]
  const jun = await stage.host('Jun')
  const tab = await stage.beside(jun)
  await tab.page.locator('#open-me').click()
  await tab.page.locator('#open-registration').click()
  const asked = (name: string) =>
    ask(stage.server.url, 'POST', '/api/auth/login', {
      body: { username: name, password: PASSWORD },
    })
  await jun.becomeAccount(first, PASSWORD)
  await tab.page.locator('#registration-username').fill(second)
  await tab.page.locator('#registration-password').fill(PASSWORD)
  await tab.page.keyboard.press('Enter')
  await tab.page.getByText('You have an account already.').waitFor()
  expect((await asked(first)).status).toBe(200)
  expect((await asked(second)).status).toBe(401)
})
