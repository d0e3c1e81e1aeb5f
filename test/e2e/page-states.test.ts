// What the page says of rooms that are not as one would wish.

import { describe, expect, it } from 'vitest'
import { linkTo, setStage, type Visitor } from '../support/browser.ts'
import { newRoom } from '../support/people.ts'

const stage = setStage()

const ended = ({ page }: Visitor) => page.locator('#ended-reason')
const invitation = ({ page }: Visitor) => page.locator('#open-sharing')
const start = ({ page }: Visitor) => page.locator('#log-start')
const locks = ({ page }: Visitor) =>
  page.locator('.rooms .icon, #room-private').filter({ visible: true })

describe('the page', () => {
  it('says that a room is unknown, waits for no messages of it, and leads back', async () => {
    const mina = await stage.arrive('Mina', linkTo(stage.server.url, 'x'.repeat(20)))
    await ended(mina).getByText('There is no such room.').waitFor()
    expect(await start(mina).isVisible()).toBe(false)
    expect(await mina.page.locator('#log-empty').isVisible()).toBe(false)
    expect(await mina.page.locator('#message').isDisabled()).toBe(true)
    expect(await invitation(mina).isVisible()).toBe(false)
    await mina.shot('states-unknown')
    await mina.page.getByRole('link', { name: 'Back to the rooms' }).click()
    await mina.page.locator('.no-room').waitFor()
  })

  it('[A5] tells somebody who is banned so, and nothing of the log', async () => {
    const ada = await stage.own('Ada')
    const mina = await stage.arrive('Mina', ada.link)
    await mina.connected()
    await mina.say('a word')
    await mina.sent('a word')
    expect(await invitation(mina).isVisible()).toBe(true)
    await ada.setRole(mina.person, 'banned')
    await ended(mina).getByText('You are banned from this room.').waitFor()
    expect(await invitation(mina).isVisible()).toBe(false)
    expect(await mina.page.locator('#message').isDisabled()).toBe(true)
    await mina.page.reload()
    await ended(mina).getByText('You are banned from this room.').waitFor()
    expect(await start(mina).isVisible()).toBe(false)
    expect(await mina.page.locator('#log-empty').isVisible()).toBe(false)
    await mina.shot('states-banned')
  })

  it('shows a lock on private rooms, and on no others', async () => {
    const ada = await stage.own('Ada', 'room 0')
    const newer = Array.from({ length: 50 }, (_, at) => `room ${at + 1}`)
    await Promise.all(newer.map((name) => newRoom(stage.server.url, ada.person, name)))
    // The first of them is on no page of the list that is shown: it is found among those of the
    // reader.
    const mina = await stage.arrive('Mina', ada.link)
    await mina.connected()
    await mina.page.locator('#my-room-list').getByText('room 0').waitFor()
    expect(await mina.page.locator('#my-room-list .icon').count()).toBe(0)
    expect(await mina.page.locator('#room-private').isVisible()).toBe(false)
    await mina.shot('states-lock')
    expect(await locks(mina).count()).toBe(0)
  })

  it('asks for a ticket at each connect and not for the room, whose changes come with it', async () => {
    const ada = await stage.own('Ada')
    const mina = await stage.arrive('Mina')
    const asked: string[] = []
    mina.page.on('request', (request) => {
      const { pathname } = new URL(request.url())
      // Its people and pins are asked for once, when it is opened.
      if (/\/(members|pins)$/.test(pathname)) return
      if (pathname.startsWith(room)) asked.push(`${request.method()} ${pathname}`)
    })
    const room = `/api/rooms/${ada.roomId}`
    const [events, ticket] = [`GET ${room}/events`, `POST ${room}/tickets`]
    await mina.enter(ada.link)
    expect(await mina.page.locator('#room-title').textContent()).toBe('Harbour walk')
    expect(asked.splice(0)).toEqual([events, ticket])

    await mina.page.context().setOffline(true)
    await mina.page.locator('#status[data-phase="offline"]').waitFor()
    await ada.setRole(mina.person, 'reader')
    await mina.page.context().setOffline(false)
    await mina.connected()
    expect(await mina.page.locator('#message').isDisabled()).toBe(true)
    // A SEND in the room comes after all that the page asks at a connect.
    await ada.say('listen')
    await mina.sees('listen')
    expect(asked).toEqual([ticket])
  })

  it.each([
    ['while it is open', /was deleted/],
    ['while nobody looked', /no such room|was deleted/],
  ])('forgets a room that is deleted %s', async (when, told) => {
    const ada = await stage.own('Ada', { name: 'Harbour walk', visibility: 'private' })
    const mina = await stage.arrive('Mina', ada.link)
    await mina.connected()
    const recent = mina.page.locator('#my-room-list').getByText('Harbour walk')
    await recent.waitFor()
    if (when === 'while it is open') await ada.api('DELETE', '')
    else {
      await mina.page.goto(stage.server.url)
      await mina.page.locator('.no-room').waitFor()
      await recent.waitFor()
      await ada.api('DELETE', '')
      await recent.click()
    }
    await ended(mina).getByText(told).waitFor()
    await recent.waitFor({ state: 'detached' })
    await mina.page.reload()
    await ended(mina).waitFor()
    expect(await recent.count()).toBe(0)
  })

  it('forgets a room that the reader deleted', async () => {
    const mina = await stage.arrive('Mina')
    // What the room tells its connections may come too late.
    await mina.page.routeWebSocket('**/chat?*', (socket) => {
      const server = socket.connectToServer()
      server.onMessage((message) => {
        if (!String(message).includes('room-deleted')) socket.send(message)
      })
      server.onClose(() => undefined)
      // The farewell of the page would come after the close, which it has not seen.
      socket.onMessage((message) => {
        if (!String(message).startsWith('DISCONNECT')) server.send(message)
      })
    })
    const roomId = await newRoom(stage.server.url, mina.person, 'a walk that is over')
    await mina.enter(linkTo(stage.server.url, roomId))
    await mina.page.locator('.rooms').getByText('a walk that is over').first().waitFor()
    await mina.page.locator('#open-settings').click()
    await mina.page.locator('#delete-room').click()
    await mina.page.locator('#deletion').getByRole('button', { name: 'Delete room' }).click()
    await mina.page.locator('.no-room').waitFor()
    await expect
      .poll(() => mina.page.locator('.rooms').getByText('a walk that is over').count())
      .toBe(0)
    const kept = await mina.page.evaluate<string>('localStorage.getItem("stompbox.recent")')
    expect(kept).not.toContain('a walk that is over')
  })

  it('shows only codes that it knows', async () => {
    const link = `${stage.server.url}/#sign-in=${encodeURIComponent('call 555 to sign in')}`
    const mina = await stage.visit(link)
    await mina.page.getByText('for a reason that this page does not know').waitFor()
    expect(await mina.page.locator('body').textContent()).not.toContain('555')
    const known = await stage.visit(`${stage.server.url}/#sign-in=account-disabled`)
    await known.page
      .getByText('for a reason that this page does not know')
      .waitFor({ state: 'hidden' })
  })

  it('shows its name before any script has run', async () => {
    const mina = await stage.visit('about:blank')
    await mina.page.route('**/*.js', (route) => route.abort())
    await mina.page.goto(stage.server.url)
    await mina.page.locator('#welcome .brand').getByText('Stompbox').waitFor()
    expect(await mina.page.locator('#guest-name').isVisible()).toBe(false)
  })
})
