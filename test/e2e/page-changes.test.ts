// What becomes of messages on the page: edited, deleted and reacted to, by others and by hand.

import { describe, expect, it } from 'vitest'
import { PHONE, setStage, type Visitor, WIDE } from '../support/browser.ts'
import { scaled } from '../support/scaled.ts'

const stage = setStage()

/** Ada, in a room of hers with her words in it. */
async function adaWith(...lines: string[]) {
  const ada = await stage.own('Ada')
  await ada.say(...lines)
  return ada
}

const row = ({ page }: Visitor, seq: number) => page.locator(`.message[data-seq="${seq}"]`)

/** What one sees of a message. */
async function seen(visitor: Visitor, seq: number) {
  const [text, edited, ...reactions] = await Promise.all([
    row(visitor, seq).locator('.content').textContent(),
    row(visitor, seq).locator('.edited').count(),
    row(visitor, seq).locator('.reaction').allTextContents(),
  ])
  return { text, edited: edited === 1, reactions: reactions.flat() }
}

const GONE = 'This message was deleted.'

describe('changes by others', () => {
  it('are shown as they come, the same after a reload, and on a page of older ones', async () => {
    const ada = await adaWith('see you at five', 'a slip', 'good')
    const mina = await stage.arrive('Mina', ada.link)
    await mina.sees('good')
    await ada.change('edit', { seq: 1, content: 'see you at six, https://example.com/' })
    await ada.change('delete', { seq: 2 })
    await ada.change('react', { seq: 3, reaction: '👍', on: true })
    await ada.change('react', { seq: 3, reaction: '__proto__', on: true })
    await ada.change('react', { seq: 3, reaction: 'x', on: true })
    await ada.change('react', { seq: 3, reaction: 'x', on: false })
    const all = async () => [await seen(mina, 1), await seen(mina, 2), await seen(mina, 3)]
    const then = [
      { text: 'see you at six, https://example.com/', edited: true, reactions: [] },
      { text: GONE, edited: false, reactions: [] },
      { text: 'good', edited: false, reactions: ['👍1', '__proto__1'] },
    ]
    await expect.poll(all).toEqual(then)
    expect(await row(mina, 1).locator('.content a').count()).toBe(1)
    expect(await row(mina, 2).locator('button').count()).toBe(0)
    await mina.page.reload()
    await mina.connected()
    expect(await all()).toEqual(then)

    await ada.pour(...Array.from({ length: 120 }, (_, n) => `line ${n}`), 'the end')
    await mina.sees('the end')
    await mina.page.reload()
    await mina.sees('the end')
    await expect
      .poll(async () => {
        await mina.page.locator('#log-scroll').evaluate((node) => node.scrollTo(0, 0))
        return row(mina, 1).count()
      })
      .toBe(1)
    expect(await all()).toEqual(then)
  })

  it('reach whoever was away', async () => {
    const ada = await adaWith('one', 'two')
    const mina = await stage.arrive('Mina', ada.link)
    await mina.connected()
    await mina.page.context().setOffline(true)
    await mina.page.locator('#status[data-phase="offline"]').waitFor()
    await ada.change('edit', { seq: 1, content: 'one, better' })
    await ada.change('delete', { seq: 2 })
    await mina.page.context().setOffline(false)
    await expect.poll(() => mina.messages()).toEqual(['one, better', GONE])
  })
})

describe('changes of one’s own', () => {
  it('by keyboard alone: reacts, edits, deletes', async () => {
    const mina = await stage.host('Mina')
    const jun = await stage.arrive('Jun', mina.link)
    await jun.connected()
    await mina.say('see you at five')
    await mina.sent('see you at five')
    await mina.page.locator('#message').fill('a draft')
    const { keyboard } = mina.page
    const menu = mina.page.locator('#message-menu')

    // From the composer back to the newest message.
    await keyboard.press('Shift+Tab')
    await keyboard.press('Enter')
    await menu.waitFor()
    await keyboard.press('Enter')
    const reaction = row(jun, 1).locator('.reaction')
    await reaction.click()
    await expect.poll(() => seen(mina, 1)).toMatchObject({ reactions: ['👍2'] })
    await row(mina, 1).locator('.reaction[aria-pressed="true"]').click()
    await expect.poll(() => seen(jun, 1)).toMatchObject({ reactions: ['👍1'] })
    expect(await reaction.getAttribute('aria-pressed')).toBe('true')

    await row(mina, 1).locator('.more').focus()
    await keyboard.press('Enter')
    await menu.getByRole('button', { name: 'Edit' }).focus()
    await keyboard.press('Enter')
    await mina.page.getByText('Editing a message').waitFor()
    expect(await mina.page.locator('#message').inputValue()).toBe('see you at five')
    await keyboard.press('Escape')
    expect(await mina.page.locator('#message').inputValue()).toBe('a draft')
    await row(mina, 1).locator('.more').click()
    await menu.getByRole('button', { name: 'Edit' }).click()
    await mina.say('see you at six')
    const edited = { text: 'see you at six', edited: true, reactions: ['👍1'] }
    for (const visitor of [mina, jun]) await expect.poll(() => seen(visitor, 1)).toEqual(edited)
    expect(await mina.page.locator('#message').inputValue()).toBe('a draft')

    await row(jun, 1).locator('.more').click()
    const theirs = jun.page.locator('#message-menu')
    await theirs.waitFor()
    expect(await theirs.getByRole('button', { name: 'Edit' }).isVisible()).toBe(false)
    expect(await theirs.getByRole('button', { name: 'Delete' }).isVisible()).toBe(false)
    await jun.page.keyboard.press('Escape')
    await theirs.waitFor({ state: 'hidden' })

    await row(mina, 1).locator('.more').click()
    await menu.getByRole('button', { name: 'Delete' }).click()
    await menu.getByRole('button', { name: 'Delete for everyone?' }).click()
    for (const visitor of [mina, jun]) {
      await expect
        .poll(() => seen(visitor, 1))
        .toEqual({ text: GONE, edited: false, reactions: [] })
    }
  })

  it('wait for a connection, and are said to have failed under their message', async () => {
    const mina = await stage.host('Mina')
    await mina.say('one')
    await mina.sent('one')
    const edit = async (text: string) => {
      await row(mina, 1).locator('.more').click()
      await mina.page.locator('#menu-edit').click()
      await mina.say(text)
    }
    await mina.page.context().setOffline(true)
    await mina.page.locator('#status[data-phase="offline"]').waitFor()
    await edit('one, from a tunnel')
    await mina.page.context().setOffline(false)
    await expect
      .poll(() => seen(mina, 1))
      .toMatchObject({ text: 'one, from a tunnel', edited: true })

    const long = '가'.repeat(3000)
    await edit(long)
    const trouble = row(mina, 1).locator('.trouble')
    await trouble.getByText('The message is too long.').waitFor()
    await trouble.getByRole('button', { name: 'Edit' }).click()
    await trouble.waitFor({ state: 'detached' })
    expect(await mina.page.locator('#message').inputValue()).toBe(long)
    await mina.say('short')
    await expect.poll(() => seen(mina, 1)).toMatchObject({ text: 'short' })
  })

  const screens = [
    ['phone', PHONE],
    ['wide', WIDE],
  ] as const
  it.each(screens.slice(0, scaled(1, 2)))(
    'fits the screen, in Korean: %s',
    async (name, options) => {
      const ada = await adaWith('안녕하세요', '실수', '좋아요!')
      const colors = { locale: 'ko-KR', colorScheme: 'dark' } as const
      const mina = await stage.arrive('김미나', ada.link, { ...options, ...colors })
      await mina.connected()
      await mina.say('다섯 시에 만나요')
      await mina.sent('다섯 시에 만나요')
      await ada.change('edit', { seq: 1, content: '안녕하세요, 여러분' })
      await ada.change('delete', { seq: 2 })
      for (const reaction of ['👍', '🎉', '정말 좋아요, 그렇게 합시다 여러분']) {
        await ada.change('react', { seq: 4, reaction, on: true })
        await ada.change('react', { seq: 3, reaction, on: true })
      }
      await row(mina, 4).locator('.reaction').nth(2).waitFor()
      await row(mina, 4).locator('.reaction').first().click()
      await row(mina, 4).locator('.more').click()
      const menu = mina.page.locator('#message-menu')
      await menu.getByRole('button', { name: '고치기' }).waitFor()
      await mina.shot(`changes-${name}-menu`)
      const box = await menu.boundingBox()
      const { width, height } = options.viewport
      expect(box && box.x >= 0 && box.x + box.width <= width).toBe(true)
      expect(box && box.y >= 0 && box.y + box.height <= height).toBe(true)
      await menu.getByRole('button', { name: '고치기' }).click()
      await mina.page.getByText('메시지 고치는 중').waitFor()
      await mina.shot(`changes-${name}-edit`)
      const wide = await mina.page
        .locator('#log-scroll')
        .evaluate((node) => node.scrollWidth - node.clientWidth)
      expect(wide).toBe(0)
    },
  )
})
