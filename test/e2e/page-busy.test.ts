// A class of thirty behind one address signs in at once; and a page that is told to come back
// later, or not by itself.

import { describe, expect, it } from 'vitest'
import { setStage } from '../support/browser.ts'
import { ask } from '../support/people.ts'

const stage = setStage()

describe('a school behind one address', () => {
  it('[R5] ninety guests come in within a minute', async () => {
    const headers = { 'CF-Connecting-IP': '198.51.100.7' }
    const asked = Array.from({ length: 90 }, (_, n) =>
      ask(stage.server.url, 'POST', '/api/auth/guest', { headers, body: { name: `Guest ${n}` } }),
    )
    const statuses = (await Promise.all(asked)).map(({ status }) => status)
    expect(statuses).toEqual(statuses.map(() => 201))
  })

  it('[R5] one address has a limit all the same, and is told when to come back', async () => {
    const headers = { 'CF-Connecting-IP': '198.51.100.8' }
    const body = {}
    // A minute of the limit may end meanwhile, so more than one minute's worth is asked.
    for (let n = 0; n < 700; n++) {
      const answer = await ask(stage.server.url, 'POST', '/api/auth/refresh', { headers, body })
      if (answer.status === 401) continue
      expect(answer.body.code).toBe('too-fast')
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
      return
    }
    throw new Error('no limit')
  })

  it('[R5] the page that was refused tries again by itself, and comes in', async () => {
    const mina = await stage.visit()
    let refused = 0
    await mina.page.route('**/api/auth/guest', async (route) => {
      if (refused++ > 1) return route.continue()
      const body = JSON.stringify({ code: 'too-fast' })
      await route.fulfill({ status: 429, body, headers: { 'Retry-After': '1' } })
    })
    await mina.page.locator('#guest-name').fill('Mina')
    await mina.page.keyboard.press('Enter')
    await mina.page.getByText(/Many people are signing in just now/).waitFor()
    await mina.shot('busy-1-sign-in')
    await mina.page.locator('.app').waitFor()
    expect(refused).toBe(3)
    expect(await mina.page.locator('#me-name').textContent()).toBe('Mina')
  })

  it('and does not, once the reader changes something or goes another way', async () => {
    const { page } = await stage.visit('about:blank')
    await page.clock.install()
    await page.goto(stage.server.url)
    let asked = 0
    await page.route('**/api/auth/guest', async (route) => {
      asked++
      const body = JSON.stringify({ code: 'unavailable' })
      await route.fulfill({ status: 503, body, headers: { 'Retry-After': '1' } })
    })
    const busy = page.locator('#guest-form .form-problem')
    await page.locator('#guest-name').fill('Mina')
    await page.keyboard.press('Enter')
    await busy.filter({ hasText: 'Many people' }).waitFor()
    await page.locator('#guest-name').press('a')
    expect(await busy.textContent()).toBe('')
    await page.keyboard.press('Enter')
    await busy.filter({ hasText: 'Many people' }).waitFor()
    const before = asked
    await page.getByRole('tab', { name: 'Sign in' }).click()
    await page.clock.fastForward(10_000)
    expect(asked).toBe(before)
  })
})

it('a connection that newer ones replaced ends, says so, and comes back when the reader wants it', async () => {
  const mina = await stage.arrive('Mina')
  const jun = await stage.own('Jun')
  let sockets = 0
  await mina.page.routeWebSocket('**/chat?*', (socket) => {
    sockets++
    const server = socket.connectToServer()
    server.onMessage((message) => {
      socket.send(message)
      // Once its log was told, a newer connection takes its place.
      if (sockets === 1 && String(message).includes('presence')) {
        void socket.close({ code: 4409, reason: 'replaced' })
      }
    })
  })
  await mina.page.goto(jun.link)
  await mina.page.locator('#ended').waitFor()
  await mina.shot('busy-2-replaced')
  expect(sockets).toBe(1)
  await mina.page.getByRole('button', { name: 'Continue here' }).click()
  await mina.connected()
  expect(await mina.page.locator('#ended').isVisible()).toBe(false)
  await mina.say('here again')
  await mina.sent('here again')
  expect(sockets).toBe(2)
})
