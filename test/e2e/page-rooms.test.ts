// What a room is and may be set to, on the page: made, changed, left, and closed to writing.

import { describe, expect, it } from 'vitest'
import { SMALL, setStage, type Visitor } from '../support/browser.ts'
import { roomOf } from '../support/peer.ts'
import { askAs } from '../support/people.ts'
import { scaled } from '../support/scaled.ts'

const stage = setStage()

const KINDS = scaled(['private', 'broadcast'], ['unlisted', 'private', 'broadcast'])

const closed = ({ page }: Visitor) => page.locator('#closed')
const settings = ({ page }: Visitor) => page.locator('#settings')

async function change(visitor: Visitor, act: (page: Visitor['page']) => Promise<unknown>) {
  await visitor.page.locator('#open-settings').click()
  await act(visitor.page)
  await settings(visitor)
    .getByRole('button', { name: /Save|저장/ })
    .click()
  await settings(visitor).waitFor({ state: 'hidden' })
}

describe('a room', () => {
  it('is made of each kind, with a description that others read', async () => {
    const ada = await stage.arrive('Ada')
    for (const kind of KINDS) {
      await ada.page.locator('#new-room').click()
      await ada.page.locator('#room-name').fill(`a room: ${kind}`)
      await ada.page.locator('#room-description').fill('For the harbour walk')
      await ada.page.locator(`#kind-${kind}`).check()
      expect(await ada.page.locator('#creation-accounts').isVisible()).toBe(kind !== 'private')
      await ada.shot('rooms-creation')
      await ada.page.locator('#room-name').press('Enter')
      await ada.page.locator('#room-title').getByText(`a room: ${kind}`).waitFor()
      await ada.connected()
      expect(await ada.page.locator('#room-private').isVisible()).toBe(kind === 'private')
    }
    const jun = await stage.arrive('Jun', ada.link)
    await jun.page.locator('#open-settings').click()
    await settings(jun).getByText('For the harbour walk').waitFor()
    await settings(jun).getByText('Broadcast', { exact: true }).waitFor()
    expect(await settings(jun).locator('input, select').count()).toBe(0)
    expect(await settings(jun).locator('#delete-room').isVisible()).toBe(false)
    await jun.page.keyboard.press('Escape')
    await closed(jun).getByText('Here only moderators and the owner write.').waitFor()
    // Nobody is named, so nobody is beside the named ones.
    expect(await jun.page.locator('.person.rest').count()).toBe(0)
    const path = `/api/rooms/${roomOf(ada.link)}/members/${jun.person.id}`
    await askAs(stage.server.url, ada.person, 'PATCH', path, { role: 'moderator' })
    await closed(jun).waitFor({ state: 'hidden' })
    await jun.say('a word of a new moderator')
    await ada.sees('a word of a new moderator')
    // Writers do not write here, so nobody is told that they may.
    await ada.page.locator('.message', { hasText: 'a new moderator' }).locator('.more').click()
    await ada.page.locator('#menu-person').click()
    const menu = ada.page.locator('#person-menu')
    await menu.getByRole('button', { name: 'Let read only' }).waitFor()
    expect(await menu.getByRole('button', { name: 'Let write' }).count()).toBe(0)
  })

  it('[M1] is changed by its owner, and everybody sees it at once', async () => {
    const ada = await stage.host('Ada', 'Harbour')
    const jun = await stage.arrive('Jun', ada.link)
    await jun.connected()
    await change(ada, async (page) => {
      await page.locator('#settings-room-name').fill('Harbour walk')
      await page.locator('#settings [name="frozen"]').check()
      await ada.shot('rooms-settings')
    })
    await jun.page.locator('#room-title').getByText('Harbour walk').waitFor()
    await closed(jun).getByText('The room is frozen.').waitFor()
    expect(await jun.page.locator('#message').isVisible()).toBe(false)
    await jun.shot('rooms-frozen')
    await ada.say('the owner writes on')
    await jun.sees('the owner writes on')
    await change(ada, (page) => page.locator('#settings [name="frozen"]').uncheck())
    await closed(jun).waitFor({ state: 'hidden' })
    await change(ada, (page) => page.locator('#settings [name="archived"]').check())
    for (const visitor of [ada, jun]) {
      await closed(visitor).getByText('This room is archived.').waitFor()
      expect(await visitor.page.locator('#menu-reply').isVisible()).toBe(false)
    }
    await change(ada, (page) => page.locator('#settings [name="archived"]').uncheck())
    await closed(jun).waitFor({ state: 'hidden' })
    await change(ada, (page) => page.locator('#settings [name="write"]').selectOption('moderator'))
    await closed(jun).getByText('Here only moderators and the owner write.').waitFor()
  })

  it('[M1] lets a moderator freeze it, and change nothing else', async () => {
    const ada = await stage.own('Ada')
    const jun = await stage.arrive('Jun', ada.link)
    await jun.connected()
    await ada.setRole(jun.person, 'moderator')
    await jun.page.locator('#told').getByText('You are a moderator now.').waitFor()
    await change(jun, async (page) => {
      await page.locator('#settings [name="frozen"]').check()
      const names = page.locator('#settings').locator('input, select')
      expect(
        await names.evaluateAll((fields) => fields.map((field) => field.getAttribute('name'))),
      ).toEqual(['slowMode', 'frozen'])
    })
    await ada.setRole(jun.person, 'writer')
    await closed(jun).getByText('The room is frozen.').waitFor()
    await ada.setRole(jun.person, 'reader')
    await closed(jun).getByText('You may read here, and not write.').waitFor()
  })

  it('is left by a member, and by its owner only with an heir', async () => {
    const ada = await stage.host('Ada')
    await ada.page.locator('#open-settings').click()
    await settings(ada).getByText('Hand it over to somebody before you leave it.').waitFor()
    expect(await settings(ada).locator('#leave-room').isVisible()).toBe(false)
    await ada.page.keyboard.press('Escape')
    const jun = await stage.arrive('Jun', ada.link)
    await jun.connected()
    await jun.page.locator('#open-settings').click()
    await settings(jun).locator('#leave-room').click()
    await jun.page.locator('#act').getByText('Leave “Harbour walk”?').waitFor()
    await jun.shot('rooms-leave')
    await jun.page.locator('#act').getByRole('button', { name: 'Leave room' }).click()
    await jun.page.locator('.no-room').waitFor()
    await expect.poll(() => ada.page.locator('#people-count').textContent()).toBe('1 here')
  })

  it('fits a phone, in Korean', async () => {
    const options = { ...SMALL, locale: 'ko-KR' }
    const ada = await stage.arrive('김아다', stage.server.url, options)
    await ada.page.locator('#new-room').click()
    await ada.page.locator('#room-name').fill('항구 산책')
    await ada.shot('rooms-phone-creation')
    await ada.page.locator('#creation').getByRole('button', { name: '만들기' }).tap()
    await ada.connected()
    await ada.page.locator('#open-settings').tap()
    await settings(ada).waitFor()
    await ada.shot('rooms-phone-settings')
    await settings(ada).locator('[name="archived"]').check()
    await settings(ada).getByRole('button', { name: '저장' }).tap()
    await closed(ada).getByText('보관된 방이에요.').waitFor()
    await ada.shot('rooms-phone-archived')
    const wide = await ada.page.evaluate<number>('document.documentElement.scrollWidth')
    expect(wide).toBe(SMALL.viewport.width)
  })
})
