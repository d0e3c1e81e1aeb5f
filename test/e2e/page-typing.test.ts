// Who types, on the page: told as it is typed, over when it is said, and no reason for anything to
// move.

import { describe, expect, it } from 'vitest'
import { PHONE, setStage, type Visitor, WIDE } from '../support/browser.ts'
import { scaled } from '../support/scaled.ts'

const stage = setStage()

const line = ({ page }: Visitor) => page.locator('.typing')

/** What the line says, without the marks that shield a name. */
const says = async (visitor: Visitor) =>
  ((await line(visitor).textContent()) ?? '')
    .replace(/[\u2068\u2069]/g, '')
    .replace(/\s+/g, ' ')
    .trim()

describe('who types', () => {
  it('is told while somebody does, by keys alone, and is over when it is said or edited no more', async () => {
    const mina = await stage.host('Mina')
    const jun = await stage.arrive('준호', mina.link)
    await jun.connected()
    const field = mina.page.locator('#message')
    await field.pressSequentially('안녕')
    await expect.poll(() => says(jun)).toBe('Mina is typing…')
    expect(await says(mina)).toBe('')
    await mina.page.keyboard.press('Enter')
    await jun.sees('안녕')
    await expect.poll(() => says(jun)).toBe('')

    const revise = async () => {
      await mina.page.locator('.message .more').click()
      await mina.page.locator('#menu-edit').click()
      await field.pressSequentially('하세요')
      await expect.poll(() => says(jun)).toBe('Mina is typing…')
    }
    await revise()
    await mina.page.keyboard.press('Escape')
    await expect.poll(() => says(jun)).toBe('')
    await revise()
    await mina.page.keyboard.press('Enter')
    await jun.sees('안녕하세요')
    await expect.poll(() => says(jun)).toBe('')

    await field.pressSequentially('more')
    await expect.poll(() => says(jun)).toBe('Mina is typing…')
    // After a pause.
    await expect.poll(() => says(jun)).toBe('')
    await field.pressSequentially('!')
    await expect.poll(() => says(jun)).toBe('Mina is typing…')
    await field.fill('')
    await expect.poll(() => says(jun)).toBe('')
    await field.pressSequentially('!')
    await expect.poll(() => says(jun)).toBe('Mina is typing…')
    await mina.leave()
    await expect.poll(() => says(jun)).toBe('')
  })

  const screens = [
    ['en-wide', { ...WIDE, colorScheme: 'light' }],
    ['ko-phone', { ...PHONE, colorScheme: 'dark', locale: 'ko-KR' }],
    ['ko-wide', { ...WIDE, colorScheme: 'dark', locale: 'ko-KR' }],
    ['en-phone', { ...PHONE, colorScheme: 'light' }],
  ] as const
  const shown = screens.slice(0, scaled(2, 4))
  it.each(shown)('moves nothing, fits the screen, and is summed up: %s', async (name, options) => {
    const ada = await stage.own('Ada')
    await ada.say('see you at five?')
    const jun = await stage.arrive('Jun', ada.link, options)
    await jun.connected()
    const korean = name.startsWith('ko')
    const places = () =>
      Promise.all(
        ['#log-scroll', '#message', '#send'].map((id) => jun.page.locator(id).boundingBox()),
      )
    const before = await places()
    const expectLine = async (what: string, en: string, ko: string) => {
      await expect.poll(() => says(jun)).toBe(korean ? ko : en)
      await jun.shot(`typing-${name}-${what}`)
      expect(await places()).toEqual(before)
    }
    await ada.types()
    await expectLine('one', 'Ada is typing…', 'Ada 님이 입력하고 있어요…')
    const other = async (as: string) => {
      const another = await stage.join(as, ada.link)
      await another.types()
      return another
    }
    const long = '김수한무거북이와두루미삼천갑자동방삭 Featherstonehaugh'
    const second = await other(long)
    await expectLine('two', `Ada and ${long} are typing…`, `Ada 님, ${long} 님이 입력하고 있어요…`)
    const verb = await jun.page.locator('#typing-verb').boundingBox()
    expect(verb && verb.x + verb.width <= options.viewport.width).toBe(true)
    const third = await other('Bob')
    await expectLine('many', 'Several people are typing…', '여러 사람이 입력하고 있어요…')
    expect(await line(jun).getAttribute('role')).toBe('status')
    for (const each of [ada, second, third]) await each.leave()
    await expectLine('none', '', '')
  })
})

describe('a reader', () => {
  it('has a composer that says so and menus that do not write, and may write again as a writer', async () => {
    const ada = await stage.own('Ada')
    const jun = await stage.arrive('Jun', ada.link)
    await jun.connected()
    const field = jun.page.locator('#message')
    const [more, counter] = [jun.page.locator('.message .more'), jun.page.locator('.reaction')]
    await ada.say('see you at five')
    await ada.change('react', { seq: 1, reaction: '👍', on: true })
    await counter.waitFor()
    expect([await more.isVisible(), await counter.isDisabled()]).toEqual([true, false])
    await more.click()
    await jun.page.locator('#message-menu').waitFor()
    await ada.setRole(jun.person, 'reader')
    await expect.poll(() => field.isDisabled()).toBe(true)
    expect(await jun.page.locator('#message-menu').isVisible()).toBe(false)
    expect(await counter.isDisabled()).toBe(true)
    await more.click()
    const offered = jun.page.locator('#message-menu button').filter({ visible: true })
    expect(await offered.evaluateAll((buttons) => buttons.map(({ id }) => id))).toEqual([
      'menu-person',
      'menu-report',
    ])
    await jun.page.keyboard.press('Escape')
    await jun.page.locator('#closed').getByText('You may read here, and not write.').waitFor()
    await ada.say('listen')
    await jun.sees('listen')
    expect(await jun.page.locator('#status').getAttribute('data-phase')).toBe('connected')
    await jun.shot('typing-reader')
    // Who comes as a reader finds it so.
    await jun.page.reload()
    await jun.sees('listen')
    await expect.poll(() => field.isDisabled()).toBe(true)
    expect(await more.filter({ visible: true }).count()).toBe(2)
    expect([await counter.textContent(), await counter.isDisabled()]).toEqual(['👍1', true])
    // What comes later is offered no more than what was there.
    await ada.say('and again')
    await jun.sees('and again')
    await more.last().click()
    expect(await offered.count()).toBe(2)
    await jun.page.keyboard.press('Escape')
    await ada.setRole(jun.person, 'writer')
    await expect.poll(() => field.isDisabled()).toBe(false)
    expect(await more.filter({ visible: true }).count()).toBe(3)
    await counter.click()
    await expect.poll(() => counter.textContent()).toBe('👍2')
    await jun.say('may I?')
    await jun.sent('may I?')
  })
})

it('on a phone Enter breaks the line, and the button sends', async () => {
  const mina = await stage.host('Mina', 'Harbour walk', PHONE)
  const field = mina.page.locator('#message')
  await field.fill('one')
  await field.press('Enter')
  await field.pressSequentially('two')
  expect(await field.inputValue()).toBe('one\ntwo')
  await mina.page.locator('#send').tap()
  await mina.sent('two')
  expect(await mina.messages()).toEqual(['one\ntwo'])
})
