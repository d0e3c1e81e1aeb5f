// The lobby: the reader's rooms however they came to be, and the public rooms, found by name.

import { describe, expect, it } from 'vitest'
import { linkTo, SMALL, setStage, type Visitor, WIDE } from '../support/browser.ts'
import { ask, askAs, guest, newRoom, type Person } from '../support/people.ts'
import { scaled } from '../support/scaled.ts'

const stage = setStage()

const names = async ({ page }: Visitor, list: string) =>
  page.locator(`#${list} .name`).allInnerTexts()
const mine = (visitor: Visitor) => names(visitor, 'my-room-list')
const listed = (visitor: Visitor) => names(visitor, 'room-list')

/** Makes rooms of a kind, the first of the names last. */
async function make(owner: Person, kind: string, ...rooms: string[]) {
  for (const name of rooms.toReversed()) await newRoom(stage.server.url, owner, { name, kind })
}

async function enter(visitor: Visitor, link = '', name = '') {
  await visitor.page.goto(link)
  await visitor.page.locator('#room-title').getByText(name, { exact: true }).waitFor()
  await visitor.connected()
}

async function chosen(visitor: Visitor, who: string, what: string) {
  await visitor.page.locator('.person', { hasText: who }).locator('.more').click()
  await visitor.page.locator('#person-menu').getByRole('button', { name: what }).click()
}

describe('my rooms', () => {
  it('are those that the reader made, entered or was written in, and no others', async () => {
    const jun = await stage.host('Jun', { name: 'a private walk', kind: 'private' }, WIDE)
    const walk = await newRoom(stage.server.url, jun.person, 'Lobby walk')
    const ada = await stage.arrive('Ada', linkTo(stage.server.url, walk))
    await ada.connected()
    await expect.poll(() => mine(ada)).toEqual(['Lobby walk'])
    await jun.enter(ada.link)
    await chosen(jun, 'Ada', 'Direct message')
    await jun.page.locator('#room-title').getByText('Ada', { exact: true }).waitFor()
    await jun.connected()
    await expect.poll(() => mine(jun)).toEqual(['Ada', 'Lobby walk', 'a private walk'])
    await ada.page.locator('#refresh-rooms').click()
    await expect.poll(() => mine(ada)).toEqual(['Jun', 'Lobby walk'])
    await jun.page.reload()
    await expect.poll(() => mine(jun)).toEqual(['Ada', 'Lobby walk', 'a private walk'])
    expect(await jun.page.locator('#my-room-list [aria-current]').textContent()).toBe('Ada')
    const kinds = jun.page.locator('#my-room-list').getByRole('img')
    expect(await kinds.evaluateAll((icons) => icons.map((icon) => icon.ariaLabel))).toEqual([
      ...['Direct', 'Private'],
    ])
    // What is listed above is not listed again, but by its name.
    expect(await listed(jun)).not.toContain('Lobby walk')
    await jun.page.locator('#room-search').fill('lobby')
    await expect.poll(() => listed(jun)).toContain('Lobby walk')
    await jun.shot('lobby-mine')
  })

  it('change at once when the reader leaves, is removed or is banned, and with a name', async () => {
    const { url } = stage.server
    const jun = await guest(url, 'Jun')
    const ada = await stage.arrive('Ada')
    const rooms: string[] = []
    for (const room of ['left', 'removed', 'banned', 'named']) {
      rooms.push(await newRoom(url, jun, `a room: ${room}`))
    }
    const all = ['a room: named', 'a room: banned', 'a room: removed', 'a room: left']
    const into = (at: number) => enter(ada, linkTo(url, rooms[at] ?? ''), all[3 - at])
    for (const at of rooms.keys()) await into(at)
    await expect.poll(() => mine(ada)).toEqual(all)
    const as = async (method: string, path: string, body?: object) => {
      const answer = await ask(url, method, `/api/rooms/${path}`, { token: jun.accessToken, body })
      expect(answer.status).toBeLessThan(300)
    }
    await as('PATCH', `${rooms[3]}`, { name: 'a better name' })
    await expect.poll(async () => (await mine(ada))[0]).toBe('a better name')

    await into(0)
    await ada.page.locator('#open-settings').click()
    await ada.page.locator('#leave-room').click()
    await ada.page.locator('#act').getByRole('button', { name: 'Leave room' }).click()
    await expect.poll(() => mine(ada)).not.toContain('a room: left')

    await into(1)
    await as('DELETE', `${rooms[1]}/members/${ada.person.id}`)
    await ada.page.locator('#ended').waitFor()
    await expect.poll(() => mine(ada)).not.toContain('a room: removed')
    await into(2)
    await as('PUT', `${rooms[2]}/bans/${ada.person.id}`, {})
    await ada.page.locator('#ended').waitFor()
    await expect.poll(() => mine(ada)).not.toContain('a room: banned')

    await ada.page.reload()
    await expect.poll(async () => (await mine(ada)).length).toBe(1)
    await ada.page.locator('#my-room-list .room-link').click()
    await expect.poll(() => mine(ada)).toEqual(['a better name'])
  })

  it('hide a direct room by keyboard, until something is said in it', async () => {
    const jun = await stage.own('Jun')
    const ada = await stage.arrive('Ada', jun.link, WIDE)
    await ada.connected()
    await chosen(ada, 'Jun', 'Direct message')
    await ada.page.locator('#room-title').getByText('Jun', { exact: true }).waitFor()
    await ada.connected()
    await ada.say('just between us')
    await ada.sent('just between us')
    const direct = ada.link
    await expect.poll(() => mine(ada)).toEqual(['Jun', 'Harbour walk'])
    expect(await ada.page.getByRole('button', { name: /Hide the conversation/ }).count()).toBe(1)
    await ada.page.getByRole('button', { name: 'Hide the conversation with Jun' }).focus()
    await ada.shot('lobby-hide')
    await ada.page.keyboard.press('Enter')
    await expect.poll(() => mine(ada)).toEqual(['Harbour walk'])
    await ada.page.locator('.no-room').waitFor()
    expect(await ada.page.evaluate('document.activeElement.id')).toBe('new-room')
    expect(await names(ada, 'recent-list')).toEqual([])
    await ada.page.reload()
    await expect.poll(() => mine(ada)).toEqual(['Harbour walk'])
    // The other has it, and says something.
    await (await stage.join(jun.person, direct)).say('are you there?')
    await ada.page.locator('#refresh-rooms').click()
    await expect.poll(() => mine(ada)).toEqual(['Jun', 'Harbour walk'])
    await ada.page.route('**/api/me/rooms/*', (route) => route.abort())
    await ada.page.getByRole('button', { name: 'Hide the conversation with Jun' }).click()
    await ada.page.locator('#my-rooms').getByText('The server cannot be reached.').waitFor()
    expect(await mine(ada)).toEqual(['Jun', 'Harbour walk'])
  })

  it('come in pages, and are said to be missing if they did not load', async () => {
    const mina = await stage.arrive('Mina')
    const room = (at: number) =>
      newRoom(stage.server.url, mina.person, `a walk ${String(at).padStart(2, '0')}`)
    await Promise.all(Array.from({ length: 50 }, (_, at) => room(at + 1)))
    await room(0)
    await mina.page.locator('#refresh-rooms').click()
    await expect.poll(async () => (await mine(mina)).length).toBe(50)
    await mina.page.locator('#more-my-rooms').click()
    await expect.poll(async () => (await mine(mina)).length).toBe(51)
    expect((await mine(mina))[0]).toBe('a walk 00')
    expect(await mina.page.locator('#more-my-rooms').isVisible()).toBe(false)

    await mina.page.route('**/api/me/rooms*', (route) => route.abort())
    await mina.page.reload()
    await mina.page.locator('#my-rooms').getByText('The list did not load.').waitFor()
    await mina.page.unroute('**/api/me/rooms*')
    await mina.page.locator('#refresh-rooms').click()
    await expect.poll(async () => (await mine(mina)).length).toBe(50)
    expect(await mina.page.getByText('The list did not load.').count()).toBe(0)
  })
})

describe('the public rooms', () => {
  it('are found by the beginning of their name, page by page, with few requests', async () => {
    const owner = await guest(stage.server.url, 'Ada')
    await Promise.all(Array.from({ length: 54 }, (_, at) => make(owner, 'public', `Quay ${at}`)))
    await make(owner, 'public', '갯벌 산책', '갯내음', 'Lighthouse')
    await make(owner, 'public', ...Array.from({ length: 9 }, (_, n) => `Lighthouse ${n}`))
    const mina = await stage.arrive('Mina')
    await mina.page.locator('#room-list .room-link').first().waitFor()
    const asked: string[] = []
    mina.page.on('request', (request) => {
      if (new URL(request.url()).pathname === '/api/rooms') asked.push(request.url())
    })
    await mina.page.locator('#room-search').pressSequentially('qUAY', { delay: 10 })
    await expect
      .poll(async () => (await listed(mina)).filter((name) => name.startsWith('Quay')).length)
      .toBe(50)
    expect(asked.length).toBe(1)
    await mina.page.locator('#more-rooms').click()
    await expect.poll(async () => (await listed(mina)).length).toBe(54)
    expect(new Set(await listed(mina)).size).toBe(54)
    await mina.page.locator('#room-search').fill('갯'.normalize('NFD'))
    await expect.poll(() => listed(mina)).toEqual(['갯벌 산책', '갯내음'])
    await mina.shot('lobby-search')
    await mina.page.locator('#room-search').fill('nothing is called so')
    await mina.page
      .locator('#room-list-note')
      .getByText('No public room has a name that begins like this.')
      .waitFor()
    await mina.page.keyboard.press('Escape')
    await mina.page.locator('#room-search').fill('')
    await expect.poll(async () => (await listed(mina)).length).toBe(50)
  })

  const screens = [
    ['phone-dark', { ...SMALL, colorScheme: 'dark', locale: 'ko-KR' }],
    ['wide-dark', { ...WIDE, colorScheme: 'dark' }],
    ['phone-light', { ...SMALL, colorScheme: 'light' }],
  ] as const
  const shown = screens.slice(0, scaled(1, 3))
  it.each(shown)('fit the screen with those of the reader: %s', async (name, options) => {
    const owner = await guest(stage.server.url, '이준호')
    await make(owner, 'public', '주말 산책 모임 · Weekend walks along the harbour', '강가 산책')
    const mina = await stage.arrive('미나', stage.server.url, options)
    await make(mina.person, 'private', '비밀 이야기')
    await make(mina.person, 'unlisted', 'A room with a very long name that goes on')
    await askAs(stage.server.url, mina.person, 'PUT', `/api/direct/${owner.id}`)
    await mina.page.locator('#refresh-rooms').click()
    await expect.poll(async () => (await mine(mina)).length).toBe(3)
    await mina.shot(`lobby-${name}`)
    const wide = await mina.page.evaluate<number>('document.documentElement.scrollWidth')
    expect(wide).toBe(options.viewport.width)
  })
})
