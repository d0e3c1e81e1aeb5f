// The page when the network or the server is not at its best: nothing is lost, nothing comes twice,
// and the reader is told.

import type { WebSocketRoute } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { setStage, type Visitor } from '../support/browser.ts'
import { ask, guest, newRoom } from '../support/people.ts'

const stage = setStage({}, { clock: true })

const roomOf = (link: string) => link.split('=')[1] ?? ''

/** The server lets go of every socket of the room, as a deploy does. */
async function cutAll(link: string): Promise<void> {
  const room = { name: roomOf(link), webSockets: 'close' } as const
  await stage.server.harness.getWorker().evictDurableObject('ROOM', room)
}

/** What a frame of the page says in a header. */
const header = (frame: string, name: string) => frame.match(new RegExp(`^${name}:(.*)$`, 'm'))?.[1]

/** Whether a frame says something in the log: that somebody types is a SEND too. */
const isSaid = (frame: unknown) =>
  /^SEND\n(.+\n)*destination:\/pub\/send\/message\n/.test(String(frame))

/**
 * Stands between a page and the server; `meddle` sees what is said and says whether to pass it on.
 */
async function between(
  visitor: Visitor,
  meddle: (frame: string, page: WebSocketRoute, server: WebSocketRoute) => boolean,
): Promise<void> {
  await visitor.page.routeWebSocket(/\/chat/, (page) => {
    const behind = page.connectToServer()
    page.onMessage((frame) => {
      const pass = !isSaid(frame) || meddle(String(frame), page, behind)
      if (pass) behind.send(frame)
    })
  })
}

describe('a connection that ends', () => {
  it('comes back when the server drops it, with what was said meanwhile, once', async () => {
    const mina = await stage.arrive('Mina')
    const link = await mina.createRoom('Harbour walk')
    const jun = await stage.arrive('Jun', link)
    await jun.connected()
    await mina.say('one')
    await jun.sees('one')

    await jun.page.context().setOffline(true)
    await jun.page.locator('#status[data-phase="offline"]').waitFor()
    await mina.say('two', 'three')
    await mina.sent('three')
    await jun.say('four, from the tunnel')
    await jun.page.locator('.message[data-state="sending"]').waitFor()
    await jun.page.context().setOffline(false)
    await jun.sent('four, from the tunnel')

    for (const visitor of [mina, jun]) await visitor.holdClock()
    await cutAll(link)
    await Promise.all([mina.hurry(), jun.hurry()])
    await mina.say('five')
    await mina.sent('five')
    await jun.sees('five')
    const said = ['one', 'two', 'three', 'four, from the tunnel', 'five']
    expect(await jun.messages()).toEqual(said)
    expect(await mina.messages()).toEqual(said)
  })

  it.each(['the SEND', 'the RECEIPT'])(
    'sends again, under the same key, when %s is lost',
    async (lost) => {
      const mina = await stage.arrive('Mina')
      const keys: (string | undefined)[] = []
      await between(mina, (frame, page, behind) => {
        keys.push(header(frame, 'idempotency-key'))
        if (keys.length > 1) return true
        const drop = () => page.close({ code: 1012 })
        if (lost === 'the SEND') drop()
        else behind.onMessage(drop)
        return lost === 'the RECEIPT'
      })
      const link = await mina.createRoom('Harbour walk')
      const jun = await stage.arrive('Jun', link)
      await jun.connected()
      await mina.holdClock()
      await mina.say('one', 'two')
      await mina.hurry()
      await mina.sent('two')
      await jun.sees('two')
      expect(await mina.messages()).toEqual(['one', 'two'])
      expect(await jun.messages()).toEqual(['one', 'two'])
      expect(keys[1]).toBe(keys[0])
    },
  )

  it.each([
    ['by itself what was too fast', 'too-fast'],
    ['what was refused, when the reader says so', 'body-invalid'],
    ['what may have been sent, when the reader says so, under another key', 'key-forgotten'],
  ])('sends again %s', async (_, code) => {
    const mina = await stage.arrive('Mina')
    const sends: string[] = []
    await between(mina, (frame, page) => {
      sends.push(frame)
      if (sends.length > 1) return true
      const refusal = `code:${code}\nreceipt-id:${header(frame, 'receipt')}`
      page.send(`MESSAGE\nsubscription:sub-0\nmessage-id:x\ndestination:/d\n${refusal}\n\n{}\0`)
      return false
    })
    await mina.createRoom('Harbour walk')
    await mina.say('one')
    if (code === 'body-invalid') {
      await mina.page.getByText('The server does not accept this text.').waitFor()
    }
    if (code === 'key-forgotten') {
      await mina.page.getByText('It is not certain that this was sent.').waitFor()
      await mina.page.getByRole('button', { name: 'Discard' }).waitFor()
    }
    if (code !== 'too-fast') await mina.page.getByRole('button', { name: 'Send again' }).click()
    await mina.sent('one')
    expect(await mina.messages()).toEqual(['one'])
    const [first = '', second = ''] = sends
    const keys = [first, second].map((frame) => header(frame, 'idempotency-key'))
    expect(new Set(keys).size).toBe(code === 'key-forgotten' ? 2 : 1)
    expect(header(second, 'receipt')).not.toBe(header(first, 'receipt'))
    expect(await mina.page.locator('.trouble').count()).toBe(0)
  })

  it('discards what may have been sent', async () => {
    const mina = await stage.arrive('Mina')
    await between(mina, (frame, page) => {
      const refusal = `code:key-forgotten\nreceipt-id:${header(frame, 'receipt')}`
      page.send(`MESSAGE\nsubscription:sub-0\nmessage-id:x\ndestination:/d\n${refusal}\n\n{}\0`)
      return false
    })
    await mina.createRoom('Harbour walk')
    await mina.say('one')
    await mina.page.getByRole('button', { name: 'Discard' }).click()
    expect(await mina.messages()).toEqual([])
    await mina.page.reload()
    await mina.connected()
    expect(await mina.messages()).toEqual([])
  })

  it('fills a hole it sees in the log', async () => {
    const mina = await stage.arrive('Mina')
    const link = await mina.createRoom('Harbour walk')
    const jun = await stage.visit()
    let swallowed = 0
    await jun.page.routeWebSocket(/\/chat/, (page) => {
      const behind = page.connectToServer()
      behind.onMessage((frames) => {
        if (String(frames).includes('the lost one') && swallowed++ === 0) return
        page.send(frames)
      })
    })
    await jun.page.goto(link)
    await jun.signIn('Jun')
    await jun.connected()
    await mina.say('the lost one')
    await mina.sent('the lost one')
    await mina.say('after it')
    await jun.sees('after it')
    expect(swallowed).toBe(2)
    expect(await jun.messages()).toEqual(['the lost one', 'after it'])
  })

  it('keeps what was said offline over a reload, and sends it once, in order', async () => {
    const mina = await stage.arrive('Mina')
    const link = await mina.createRoom('Harbour walk')
    const jun = await stage.arrive('Jun', link)
    await jun.connected()
    let away = false
    let sends = 0
    await mina.page.routeWebSocket(/\/chat/, (page) => {
      if (away) return void page.close({ code: 1012 })
      const behind = page.connectToServer()
      page.onMessage((frame) => {
        if (isSaid(frame)) sends++
        behind.send(frame)
      })
    })
    await mina.page.context().setOffline(true)
    await mina.page.locator('#status[data-phase="offline"]').waitFor()
    await mina.say('hold on', 'I am in a tunnel')
    const waits = mina.page.locator('.message[data-state="sending"]')
    await waits.nth(1).waitFor()
    await expect.poll(() => kept(mina)).toBe(2)

    // The page comes again, the room does not.
    away = true
    await mina.page.context().setOffline(false)
    await mina.page.reload()
    await mina.page.locator('#status[data-phase="waiting"]').waitFor()
    await mina.say('still there?')
    const said = ['hold on', 'I am in a tunnel', 'still there?']
    await waits.nth(2).waitFor()
    await expect.poll(() => kept(mina)).toBe(3)
    expect(await mina.messages()).toEqual(said)
    expect(await jun.messages()).toEqual([])

    away = false
    await mina.page.reload()
    await mina.sent('still there?')
    await jun.sees('still there?')
    expect(await mina.messages()).toEqual(said)
    expect(await jun.messages()).toEqual(said)
    expect(sends).toBe(3)
    await mina.page.reload()
    await mina.connected()
    expect(await mina.messages()).toEqual(said)
    expect(sends).toBe(3)
  })

  it('leaves nothing unsent behind when the reader signs out', async () => {
    const mina = await stage.arrive('Mina')
    await mina.createRoom('Harbour walk')
    await mina.page.routeWebSocket(/\/chat/, (page) => void page.close({ code: 1012 }))
    await mina.page.reload()
    await mina.page.locator('#status[data-phase="waiting"]').waitFor()
    await mina.say('for nobody else')
    await mina.page.locator('.message[data-state="sending"]').waitFor()
    await expect.poll(() => kept(mina)).toBe(1)
    await mina.signOut()
    await expect.poll(() => kept(mina)).toBe(0)
  })
})

/** How many entries the browser keeps for later. */
const kept = ({ page }: Visitor) =>
  page.evaluate<number>(`new Promise((resolve, reject) => {
    const opening = indexedDB.open('stompbox.outbox')
    opening.onerror = () => reject(opening.error)
    opening.onsuccess = () => {
      const database = opening.result
      const count = database.transaction('entries').objectStore('entries').count()
      count.onsuccess = () => { database.close(); resolve(count.result) }
      count.onerror = () => reject(count.error)
    }
  })`)

describe('a connection that must not come back', () => {
  it('reads the log anew where it is not the one that was read', async () => {
    const mina = await stage.arrive('Mina')
    const link = await mina.createRoom('Harbour walk')
    await mina.say('one')
    await mina.sent('one')
    const jun = await stage.visit('about:blank')
    let opened = 0
    await jun.page.routeWebSocket(/\/chat/, (page) => {
      const behind = page.connectToServer()
      if (opened++ > 0) return
      page.onMessage((frame) => {
        if (isSaid(frame)) page.close({ code: 4516, reason: 'after-unknown' })
        else behind.send(frame)
      })
    })
    await jun.page.goto(link)
    await jun.signIn('Jun')
    await jun.connected()
    await jun.say('two')
    await jun.sent('two')
    await mina.sees('two')
    expect(opened).toBe(2)
    expect(await jun.messages()).toEqual(['one', 'two'])
    expect(await jun.page.locator('#ended').isVisible()).toBe(false)
  })

  it('tells everybody in a room that its owner deleted', async () => {
    const mina = await stage.arrive('Mina')
    const link = await mina.createRoom('a walk that is over')
    const jun = await stage.arrive('Jun', link)
    await jun.connected()
    await mina.page.locator('.rooms', { hasText: 'a walk that is over' }).first().waitFor()
    await mina.page.locator('#open-settings').click()
    await mina.page.locator('#delete-room').click()
    await mina.page.locator('#deletion').getByRole('button', { name: 'Delete room' }).click()
    await jun.page.getByText('This room was deleted.').waitFor()
    expect(await jun.page.locator('#message').isDisabled()).toBe(true)
    await mina.page
      .locator('.rooms', { hasText: 'a walk that is over' })
      .waitFor({ state: 'detached' })
  })

  it('[A5] says that the reader is banned', async () => {
    const owner = await guest(stage.server.url, 'Owner')
    const roomId = await newRoom(stage.server.url, owner, 'Harbour walk')
    const mina = await stage.arrive('Mina', `${stage.server.url}/#room=${roomId}`)
    await mina.connected()
    const kept = await mina.page.evaluate<string>('localStorage.getItem("stompbox.identity")')
    const path = `/api/rooms/${roomId}/members/${JSON.parse(kept).user.id}`
    const banned = { token: owner.accessToken, body: { role: 'banned' } }
    expect(await ask(stage.server.url, 'PATCH', path, banned)).toMatchObject({ status: 200 })
    const told = mina.page.getByText('You are banned from this room.')
    await told.waitFor()
    expect(await mina.page.locator('#message').isDisabled()).toBe(true)
    await mina.page.reload()
    await told.waitFor()
  })

  it('says that a link leads nowhere', async () => {
    const mina = await stage.arrive('Mina', `${stage.server.url}/#room=00000000000000000000`)
    await mina.page.getByText('There is no such room.').waitFor()
    await mina.page.getByRole('link', { name: 'Back to the rooms' }).click()
    await mina.page.locator('.no-room').waitFor()
  })
})
