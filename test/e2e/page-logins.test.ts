// The ways to sign in of an account, on the page, with a real provider: linked, listed, removed.

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { setStage, type Visitor } from '../support/browser.ts'
import { startProvider } from '../support/openid-provider.ts'

const openid = await startProvider({ talkative: true })
const provider = { id: 'test', name: 'Test', issuer: openid.issuer, clientId: 'stompbox' }
const stage = setStage({ OIDC_PROVIDERS: JSON.stringify([provider]) })
const PASSWORD = 'harbour walk at five'

beforeAll(() =>
  openid.open({
    ...{ client_id: 'stompbox', token_endpoint_auth_method: 'none' },
    redirect_uris: [`${stage.server.url}/api/auth/oidc/test/callback`],
  }),
)
afterAll(() => openid.close())

/** Goes through the provider's own pages, and comes back. */
async function signInThere(page: Page, login: string): Promise<void> {
  await page.getByPlaceholder('Enter any login').fill(login)
  await page.getByPlaceholder('and password').fill('any')
  await page.getByRole('button', { name: 'Sign-in' }).click()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.waitForURL((url) => url.origin === stage.server.url)
}

/** The provider's pages have fonts of elsewhere. */
const withoutFonts = ({ page }: Visitor) => page.route(/googleapis/, (route) => route.abort())

it('a guest keeps their name by a provider, which the page then lists as new', async () => {
  openid.people.set('mina', { name: 'Mina K' })
  const mina = await stage.arrive('Mina')
  const { page } = mina
  await withoutFonts(mina)
  await page.locator('#open-me').click()
  await page.getByRole('button', { name: 'Continue with Test' }).click()
  await signInThere(page, 'mina')
  await page.getByText('You can sign in with it from now on.').waitFor()
  expect(await page.locator('#me-kind').textContent()).toBe('Account')
  expect(await page.locator('#me-name').textContent()).toBe('Mina')
  const row = page.locator('#logins li')
  await row.getByText('Test · Mina K').waitFor()
  await row.getByText('new').waitFor()
  expect(await row.locator('time').count()).toBe(1)
  // It is the only one: there is nothing to remove.
  expect(await row.getByRole('button').count()).toBe(0)
})

it('an account links one by its password, and removes it', async () => {
  const jun = await stage.arrive({ username: 'jun', password: PASSWORD, name: 'Jun' })
  const { page } = jun
  await withoutFonts(jun)
  // The sign-in counts as one of long ago: the server says so until the password is shown.
  await page.route(/\/api\/auth\/(oidc\/test\?|logins\/)/, async (route) => {
    const { password } = route.request().postDataJSON() ?? {}
    if (route.request().method() === 'GET' || password) return route.continue()
    await route.fulfill({ status: 403, json: { code: 'proof-needed' } })
  })
  await page.locator('#open-me').click()
  await page.getByRole('button', { name: 'Continue with Test' }).click()
  const proof = page.locator('#proof')
  await proof.getByLabel('Current password').fill('not that one')
  await proof.getByRole('button', { name: 'Confirm' }).click()
  await proof.getByText('That is not your password.').waitFor()
  await proof.getByLabel('Current password').fill(PASSWORD)
  await proof.getByRole('button', { name: 'Confirm' }).click()
  await signInThere(page, 'jun')
  await page.getByText('You can sign in with it from now on.').waitFor()
  const rows = page.locator('#logins li')
  await expect.poll(() => rows.count()).toBe(2)
  await rows.getByText('Password · jun').waitFor()

  await rows.getByRole('button', { name: 'Remove' }).click()
  await proof.getByLabel('Current password').fill(PASSWORD)
  await proof.getByRole('button', { name: 'Confirm' }).click()
  await page.getByText('It is removed.').waitFor()
  await expect.poll(() => rows.count()).toBe(1)
})

it('the page offers no new account where there are none', async () => {
  const visitor = await stage.visit('about:blank')
  await visitor.page.route('**/api/auth/providers', (route) =>
    route.fulfill({
      json: { guests: true, passwords: true, signup: false, providers: [provider] },
    }),
  )
  await visitor.page.goto(stage.server.url)
  await visitor.page.getByRole('tab', { name: 'Register' }).waitFor({ state: 'hidden' })
  await visitor.signIn('Guest')
  await visitor.page.locator('#open-me').click()
  await visitor.page.locator('#me-sheet').waitFor()
  expect(await visitor.page.locator('#keep-name').isVisible()).toBe(false)
})
