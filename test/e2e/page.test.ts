// The page in a real browser: people open a room, talk, leave and come back.

import { describe, expect, it } from 'vitest'
import { setStage, type Visitor, WIDE } from '../support/browser.ts'
import { guest, newRoom } from '../support/people.ts'
import { connect } from '../support/stomp-socket.ts'

const stage = setStage({ SEND_PER_SECOND: 1000, SEND_BURST: 1000 })

/** Two people connected in one room. */
async function pair(): Promise<{ mina: Visitor; jun: Visitor }> {
  const mina = await stage.arrive('Mina')
  const jun = await stage.arrive('준호', await mina.createRoom('Harbour walk'))
  await jun.connected()
  return { mina, jun }
}

describe('talking', () => {
  it('carries Korean and emoji between two people, and shows who is here', async () => {
    const { mina, jun } = await pair()
    await mina.say('안녕하세요, 준호 님 👋🏽')
    await jun.sees('안녕하세요, 준호 님 👋🏽')
    await jun.say('반가워요 👩‍👩‍👧‍👦')
    await mina.sees('반가워요 👩‍👩‍👧‍👦')
    await mina.page.locator('.person').filter({ hasText: '준호' }).waitFor()
    await jun.leave()
    await mina.page.locator('#here', { hasText: '1 here' }).waitFor()
  })

  it('shows what we said once, as sent, and again after a reload', async () => {
    const { mina, jun } = await pair()
    await mina.say('first', 'second', 'third')
    await mina.sent('third')
    await jun.sees('third')
    const said = ['first', 'second', 'third']
    expect(await mina.messages()).toEqual(said)
    expect(await jun.messages()).toEqual(said)
    await mina.page.reload()
    await mina.sent('third')
    expect(await mina.messages()).toEqual(said)
  })

  it('keeps a text whole: markup stays text, lines stay lines, addresses become links', async () => {
    const { mina, jun } = await pair()
    await mina.page.locator('#message').fill('<img src=x onerror=alert(1)>')
    await mina.page.locator('#message').press('End')
    await mina.page.locator('#message').press('Shift+Enter')
    await mina.page.keyboard.type('see https://example.com/a_(b), or javascript:alert(1)')
    await mina.page.locator('#message').press('Enter')
    await jun.sees('<img src=x onerror=alert(1)>\nsee https://example.com/a_(b), or')
    const links = jun.page.locator('.content a')
    expect(await links.count()).toBe(1)
    expect(await links.getAttribute('href')).toBe('https://example.com/a_(b)')
    expect(await links.getAttribute('rel')).toBe('noopener noreferrer')
  })

  it('never sends on the Enter of an input method', async () => {
    const { mina } = await pair()
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
    const { mina } = await pair()
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
    const seeder = await guest(stage.server.url, 'Seeder')
    const roomId = await newRoom(stage.server.url, seeder, 'A long talk')
    const socket = await connect(stage.server.url, seeder, roomId)
    const lines = Array.from({ length: 120 }, (_, n) => `line ${n + 1}`)
    for (const line of lines) socket.say('SEND', { destination: '/pub/send/message' }, line)
    await socket.ask('SEND', { destination: '/pub/send/message' }, 'the end')

    const { page } = await stage.arrive('Mina', `${stage.server.url}/#room=${roomId}`)
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
    await socket.ask('SEND', { destination: '/pub/send/message' }, 'news')
    await page.getByRole('button', { name: '1 new message' }).click()
    await page.locator('#log-hint').waitFor({ state: 'hidden' })
    await newestIsInView({ page })
    socket.cut()
  })

  it('stays at the end of a busy room, keeps it small, and finds all of it again', async () => {
    const crowd = await guest(stage.server.url, 'Crowd')
    const roomId = await newRoom(stage.server.url, crowd, 'A busy room')
    const socket = await connect(stage.server.url, crowd, roomId)
    const mina = await stage.arrive('Mina', `${stage.server.url}/#room=${roomId}`)
    await mina.connected()
    const lines = Array.from({ length: 700 }, (_, n) => `line ${n + 1}`)
    for (const line of lines) socket.say('SEND', { destination: '/pub/send/message' }, line)
    await mina.sees('line 700')
    socket.cut()
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
    const visitor = await stage.visit(stage.server.url, { ...WIDE, locale: 'ko-KR' })
    const { page } = visitor
    await page.getByRole('button', { name: '시작하기' }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('ko')
    await visitor.signIn('Mina')
    await visitor.createRoom('산책')
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
