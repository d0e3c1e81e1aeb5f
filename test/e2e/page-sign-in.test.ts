// Coming in, in a real browser: as a guest, with a password, by way of a provider; and staying.

import { describe, expect, it } from 'vitest'
import { setStage, type Visitor } from '../support/browser.ts'
import { register } from '../support/sign-in.ts'

const ACME = {
  id: 'acme',
  name: 'Acme Works',
  // Nobody is there.
  issuer: 'http://127.0.0.1:9/',
  clientId: 'stompbox',
}
const stage = setStage({ OIDC_PROVIDERS: JSON.stringify([ACME]) })
const PASSWORD = 'harbour walk at five'

/** What scripts of the page could read of its storage. */
const storage = ({ page }: Visitor) =>
  page.evaluate<string>('JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])')

const userId = async (visitor: Visitor) => {
  const [, id] = /"user\\":{\\"id\\":\\"([^\\]+)/.exec(await storage(visitor)) ?? []
  return id
}

/** Who the server says that the page is; the page has shown its name by then. */
const me = (visitor: Visitor) => visitor.page.locator('#me-name').textContent()

describe('coming in', () => {
  it('as a guest: a reload keeps the person, and no token is where a script could find it', async () => {
    const { link } = await stage.own('Jun')
    const mina = await stage.visit(link)
    await mina.signIn('Mina')
    await mina.say('before')
    await mina.sent('before')
    const id = await userId(mina)
    await mina.page.reload()
    await mina.sent('before')
    await mina.say('after')
    await mina.sent('after')
    expect(await mina.page.locator('.message.mine').count()).toBe(2)
    expect(await userId(mina)).toBe(id)
    const kept = await storage(mina)
    expect(kept).toContain('Mina')
    expect(kept).not.toMatch(/eyJ|token|refresh/i)
    const [cookie] = await mina.page.context().cookies(`${stage.server.url}/api/auth/refresh`)
    const flags = { httpOnly: true, secure: false, sameSite: 'Strict', path: '/' }
    expect(cookie).toMatchObject(flags)
    expect(kept).not.toContain(cookie?.value)
    expect(mina.page.url()).toBe(link)
  })

  it('with an account: registers, signs out, signs in, and is the same person', async () => {
    const { link } = await stage.own('Jun')
    const mina = await stage.visit(link)
    await mina.register('mina', PASSWORD, '김미나')
    expect(await me(mina)).toBe('김미나')
    await mina.say('mine for good')
    await mina.sent('mine for good')
    await mina.signOut()
    await mina.login(' MINA', PASSWORD)
    expect(await me(mina)).toBe('김미나')
    const elsewhere = await stage.arrive({ username: 'mina', password: PASSWORD }, link)
    await elsewhere.sees('mine for good')
    expect(await elsewhere.page.locator('.message.mine').count()).toBe(1)
  })

  it('a guest keeps the name: the same id, the same connection, and what was said stays ours', async () => {
    const jun = await stage.host('Jun')
    const tab = await stage.beside(jun)
    let sockets = 0
    jun.page.on('websocket', () => sockets++)
    await jun.say('as a guest')
    await jun.sent('as a guest')
    const id = await userId(jun)
    await jun.becomeAccount('jun', PASSWORD)
    expect(await jun.page.locator('#me-kind').textContent()).toBe('Account')
    await jun.say('as myself')
    await jun.sent('as myself')
    expect(await userId(jun)).toBe(id)
    expect(sockets).toBe(0)
    await tab.page.locator('#me-kind', { hasText: 'Account' }).waitFor()
    await jun.page.reload()
    await jun.sees('as myself')
    expect(await jun.page.locator('.message.mine').count()).toBe(2)
  })

  it('says under the field what is wrong, in the reader’s language', async () => {
    await register(stage.server.url, 'taken', PASSWORD)
    const { page } = await stage.visit()
    const problem = (field: string) => page.locator(`#${field}-problem`)
    await page.getByRole('tab', { name: 'Register' }).click()
    await page.keyboard.press('Tab')
    await page.keyboard.type('Taken')
    await page.keyboard.press('Tab')
    await page.keyboard.type('short')
    await page.keyboard.press('Enter')
    await problem('register-password').getByText('8 characters at least').waitFor()
    expect(await page.locator('#register-password').getAttribute('aria-invalid')).toBe('true')
    await page.locator('#register-password').fill(PASSWORD)
    expect(await problem('register-password').textContent()).toBe('')
    await page.keyboard.press('Enter')
    await problem('register-username').getByText('Somebody has this user name').waitFor()
    await page.getByRole('button', { name: '한국어' }).first().click()
    await problem('register-username').getByText('이미 쓰이는 아이디예요.').waitFor()
    await page.getByRole('tab', { name: '로그인' }).click()
    await page.locator('#login-username').fill('taken')
    await page.locator('#login-password').fill('not that one')
    await page.keyboard.press('Enter')
    await problem('login-password').getByText('아이디나 비밀번호가 맞지 않아요.').waitFor()
  })

  it('says how long to wait after too many failures', async () => {
    const { page } = await stage.visit()
    await page.getByRole('tab', { name: 'Sign in' }).click()
    await page.locator('#login-username').fill('nobody')
    const password = page.locator('#login-password')
    const delayed = page.locator('#login-form .form-problem')
    await expect
      .poll(async () => {
        await password.fill('a guess')
        await password.press('Enter')
        await page.locator('#login-form[aria-busy="false"]').waitFor()
        return delayed.textContent()
      })
      .toMatch(/^Too many failed attempts\. Try again in \d+ s\.$/)
    await expect.poll(() => delayed.textContent()).toBe('')
  })

  it('goes through the ways by arrow keys, says what each is, and shows a password to who asks', async () => {
    const { page } = await stage.visit()
    await page.getByRole('tab', { name: 'Guest' }).focus()
    await page.keyboard.press('ArrowLeft')
    expect(await page.getByRole('tabpanel', { name: 'Register' }).isVisible()).toBe(true)
    expect(await page.getByRole('tabpanel').count()).toBe(1)
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    expect(await page.getByRole('tabpanel', { name: 'Sign in' }).isVisible()).toBe(true)
    const field = page.locator('#login-password')
    const button = page.locator('#login-form').getByRole('button', { name: 'Show the password' })
    expect(await field.getAttribute('type')).toBe('password')
    await button.click()
    expect(await field.getAttribute('type')).toBe('text')
    expect(await button.getAttribute('aria-pressed')).toBe('true')
    await button.click()
    expect(await field.getAttribute('type')).toBe('password')
  })

  it('offers no guest where there are none', async () => {
    const { page } = await stage.visit('about:blank')
    await page.route('**/api/auth/providers', (route) =>
      route.fulfill({ json: { guests: false, passwords: true, providers: [] } }),
    )
    await page.goto(stage.server.url)
    await page.getByRole('tab', { name: 'Guest' }).waitFor({ state: 'hidden' })
    expect(await page.getByRole('tabpanel', { name: 'Sign in' }).isVisible()).toBe(true)
    expect(await page.locator('#providers').isVisible()).toBe(false)
  })
})

describe('a provider', () => {
  it('that cannot be reached is told, and the room of the link is not forgotten', async () => {
    const link = `${stage.server.url}/#room=00000000000000000000`
    const { page } = await stage.visit(link)
    await page.getByRole('link', { name: 'Continue with Acme Works' }).click()
    await page.getByText('They cannot be reached just now.').waitFor()
    expect(page.url()).toBe(link)
    expect(await page.getByText('You were invited to a room.').isVisible()).toBe(true)
    await page.reload()
    await page.getByRole('tab', { name: 'Guest' }).waitFor()
    expect(await page.locator('#welcome-notice').isVisible()).toBe(false)
  })

  it('that signed somebody in brings them to the room of the link', async () => {
    const { link } = await stage.own('Mina')
    const jun = await stage.visit(link)
    // Another origin stands for the provider: it sends the browser back with the cookie of a
    // session.
    await jun.page.route('**/api/auth/oidc/acme?*', async (route) => {
      const returnTo = new URL(route.request().url()).searchParams.get('returnTo') ?? ''
      await jun.page.context().request.post(`${stage.server.url}/api/auth/guest`, {
        headers: { Origin: stage.server.url },
        data: { name: 'Jun of Acme', cookie: true },
      })
      const location = new URL(returnTo, stage.server.url).href
      await route.fulfill({ status: 303, headers: { location } })
    })
    await jun.page.getByRole('link', { name: 'Continue with Acme Works' }).click()
    await jun.connected()
    expect(jun.page.url()).toBe(link)
    expect(await me(jun)).toBe('Jun of Acme')
    expect(await jun.page.locator('#me-kind').textContent()).toBe('Account')
  })

  it('may become a guest’s way to sign in, and says so when it cannot', async () => {
    const jun = await stage.arrive('Jun')
    await jun.page.locator('#open-me').click()
    await jun.page.getByRole('button', { name: 'Continue with Acme Works' }).click()
    await jun.page.locator('#me-problem').getByText('They cannot be reached').waitFor()
    await jun.page.goto(`${stage.server.url}/?signed-in#sign-in=login-taken`)
    await jun.page.locator('#me-problem').getByText('belongs to another account').waitFor()
    expect(jun.page.url()).toBe(`${stage.server.url}/`)
    expect(await me(jun)).toBe('Jun')
  })
})
