// The page in a real browser: people open a room, talk, leave and come back.

import { describe, expect, it } from 'vitest'
import { setStage, type Visitor, WIDE } from '../support/browser.ts'

const stage = setStage()

describe('talking', () => {
  it('carries Korean and emoji between two people, and shows who is here', async () => {
    const mina = await stage.host('Mina', 'Harbour walk', WIDE)
    const jun = await stage.arrive('준호', mina.link)
    await jun.connected()
    await mina.say('안녕하세요, 준호 님 👋🏽')
    await jun.sees('안녕하세요, 준호 님 👋🏽')
    await jun.say('반가워요 👩‍👩‍👧‍👦')
    await mina.sees('반가워요 👩‍👩‍👧‍👦')
    await mina.page.locator('.person').filter({ hasText: '준호' }).waitFor()
    await jun.leave()
    await mina.page.locator('#here', { hasText: '1 here' }).waitFor()
  })

  it('shows what we said once, as sent, and again after a reload', async () => {
    const jun = await stage.own('준호')
    const mina = await stage.arrive('Mina', jun.link)
    await mina.connected()
    await mina.say('first', 'second', 'third')
    await mina.sent('third')
    const said = ['first', 'second', 'third']
    expect(await mina.messages()).toEqual(said)
    expect(await jun.log()).toEqual(said)
    await mina.page.reload()
    await mina.sent('third')
    expect(await mina.messages()).toEqual(said)
  })

  it('keeps a text whole: markup stays text, lines stay lines, addresses become links', async () => {
    const jun = await stage.own('준호')
    const mina = await stage.arrive('Mina', jun.link)
    await mina.connected()
    const lines = [
      '<img src=x onerror=alert(1)>',
      'see https://example.com/a_(b), or javascript:alert(1)',
    ] as const
    const text = lines.join('\n')
    await mina.page.locator('#message').fill(lines[0])
    await mina.page.locator('#message').press('End')
    await mina.page.locator('#message').press('Shift+Enter')
    await mina.page.keyboard.type(lines[1])
    await mina.page.locator('#message').press('Enter')
    await mina.sent('see https')
    expect(await jun.log()).toEqual([text])
    // It is shown alike whoever said it.
    await jun.say(text)
    await expect.poll(() => mina.messages()).toEqual([text, text])
    const links = await mina.page
      .locator('.content a')
      .evaluateAll((nodes) =>
        nodes.map((node) => [node.getAttribute('href'), node.getAttribute('rel')]),
      )
    const link = ['https://example.com/a_(b)', 'noopener noreferrer']
    expect(links).toEqual([link, link])
  })

  it('never sends on the Enter of an input method', async () => {
    const mina = await stage.host('Mina')
    const field = mina.page.locator('#message')
    await field.fill('한글')
    await field.dispatchEvent('keydown', { key: 'Enter', isComposing: true })
    await field.dispatchEvent('keydown', { key: 'Enter', keyCode: 229 })
    expect(await field.inputValue()).toBe('한글')
    await field.press('Enter')
    await mina.sent('한글')
    expect(await mina.messages()).toEqual(['한글'])
  })

  it('says why a message was refused, and gives its text back', async () => {
    const mina = await stage.host('Mina')
    const long = '가'.repeat(3000)
    await mina.say(long)
    const trouble = mina.page.locator('.message[data-state="failed"] .trouble')
    await trouble.getByText('The message is too long.').waitFor()
    await trouble.getByRole('button', { name: 'Edit' }).click()
    expect(await mina.page.locator('#message').inputValue()).toBe(long)
    expect(await mina.messages()).toEqual([])
  })
})

/** Waits until the newest message is seen whole. */
async function newestIsInView({ page }: Pick<Visitor, 'page'>): Promise<void> {
  const isInView = () =>
    page.evaluate(`(() => {
      const boxOf = (selector) => [...document.querySelectorAll(selector)].at(-1).getBoundingClientRect()
      const [row, log] = [boxOf('.message'), boxOf('#log-scroll')]
      return row.top >= log.top && row.bottom <= log.bottom
    })()`)
  await expect.poll(isInView).toBe(true)
}

describe('reading', () => {
  it('opens at the newest and finds older messages on the way up, without a jump', async () => {
    const seeder = await stage.own('Seeder', 'A long talk')
    const lines = Array.from({ length: 120 }, (_, n) => `line ${n + 1}`)
    await seeder.pour(...lines, 'the end')

    const { page } = await stage.arrive('Mina', seeder.link)
    await page.locator('.content', { hasText: 'the end' }).waitFor()
    await page.locator('#log-hint').waitFor({ state: 'hidden' })
    expect(await page.locator('.message').count()).toBeLessThan(120)
    const scroller = page.locator('#log-scroll')
    while ((await page.locator('.message').count()) < 121) {
      const before = await page.locator('.message').count()
      const top = page.locator('.message').first()
      const seq = await top.getAttribute('data-seq')
      await scroller.evaluate((node) => node.scrollTo(0, 0))
      await page.locator('.message').nth(before).waitFor()
      // What was at the top is still there.
      const box = await page.locator(`.message[data-seq="${seq}"]`).boundingBox()
      expect(box?.y).toBeGreaterThan(0)
      expect(box?.y).toBeLessThan(250)
    }
    const texts = await page.locator('.content').allInnerTexts()
    expect(texts).toEqual([...lines, 'the end'])

    // News does not move somebody who reads above; the hint leads to it.
    await scroller.evaluate((node) => node.scrollTo(0, 0))
    await seeder.say('news')
    await page.getByRole('button', { name: '1 new message' }).click()
    await page.locator('#log-hint').waitFor({ state: 'hidden' })
    await newestIsInView({ page })
  })

  it('stays at the end of a busy room, keeps it small, and finds all of it again', async () => {
    const crowd = await stage.own('Crowd', 'A busy room')
    const mina = await stage.arrive('Mina', crowd.link)
    await mina.connected()
    const lines = Array.from({ length: 700 }, (_, n) => `line ${n + 1}`)
    await crowd.pour(...lines)
    await mina.sees('line 700')
    await mina.page.locator('#log-hint').waitFor({ state: 'hidden' })
    await newestIsInView(mina)
    const first = mina.page.locator('.message').first()
    await expect.poll(() => first.getAttribute('data-seq')).not.toBe('1')
    await expect
      .poll(async () => {
        await mina.page.locator('#log-scroll').evaluate((node) => node.scrollTo(0, 0))
        return first.getAttribute('data-seq')
      })
      .toBe('1')
    expect(await mina.messages()).toEqual(lines)
  })

  it('speaks Korean or English, and remembers which', async () => {
    const { link } = await stage.own('Jun', '산책')
    const visitor = await stage.visit(link, { ...WIDE, locale: 'ko-KR' })
    const { page } = visitor
    await page.getByRole('button', { name: '시작하기' }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('ko')
    await visitor.signIn('Mina')
    await visitor.say('안녕')
    await page.locator('.day', { hasText: '오늘' }).waitFor()
    await page.locator('.lobby').getByRole('button', { name: 'English' }).click()
    await page.locator('.day', { hasText: 'Today' }).waitFor()
    await page.locator('#status-label', { hasText: 'Connected' }).waitFor()
    await page.reload()
    await page.locator('.day', { hasText: 'Today' }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('en')
  })
})
