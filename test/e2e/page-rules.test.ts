// The rules of words and links, and the hook, set on the page: what they do to messages, and what
// the server refuses at its field.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SMALL, setStage, type Visitor, WIDE } from '../support/browser.ts'
import { HookServer } from '../support/hook-server.ts'
import { roomOf } from '../support/peer.ts'
import { askAs } from '../support/people.ts'
import { scaled } from '../support/scaled.ts'

const stage = setStage({ LOOPBACK_HOOKS: 'on' })

const rules = ({ page }: Visitor) => page.locator('#rules')
const hookDialog = ({ page }: Visitor) => page.locator('#hook')

async function open(visitor: Visitor, what: 'rules' | 'hook') {
  await visitor.page.locator('#open-settings').click()
  await visitor.page.locator(`#open-${what}`).click()
  await visitor.page.locator(`#${what}-form`).waitFor()
}

/** Adds a row of words by keyboard: the new field has the focus. */
async function add({ page }: Visitor, pattern: string, action = 'mask') {
  await page.locator('#add-rule').press('Enter')
  const row = page.locator('.rule').last()
  await expect.poll(() => row.locator('input[type=text]:focus').count()).toBe(1)
  await page.keyboard.insertText(pattern)
  await row.locator('select').selectOption(action)
  return row
}

async function save(visitor: Visitor, dialog: 'rules' | 'hook') {
  await visitor.page.locator(`#${dialog} [type=submit]`).click()
}

async function saved(visitor: Visitor, dialog: 'rules' | 'hook') {
  await save(visitor, dialog)
  await visitor.page.locator(`#${dialog}`).waitFor({ state: 'hidden' })
}

/** Changes something of the room that somebody is in. */
async function inRoom({ person, link }: Visitor, path: string, change: object) {
  const asked = `/api/rooms/${roomOf(link)}${path}`
  expect((await askAs(stage.server.url, person, 'PATCH', asked, change)).status).toBe(200)
}

describe('the rules of words and links', () => {
  it('[M1] are set by those who keep order, and hold at once', async () => {
    const ada = await stage.host('Ada')
    const jun = await stage.arrive('Jun', ada.link)
    await jun.connected()
    await jun.page.locator('#open-settings').click()
    await jun.page.locator('#settings').waitFor()
    expect(await jun.page.locator('#open-rules, #open-hook').count()).toBe(0)
    await jun.page.keyboard.press('Escape')

    await open(ada, 'rules')
    await add(ada, 'darn')
    const whole = await add(ada, 'boat', 'refuse')
    await whole.getByLabel('Whole words alone').check()
    await add(ada, '')
    await rules(ada).locator('[name=links]').selectOption('refuse')
    await rules(ada).locator('#rules-allow').fill('example.com\n\n  Example.ORG ')
    await ada.shot('rules')
    await saved(ada, 'rules')

    await jun.say('oh darn it, boats!')
    await ada.sees('oh **** it, boats!')
    await jun.say('buy my boat')
    await jun.page.getByText('The rules of the room forbid this.').waitFor()
    await jun.page.locator('.trouble .edit').click()
    await jun.say('see https://www.example.com/walk')
    await ada.sees('see https://www.example.com/walk')
    await jun.say('see https://evil.example/walk')
    await jun.page.getByText('The rules of the room forbid this.').waitFor()
    await ada.say('the owner says darn')
    await jun.sees('the owner says darn')

    await ada.page.reload()
    await ada.connected()
    await open(ada, 'rules')
    const patterns = rules(ada).locator('.rule input[type=text]')
    const values = () =>
      patterns.evaluateAll((fields: { value?: string }[]) => fields.map(({ value }) => value))
    expect(await values()).toEqual(['darn', 'boat'])
    expect(await whole.getByLabel('Whole words alone').isChecked()).toBe(true)
    expect(await rules(ada).locator('#rules-allow').inputValue()).toBe('example.com\nexample.org')
    await rules(ada).getByRole('button', { name: 'Remove rule 1' }).click()
    expect(await ada.page.evaluate('document.activeElement.id')).toBe('add-rule')
    expect(await values()).toEqual(['boat'])
    await rules(ada).locator('[name=links]').selectOption('')
    await saved(ada, 'rules')
    await jun.say('darn, https://evil.example/walk')
    await ada.sees('darn, https://evil.example/walk')
  })

  it('are refused at their field, and nothing of them is set', async () => {
    const ada = await stage.host('Ada')
    await open(ada, 'rules')
    await add(ada, '')
    await add(ada, 'darn')
    const unseen = await add(ada, '\u2060')
    await rules(ada).locator('[name=links]').selectOption('mask')
    await rules(ada).locator('#rules-allow').fill('example.com\nhttps://example.org/')
    await save(ada, 'rules')
    await unseen.getByText('Something visible is wanted').waitFor()
    expect(await unseen.locator('input[type=text]').getAttribute('aria-invalid')).toBe('true')
    expect(await ada.page.locator('.rule [aria-invalid]').count()).toBe(1)
    await rules(ada).getByText('Each line is the name of a host').waitFor()
    expect(await unseen.locator('input[type=text]:focus').count()).toBe(1)
    expect(await ada.page.locator('#rules-problem').textContent()).toBe('')
    await ada.shot('rules-refused')
    await unseen.getByRole('button').click()
    await rules(ada).locator('#rules-allow').fill('example.com')
    await saved(ada, 'rules')
    await ada.page.reload()
    await ada.connected()
    await open(ada, 'rules')
    expect(await rules(ada).locator('.rule').count()).toBe(1)
  })

  const screens = [
    ['phone-dark', { ...SMALL, colorScheme: 'dark' }],
    ['wide-dark', { ...WIDE, colorScheme: 'dark', locale: 'ko-KR' }],
    ['phone-light', { ...SMALL, colorScheme: 'light', locale: 'ko-KR' }],
  ] as const
  const shown = screens.slice(0, scaled(1, 3))
  it.each(shown)('and the hook fit the screen: %s', async (name, options) => {
    const ada = await stage.host('아다', '항구 산책', options)
    await open(ada, 'rules')
    await add(ada, '바보')
    await add(ada, 'a phrase that is long enough to be longer than the field', 'report')
    await add(ada, '\u2060', 'refuse')
    await rules(ada).locator('#rules-allow').fill('not a host!')
    await rules(ada).locator('[name=links]').selectOption('report')
    await save(ada, 'rules')
    await rules(ada).locator('.rule [aria-invalid]').waitFor()
    await ada.shot(`rules-${name}`)
    await ada.page.locator('#rules-allow').scrollIntoViewIfNeeded()
    await ada.page.locator('#rules .actions').scrollIntoViewIfNeeded()
    await ada.shot(`rules-${name}-links`)
    await ada.page.keyboard.press('Escape')
    await open(ada, 'hook')
    await hookDialog(ada).locator('#hook-url').fill('https://example.com/hook')
    await save(ada, 'hook')
    await hookDialog(ada).locator('#hook-secret').waitFor()
    await ada.shot(`hook-${name}`)
    for (const box of ['html', '#hook', '#rules']) {
      const [inner, outer] = await ada.page
        .locator(box)
        .evaluate((node) => [node.scrollWidth, node.clientWidth])
      expect({ box, wide: inner }).toEqual({ box, wide: outer })
    }
  })
})

describe('the hook', () => {
  const hook = new HookServer()
  let url = ''

  beforeAll(async () => {
    url = await hook.start()
  })

  afterAll(() => hook.stop())

  it('[M1] is set by the owner alone, tells its secret once, and is asked', async () => {
    const ada = await stage.host('Ada')
    const jun = await stage.arrive('Jun', ada.link, WIDE)
    await jun.connected()
    await inRoom(ada, `/members/${jun.person.id}`, { role: 'moderator' })
    await jun.page.locator('.person', { hasText: 'Jun' }).locator('.role-moderator').waitFor()
    await jun.page.locator('#open-settings').click()
    await jun.page.locator('#open-rules').waitFor()
    expect(await jun.page.locator('#open-hook').count()).toBe(0)
    await jun.page.keyboard.press('Escape')

    await open(ada, 'hook')
    await hookDialog(ada).locator('#hook-url').fill('https://10.0.0.1/')
    await save(ada, 'hook')
    await hookDialog(ada).getByText('An address with https and a public name is wanted.').waitFor()
    expect(await hookDialog(ada).locator('#hook-url:focus').count()).toBe(1)
    await ada.shot('hook-refused')
    await hookDialog(ada).locator('#hook-url').fill(url)
    await save(ada, 'hook')
    await hookDialog(ada).locator('#hook-secret').waitFor()
    expect(await hookDialog(ada).locator('#hook-secret').inputValue()).toMatch(/^whsec_/)
    await ada.shot('hook')
    await hookDialog(ada).getByRole('button', { name: 'Close' }).click()

    await jun.say('may I?')
    const asked = await hook.next()
    expect(JSON.parse(asked.body).data.content).toBe('may I?')
    asked.answer.end('{"allow":true}')
    await ada.sees('may I?')
    await jun.say('and this?')
    const again = await hook.next()
    again.answer.end('{"allow":false}')
    await jun.page.getByText('The rules of the room forbid this.').waitFor()

    await open(ada, 'hook')
    expect(await hookDialog(ada).locator('#hook-secret').count()).toBe(0)
    expect(await hookDialog(ada).locator('#hook-url').inputValue()).toBe(url)
    await hookDialog(ada).getByLabel('Publish without an answer').check()
    await saved(ada, 'hook')
    await jun.say('nobody answers')
    const third = await hook.next()
    third.answer.destroy()
    await ada.sees('nobody answers')

    await open(ada, 'hook')
    expect(await hookDialog(ada).getByLabel('Publish without an answer').isChecked()).toBe(true)
    await hookDialog(ada).locator('#remove-hook').click()
    await hookDialog(ada).waitFor({ state: 'hidden' })
    await jun.say('free again')
    await ada.sees('free again')
    expect(hook.asked).toEqual([])
  })

  it('says that its application gave no answer', async () => {
    const ada = await stage.host('Ada')
    await inRoom(ada, '', { settings: { hook: { url, failOpen: false } } })
    await ada.say('is anybody there?')
    const { answer } = await hook.next()
    answer.destroy()
    await ada.page.locator('.trouble').getByText('What checks messages gave no answer.').waitFor()
  })
})
