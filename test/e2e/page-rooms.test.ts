// What a room is and may be set to, on the page: made, changed, left, and closed to writing.

import { describe, expect, it } from 'vitest'
import { setStage, type Visitor } from '../support/browser.ts'
import { ask, guest, newRoom, type Person } from '../support/people.ts'

const SHOTS = `${import.meta.dirname}/screenshots`
const SMALL = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }
const stage = setStage()

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

const setRole = (owner: Person, roomId: string, id: string, role: string) =>
  ask(stage.server.url, 'PATCH', `/api/rooms/${roomId}/members/${id}`, {
    ...{ token: owner.accessToken, body: { role } },
  })

/** The id of whoever is signed in on a page. */
async function idOf({ page }: Visitor): Promise<string> {
  const kept = await page.evaluate<string>('localStorage.getItem("stompbox.identity")')
  return JSON.parse(kept).user.id
}

describe('a room', () => {
  it('is made of each kind, with a description that others read', async () => {
    const ada = await stage.arrive('Ada')
    for (const kind of ['unlisted', 'private', 'broadcast']) {
      await ada.page.locator('#new-room').click()
      await ada.page.locator('#room-name').fill(`a room: ${kind}`)
      await ada.page.locator('#room-description').fill('For the harbour walk')
      await ada.page.locator(`#kind-${kind}`).check()
      expect(await ada.page.locator('#creation-accounts').isVisible()).toBe(kind !== 'private')
      await ada.page.screenshot({ path: `${SHOTS}/rooms-creation.png` })
      await ada.page.locator('#room-name').press('Enter')
      await ada.page.locator('#room-title').getByText(`a room: ${kind}`).waitFor()
      await ada.connected()
      expect(await ada.page.locator('#room-private').isVisible()).toBe(kind === 'private')
    }
    const jun = await stage.arrive('Jun', ada.page.url())
    await jun.page.locator('#open-settings').click()
    await settings(jun).getByText('For the harbour walk').waitFor()
    await settings(jun).getByText('Broadcast', { exact: true }).waitFor()
    expect(await settings(jun).locator('input, select').count()).toBe(0)
    expect(await settings(jun).locator('#delete-room').isVisible()).toBe(false)
    await jun.page.keyboard.press('Escape')
    await closed(jun).getByText('Here only moderators and the owner write.').waitFor()
    await setRole(await asAda(ada), roomOf(ada), await idOf(jun), 'moderator')
    await closed(jun).waitFor({ state: 'hidden' })
    await jun.say('a word of a new moderator')
    await ada.sees('a word of a new moderator')
  })

  it('[M1] is changed by its owner, and everybody sees it at once', async () => {
    const ada = await stage.arrive('Ada')
    const jun = await stage.arrive('Jun', await ada.createRoom('Harbour'))
    await jun.connected()
    await change(ada, async (page) => {
      await page.locator('#settings-room-name').fill('Harbour walk')
      await page.locator('#settings [name="frozen"]').check()
      await page.screenshot({ path: `${SHOTS}/rooms-settings.png` })
    })
    await jun.page.locator('#room-title').getByText('Harbour walk').waitFor()
    await closed(jun).getByText('The room is frozen.').waitFor()
    expect(await jun.page.locator('#message').isVisible()).toBe(false)
    await jun.page.screenshot({ path: `${SHOTS}/rooms-frozen.png` })
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
    const ada = await guest(stage.server.url, 'Ada')
    const roomId = await newRoom(stage.server.url, ada, 'Harbour walk')
    const jun = await stage.arrive('Jun', `${stage.server.url}/#room=${roomId}`)
    await jun.connected()
    await setRole(ada, roomId, await idOf(jun), 'moderator')
    await change(jun, async (page) => {
      await page.locator('#settings [name="frozen"]').check()
      const names = page.locator('#settings').locator('input, select')
      expect(
        await names.evaluateAll((fields) => fields.map((field) => field.getAttribute('name'))),
      ).toEqual(['slowMode', 'frozen'])
    })
    await setRole(ada, roomId, await idOf(jun), 'writer')
    await closed(jun).getByText('The room is frozen.').waitFor()
    await setRole(ada, roomId, await idOf(jun), 'reader')
    await closed(jun).getByText('You may read here, and not write.').waitFor()
  })

  it('is left by a member, and by its owner only with an heir', async () => {
    const ada = await stage.arrive('Ada')
    const link = await ada.createRoom('Harbour walk')
    await ada.page.locator('#open-settings').click()
    await settings(ada).getByText('Hand it over to somebody before you leave it.').waitFor()
    expect(await settings(ada).locator('#leave-room').isVisible()).toBe(false)
    await ada.page.keyboard.press('Escape')
    const jun = await stage.arrive('Jun', link)
    await jun.connected()
    await jun.page.locator('#open-settings').click()
    await settings(jun).locator('#leave-room').click()
    await jun.page.locator('#act').getByText('Leave “Harbour walk”?').waitFor()
    await jun.page.screenshot({ path: `${SHOTS}/rooms-leave.png` })
    await jun.page.locator('#act').getByRole('button', { name: 'Leave room' }).click()
    await jun.page.locator('.no-room').waitFor()
    await expect.poll(() => ada.page.locator('#people-count').textContent()).toBe('1 here')
  })

  it('fits a phone, in Korean', async () => {
    const ada = await stage.visit(stage.server.url, { ...SMALL, locale: 'ko-KR' })
    await ada.signIn('김아다')
    await ada.page.locator('#new-room').click()
    await ada.page.locator('#room-name').fill('항구 산책')
    await ada.page.screenshot({ path: `${SHOTS}/rooms-phone-creation.png` })
    await ada.page.locator('#creation').getByRole('button', { name: '만들기' }).tap()
    await ada.connected()
    await ada.page.locator('#open-settings').tap()
    await settings(ada).waitFor()
    await ada.page.screenshot({ path: `${SHOTS}/rooms-phone-settings.png` })
    await settings(ada).locator('[name="archived"]').check()
    await settings(ada).getByRole('button', { name: '저장' }).tap()
    await closed(ada).getByText('보관된 방이에요.').waitFor()
    await ada.page.screenshot({ path: `${SHOTS}/rooms-phone-archived.png` })
    const wide = await ada.page.evaluate<number>('document.documentElement.scrollWidth')
    expect(wide).toBe(SMALL.viewport.width)
  })
})

const roomOf = ({ page }: Visitor) => new URL(page.url()).hash.slice('#room='.length)

/** Who is signed in on a page, to ask over HTTP in their name. */
async function asAda(visitor: Visitor): Promise<Person> {
  const [request] = await Promise.all([
    visitor.page.waitForRequest((one) => one.url().endsWith('/api/rooms')),
    visitor.page.locator('#refresh-rooms').click(),
  ])
  const token = (await request.headerValue('authorization'))?.replace('Bearer ', '') ?? ''
  return { id: await idOf(visitor), name: 'Ada', accessToken: token }
}
