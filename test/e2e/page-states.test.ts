// What the page says of rooms that are not as one would wish.

import { describe, expect, it } from 'vitest'
import { setStage, type Visitor } from '../support/browser.ts'
import { ask, guest, newRoom } from '../support/people.ts'
import { connect } from '../support/stomp-socket.ts'

const SHOTS = `${import.meta.dirname}/screenshots`
const stage = setStage()

const ended = ({ page }: Visitor) => page.locator('#ended-reason')
const invitation = ({ page }: Visitor) => page.locator('#open-sharing')
const start = ({ page }: Visitor) => page.locator('#log-start')
const locks = ({ page }: Visitor) =>
  page.locator('.rooms .icon, #room-private').filter({ visible: true })

describe('the page', () => {
  it('says that a room is unknown, and waits for no messages of it', async () => {
    const mina = await stage.arrive('Mina', `${stage.server.url}/#room=${'x'.repeat(20)}`)
    await ended(mina).getByText('There is no such room.').waitFor()
    expect(await start(mina).isVisible()).toBe(false)
    expect(await mina.page.locator('#log-empty').isVisible()).toBe(false)
    expect(await mina.page.locator('#message').isDisabled()).toBe(true)
    expect(await invitation(mina).isVisible()).toBe(false)
    await mina.page.screenshot({ path: `${SHOTS}/states-unknown.png` })
  })

  it('tells somebody who is banned nothing of the log', async () => {
    const ada = await guest(stage.server.url, 'Ada')
    const room = await newRoom(stage.server.url, ada)
    const mina = await stage.arrive('Mina', `${stage.server.url}/#room=${room}`)
    await mina.connected()
    await mina.say('a word')
    await mina.sent('a word')
    expect(await invitation(mina).isVisible()).toBe(true)
    const { id } = JSON.parse(
      await mina.page.evaluate<string>(
        'JSON.stringify(JSON.parse(Object.values(localStorage).find((text) => text.includes("Mina"))))',
      ),
    ).user
    await ask(stage.server.url, 'PATCH', `/api/rooms/${room}/members/${id}`, {
      token: ada.accessToken,
      body: { role: 'banned' },
    })
    await ended(mina).getByText('You are banned from this room.').waitFor()
    expect(await invitation(mina).isVisible()).toBe(false)
    await mina.page.reload()
    await ended(mina).getByText('You are banned from this room.').waitFor()
    expect(await start(mina).isVisible()).toBe(false)
    expect(await mina.page.locator('#log-empty').isVisible()).toBe(false)
    await mina.page.screenshot({ path: `${SHOTS}/states-banned.png` })
  })

  it('shows a lock on private rooms, and on no others', async () => {
    const ada = await guest(stage.server.url, 'Ada')
    const rooms = []
    for (let at = 0; at < 51; at++) rooms.push(await newRoom(stage.server.url, ada, `room ${at}`))
    // The first of them is on no page of the list that is shown: it is found among those of the
    // reader.
    const mina = await stage.arrive('Mina', `${stage.server.url}/#room=${rooms[0]}`)
    await mina.connected()
    await mina.page.locator('#my-room-list').getByText('room 0').waitFor()
    expect(await mina.page.locator('#my-room-list .icon').count()).toBe(0)
    expect(await mina.page.locator('#room-private').isVisible()).toBe(false)
    await mina.page.screenshot({ path: `${SHOTS}/states-lock.png` })
    expect(await locks(mina).count()).toBe(0)
  })

  it('asks for a ticket at each connect and not for the room, whose changes come with it', async () => {
    const ada = await guest(stage.server.url, 'Ada')
    const room = await newRoom(stage.server.url, ada, 'Harbour walk')
    const mina = await stage.visit(`${stage.server.url}/#room=${room}`)
    const asked: string[] = []
    mina.page.on('request', (request) => {
      const { pathname } = new URL(request.url())
      // Its people and pins are asked for once, when it is opened.
      if (/\/(members|pins)$/.test(pathname)) return
      if (pathname.startsWith(`/api/rooms/${room}`)) asked.push(`${request.method()} ${pathname}`)
    })
    const [events, ticket] = [`GET /api/rooms/${room}/events`, `POST /api/rooms/${room}/tickets`]
    await mina.signIn('Mina')
    await mina.connected()
    expect(await mina.page.locator('#room-title').textContent()).toBe('Harbour walk')
    expect(asked.splice(0)).toEqual([events, ticket])

    const kept = await mina.page.evaluate<string>('localStorage.getItem("stompbox.identity")')
    await mina.page.context().setOffline(true)
    await mina.page.locator('#status[data-phase="offline"]').waitFor()
    await ask(stage.server.url, 'PATCH', `/api/rooms/${room}/members/${JSON.parse(kept).user.id}`, {
      token: ada.accessToken,
      body: { role: 'reader' },
    })
    await mina.page.context().setOffline(false)
    await mina.connected()
    expect(await mina.page.locator('#message').isDisabled()).toBe(true)
    // A SEND in the room comes after all that the page asks at a connect.
    const socket = await connect(stage.server.url, ada, room)
    await socket.ask('SEND', { destination: '/pub/send/message' }, 'listen')
    await mina.sees('listen')
    expect(asked).toEqual([ticket])
    await socket.hangUp()
  })

  it.each([
    ['while it is open', /was deleted/],
    ['while nobody looked', /no such room|was deleted/],
  ])('forgets a room that is deleted %s', async (when, told) => {
    const ada = await guest(stage.server.url, 'Ada')
    const made = await ask(stage.server.url, 'POST', '/api/rooms', {
      token: ada.accessToken,
      body: { name: 'Harbour walk', visibility: 'private' },
    })
    const remove = () =>
      ask(stage.server.url, 'DELETE', `/api/rooms/${made.body.id}`, { token: ada.accessToken })
    const mina = await stage.arrive('Mina', `${stage.server.url}/#room=${made.body.id}`)
    await mina.connected()
    const recent = mina.page.locator('#my-room-list').getByText('Harbour walk')
    await recent.waitFor()
    if (when === 'while it is open') await remove()
    else {
      await mina.page.goto(stage.server.url)
      await mina.page.locator('.no-room').waitFor()
      await recent.waitFor()
      await remove()
      await recent.click()
    }
    await ended(mina).getByText(told).waitFor()
    await recent.waitFor({ state: 'detached' })
    await mina.page.reload()
    await ended(mina).waitFor()
    expect(await recent.count()).toBe(0)
  })

  it('forgets a room that the reader deleted', async () => {
    const mina = await stage.visit()
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
    await mina.signIn('Mina')
    await mina.createRoom('a walk that is over')
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
