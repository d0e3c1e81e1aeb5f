// Who types, on the page: told as it is typed, over when it is said, and no reason for anything to
// move.

import { describe, expect, it } from 'vitest'
import { PHONE, setStage, type Visitor, WIDE } from '../support/browser.ts'
import { ask, guest, newRoom } from '../support/people.ts'
import { connect } from '../support/stomp-socket.ts'

const SHOTS = `${import.meta.dirname}/screenshots`

const stage = setStage()

/** A room that Ada made, where she is with a socket of her own. */
async function adasRoom() {
  const { url } = stage.server
  const ada = await guest(url, 'Ada')
  const roomId = await newRoom(url, ada, 'Harbour walk')
  const socket = await connect(url, ada, roomId)
  const types = (typing: boolean) =>
    socket.ask('SEND', { destination: '/pub/typing' }, JSON.stringify({ typing }))
  return { ada, roomId, link: `${url}/#room=${roomId}`, socket, types }
}

const line = ({ page }: Visitor) => page.locator('.typing')

/** What the line says, without the marks that shield a name. */
const says = async (visitor: Visitor) =>
  ((await line(visitor).textContent()) ?? '')
    .replace(/[\u2068\u2069]/g, '')
    .replace(/\s+/g, ' ')
    .trim()

describe('who types', () => {
  it('is told while somebody does, by keys alone, and is over when it is said', async () => {
    const mina = await stage.arrive('Mina')
    const jun = await stage.arrive('준호', await mina.createRoom('Harbour walk'))
    await jun.connected()
    await mina.page.locator('#message').pressSequentially('안녕')
    await expect.poll(() => says(jun)).toBe('Mina is typing…')
    expect(await says(mina)).toBe('')
    await mina.page.keyboard.press('Enter')
    await jun.sees('안녕')
    await expect.poll(() => says(jun)).toBe('')

    await mina.page.locator('#message').pressSequentially('more')
    await expect.poll(() => says(jun)).toBe('Mina is typing…')
    // After a pause.
    await expect.poll(() => says(jun)).toBe('')
    await mina.page.locator('#message').pressSequentially('!')
    await expect.poll(() => says(jun)).toBe('Mina is typing…')
    await mina.page.locator('#message').fill('')
    await expect.poll(() => says(jun)).toBe('')
    await mina.page.locator('#message').pressSequentially('!')
    await expect.poll(() => says(jun)).toBe('Mina is typing…')
    await mina.leave()
    await expect.poll(() => says(jun)).toBe('')
  })

  it('is over when somebody edits no more', async () => {
    const { link, socket } = await adasRoom()
    const [mina, jun] = [await stage.arrive('Mina', link), await stage.arrive('Jun', link)]
    await mina.say('five')
    await mina.sent('five')
    await jun.sees('five')
    const revise = async () => {
      await mina.page.locator('.message .more').click()
      await mina.page.locator('#menu-edit').click()
      await mina.page.locator('#message').pressSequentially(' o’clock')
      await expect.poll(() => says(jun)).toBe('Mina is typing…')
    }
    await revise()
    await mina.page.keyboard.press('Escape')
    await expect.poll(() => says(jun)).toBe('')
    await revise()
    await mina.page.keyboard.press('Enter')
    await jun.sees('five o’clock')
    await expect.poll(() => says(jun)).toBe('')
    socket.cut()
  })

  it.each([
    ['en-wide', { ...WIDE, colorScheme: 'light' }],
    ['ko-wide', { ...WIDE, colorScheme: 'dark', locale: 'ko-KR' }],
    ['en-phone', { ...PHONE, colorScheme: 'dark' }],
    ['ko-phone', { ...PHONE, colorScheme: 'light', locale: 'ko-KR' }],
  ] as const)('moves nothing, fits the screen, and is summed up: %s', async (name, options) => {
    const { roomId, link, socket, types } = await adasRoom()
    await socket.ask('SEND', { destination: '/pub/send/message' }, 'see you at five?')
    const jun = await stage.visit(link, options)
    await jun.signIn('Jun')
    await jun.connected()
    const korean = name.startsWith('ko')
    const places = () =>
      Promise.all(
        ['#log-scroll', '#message', '#send'].map((id) => jun.page.locator(id).boundingBox()),
      )
    const before = await places()
    const shot = (what: string) =>
      jun.page.screenshot({ path: `${SHOTS}/typing-${name}-${what}.png` })
    const expectLine = async (what: string, en: string, ko: string) => {
      await expect.poll(() => says(jun)).toBe(korean ? ko : en)
      await shot(what)
      expect(await places()).toEqual(before)
    }
    await types(true)
    await expectLine('one', 'Ada is typing…', 'Ada 님이 입력하고 있어요…')
    const other = async (as: string) => {
      const { url } = stage.server
      const another = await connect(url, await guest(url, as), roomId)
      await another.ask('SEND', { destination: '/pub/typing' })
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
    for (const each of [socket, second, third]) await each.hangUp()
    await expectLine('none', '', '')
  })
})

describe('a reader', () => {
  it('has a composer that says so and menus that do not write, and may write again as a writer', async () => {
    const { ada, roomId, link, socket } = await adasRoom()
    await socket.ask('SUBSCRIBE', { id: 's', destination: `/topic/rooms/${roomId}` })
    const jun = await stage.arrive('Jun', link)
    await jun.connected()
    const joined = await socket.frames.find(({ body }) => body.includes('"type":"joined"'))
    const { id } = JSON.parse(joined.body).user
    const become = (role: string) =>
      ask(stage.server.url, 'PATCH', `/api/rooms/${roomId}/members/${id}`, {
        token: ada.accessToken,
        body: { role },
      })
    const field = jun.page.locator('#message')
    const [more, counter] = [jun.page.locator('.message .more'), jun.page.locator('.reaction')]
    await socket.ask('SEND', { destination: '/pub/send/message' }, 'see you at five')
    const like = { seq: 1, reaction: '👍', on: true }
    await socket.ask('SEND', { destination: '/pub/react/message' }, JSON.stringify(like))
    await counter.waitFor()
    expect([await more.isVisible(), await counter.isDisabled()]).toEqual([true, false])
    await more.click()
    await jun.page.locator('#message-menu').waitFor()
    await become('reader')
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
    await socket.ask('SEND', { destination: '/pub/send/message' }, 'listen')
    await jun.sees('listen')
    expect(await jun.page.locator('#status').getAttribute('data-phase')).toBe('connected')
    await jun.page.screenshot({ path: `${SHOTS}/typing-reader.png` })
    // Who comes as a reader finds it so.
    await jun.page.reload()
    await jun.sees('listen')
    await expect.poll(() => field.isDisabled()).toBe(true)
    expect(await more.filter({ visible: true }).count()).toBe(2)
    expect([await counter.textContent(), await counter.isDisabled()]).toEqual(['👍1', true])
    // What comes later is offered no more than what was there.
    await socket.ask('SEND', { destination: '/pub/send/message' }, 'and again')
    await jun.sees('and again')
    await more.last().click()
    expect(await offered.count()).toBe(2)
    await jun.page.keyboard.press('Escape')
    await become('writer')
    await expect.poll(() => field.isDisabled()).toBe(false)
    expect(await more.filter({ visible: true }).count()).toBe(3)
    await counter.click()
    await expect.poll(() => counter.textContent()).toBe('👍2')
    await jun.say('may I?')
    await jun.sent('may I?')
    socket.cut()
  })
})

it('on a phone Enter breaks the line, and the button sends', async () => {
  const mina = await stage.visit(stage.server.url, PHONE)
  await mina.signIn('Mina')
  await mina.createRoom('Harbour walk')
  const field = mina.page.locator('#message')
  await field.fill('one')
  await field.press('Enter')
  await field.pressSequentially('two')
  expect(await field.inputValue()).toBe('one\ntwo')
  await mina.page.locator('#send').tap()
  await mina.sent('two')
  expect(await mina.messages()).toEqual(['one\ntwo'])
})
