// The page when the network or the server is not at its best: nothing is lost, nothing comes twice,
// and the reader is told.

import type { WebSocketRoute } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { setStage, type Visitor } from '../support/browser.ts'

const stage = setStage(undefined, { clock: true })

/** The server lets go of every socket of the room, as a deploy does. */
async function cutAll(roomId: string): Promise<void> {
  const room = { name: roomId, webSockets: 'close' } as const
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

/** Refuses what a page said, as the room does. */
function refuse(page: WebSocketRoute, frame: string, code: string): void {
  const refusal = `code:${code}\nreceipt-id:${header(frame, 'receipt')}`
  page.send(`MESSAGE\nsubscription:sub-0\nmessage-id:x\ndestination:/d\n${refusal}\n\n{}\0`)
}

describe('a connection that ends', () => {
  it('comes back when the server drops it, with what was said meanwhile, once', async () => {
    const mina = await stage.own('Mina')
    const jun = await stage.arrive('Jun', mina.link)
    await jun.connected()
    await mina.say('one')
    await jun.sees('one')

    await jun.page.context().setOffline(true)
    await jun.page.locator('#status[data-phase="offline"]').waitFor()
    await mina.say('two', 'three')
    await jun.say('four, from the tunnel')
    await jun.page.locator('.message[data-state="sending"]').waitFor()
    await jun.page.context().setOffline(false)
    await jun.sent('four, from the tunnel')

    await jun.holdClock()
    await cutAll(mina.roomId)
    await (await stage.join(mina.person, mina.link)).say('five')
    await jun.hurry()
    await jun.sees('five')
    await jun.say('six')
    await jun.sent('six')
    const said = ['one', 'two', 'three', 'four, from the tunnel', 'five', 'six']
    expect(await jun.messages()).toEqual(said)
    expect(await mina.log()).toEqual(said)
  })

  it.each(['the SEND', 'the RECEIPT'])(
    'sends again, under the same key, when %s is lost',
    async (lost) => {
      const jun = await stage.own('Jun')
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
      await mina.enter(jun.link)
      await mina.holdClock()
      await mina.say('one', 'two')
      await mina.hurry()
      await mina.sent('two')
      expect(await mina.messages()).toEqual(['one', 'two'])
      expect(await jun.log()).toEqual(['one', 'two'])
      expect(keys[1]).toBe(keys[0])
    },
  )

  it('sends again by itself what was too fast, and what was refused or may have been sent when the reader says so', async () => {
    const jun = await stage.own('Jun')
    const mina = await stage.arrive('Mina')
    const { page } = mina
    let code = ''
    let sends: string[] = []
    await between(mina, (frame, socket) => {
      sends.push(frame)
      if (sends.length > 1) return true
      refuse(socket, frame, code)
      return false
    })
    await mina.enter(jun.link)
    for (code of ['too-fast', 'body-invalid', 'key-forgotten']) {
      sends = []
      await mina.say(code)
      if (code === 'body-invalid') {
        await page.getByText('The server does not accept this text.').waitFor()
      }
      if (code === 'key-forgotten') {
        await page.getByText('It is not certain that this was sent.').waitFor()
        await page.getByRole('button', { name: 'Discard' }).waitFor()
      }
      if (code !== 'too-fast') await page.getByRole('button', { name: 'Send again' }).click()
      await mina.sent(code)
      const [first = '', second = ''] = sends
      const keys = [first, second].map((frame) => header(frame, 'idempotency-key'))
      // What may have been sent gets another key.
      expect(new Set(keys).size).toBe(code === 'key-forgotten' ? 2 : 1)
      expect(header(second, 'receipt')).not.toBe(header(first, 'receipt'))
      expect(await page.locator('.trouble').count()).toBe(0)
    }
    expect(await mina.messages()).toEqual(['too-fast', 'body-invalid', 'key-forgotten'])
  })

  it('discards what may have been sent', async () => {
    const jun = await stage.own('Jun')
    const mina = await stage.arrive('Mina')
    await between(mina, (frame, socket) => {
      refuse(socket, frame, 'key-forgotten')
      return false
    })
    await mina.enter(jun.link)
    await mina.say('one')
    await mina.page.getByRole('button', { name: 'Discard' }).click()
    expect(await mina.messages()).toEqual([])
    await mina.page.reload()
    await mina.connected()
    expect(await mina.messages()).toEqual([])
  })

  it('fills a hole it sees in the log', async () => {
    const mina = await stage.own('Mina')
    const jun = await stage.arrive('Jun')
    let swallowed = 0
    await jun.page.routeWebSocket(/\/chat/, (page) => {
      const behind = page.connectToServer()
      behind.onMessage((frames) => {
        if (String(frames).includes('the lost one') && swallowed++ === 0) return
        page.send(frames)
      })
    })
    await jun.enter(mina.link)
    await mina.say('the lost one', 'after it')
    await jun.sees('after it')
    expect(swallowed).toBe(2)
    expect(await jun.messages()).toEqual(['the lost one', 'after it'])
  })

  it('keeps what was said offline over a reload, and sends it once, in order', async () => {
    const jun = await stage.own('Jun')
    const mina = await stage.arrive('Mina', jun.link)
    await mina.connected()
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
    expect(await jun.log()).toEqual([])

    away = false
    await mina.page.reload()
    await mina.sent('still there?')
    expect(await mina.messages()).toEqual(said)
    expect(await jun.log()).toEqual(said)
    expect(sends).toBe(3)
    await mina.page.reload()
    await mina.connected()
    expect(await mina.messages()).toEqual(said)
    expect(sends).toBe(3)
  })

  it('leaves nothing unsent behind when the reader signs out', async () => {
    const mina = await stage.host('Mina')
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
    const mina = await stage.own('Mina')
    await mina.say('one')
    const jun = await stage.arrive('Jun')
    let opened = 0
    await jun.page.routeWebSocket(/\/chat/, (page) => {
      const behind = page.connectToServer()
      if (opened++ > 0) return
      page.onMessage((frame) => {
        if (isSaid(frame)) page.close({ code: 4516, reason: 'after-unknown' })
        else behind.send(frame)
      })
    })
    await jun.enter(mina.link)
    await jun.say('two')
    await jun.sent('two')
    expect(await mina.log()).toEqual(['one', 'two'])
    expect(opened).toBe(2)
    expect(await jun.messages()).toEqual(['one', 'two'])
    expect(await jun.page.locator('#ended').isVisible()).toBe(false)
  })

  it('tells everybody in a room that its owner deleted', async () => {
    const mina = await stage.host('Mina', 'a walk that is over')
    const jun = await stage.arrive('Jun', mina.link)
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
})
