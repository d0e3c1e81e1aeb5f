// Every view of the page, wide and narrow, light and dark: nothing sticks out, and pictures to look
// at.

import { expect, it } from 'vitest'
import { linkTo, PHONE, setStage, WIDE } from '../support/browser.ts'
import { ask, guest, newRoom } from '../support/people.ts'
import { scaled } from '../support/scaled.ts'
import { login, type SignedIn } from '../support/sign-in.ts'
import { connect } from '../support/stomp-socket.ts'

const stage = setStage({
  OIDC_PROVIDERS: JSON.stringify([
    { id: 'acme', name: 'Acme Works', issuer: 'http://127.0.0.1:9/', clientId: 'stompbox' },
  ]),
})

/** Runs in the page: which boxes are wider inside than outside. */
const WIDER = `['html', '#log-scroll', '.lobby-body'].filter((box) => {
  const { scrollWidth, clientWidth } = document.querySelector(box)
  return scrollWidth !== clientWidth
})`

const screens = [
  ['wide-light', { ...WIDE, colorScheme: 'light' }],
  ['phone-dark', { ...PHONE, colorScheme: 'dark', locale: 'ko-KR' }],
  ['wide-dark', { ...WIDE, colorScheme: 'dark', locale: 'ko-KR' }],
  ['phone-light', { ...PHONE, colorScheme: 'light' }],
] as const

it.each(screens.slice(0, scaled(2, 4)))('fits the screen: %s', async (name, options) => {
  const roomId = await conversation()
  const visitor = await stage.visit(linkTo(stage.server.url, roomId), options)
  const { page } = visitor
  const look = async (view: string) => {
    await visitor.shot(`${name}-${view}`)
    expect({ view, wider: await page.evaluate<string[]>(WIDER) }).toEqual({ view, wider: [] })
  }
  await page.locator('#providers').waitFor()
  await look('1-welcome')
  await page.locator('#tab-login').click()
  await page.locator('#login-username').fill('mina')
  await page.locator('#login-password').fill('a guess')
  await page.keyboard.press('Enter')
  await page.locator('#login-password[aria-invalid]').waitFor()
  await look('1-welcome-sign-in')
  await page.locator('#tab-register').click()
  await page.locator('#register-username').fill('김미나')
  await page.locator('#register-password').fill('short')
  await page.keyboard.press('Enter')
  await look('1-welcome-register')
  await visitor.signIn('김미나')
  await visitor.connected()
  await visitor.say('I’ll bring an umbrella ☂️')
  await visitor.sent('I’ll bring an umbrella ☂️')
  await page.locator('#log-hint').waitFor({ state: 'hidden' })
  await look('2-room')
  await page.locator('.worded').click()
  await page.locator('#sharing').waitFor()
  await look('3-invite')
  await page.keyboard.press('Escape')
  await page.goto(`${stage.server.url}/#rooms`)
  await page.locator('#my-room-list .room-link').waitFor()
  await look('4-rooms')
  await page.locator('#new-room').click()
  await page.locator('#creation').waitFor()
  await look('5-new-room')
  await page.keyboard.press('Escape')
  await page.locator('#open-me').click()
  await page.locator('.session').waitFor()
  await look('6-me-guest')
  await page.locator('#open-registration').click()
  await look('7-keep-name')
  await page.keyboard.press('Escape')
  await visitor.becomeAccount(name, 'harbour walk at five')
  const elsewhere = await login(stage.server.url, name, 'harbour walk at five')
  await page.locator('#open-me').click()
  await page.locator('.session').nth(1).waitFor()
  await look('8-me-account')
  await page.locator('#open-password').click()
  await look('9-password')
  await endOthers(elsewhere)
  await page.keyboard.press('Escape')
  await page.locator('#refresh-rooms').click()
  await page.locator('#welcome-notice').waitFor()
  await look('10-signed-out')
})

/** Ends all sessions of somebody but the one that asks. */
async function endOthers({ accessToken: token, sessionId }: SignedIn): Promise<void> {
  const { url } = stage.server
  const { body } = await ask(url, 'GET', '/api/auth/sessions', { token })
  for (const { id } of body.sessions) {
    if (id !== sessionId) await ask(url, 'DELETE', `/api/auth/sessions/${id}`, { token })
  }
}

/** A room where two people have talked and changed what they said, with what is hard to lay out. */
async function conversation(): Promise<string> {
  const jun = await guest(stage.server.url, '이준호')
  const ada = await guest(stage.server.url, 'Ada Lovelace-Featherstonehaugh-Wren')
  const roomId = await newRoom(
    stage.server.url,
    jun,
    '주말 산책 모임 · Weekend walks along the harbour',
  )
  const lines: [typeof jun, string][] = [
    [jun, '내일 다섯 시에 항구에서 만날까요?'],
    [jun, '비가 오면 카페로 가요. 창가 자리가 넓어서 모두 앉을 수 있을 거예요.'],
    [ada, 'Lovely. The ferry timetable is at https://example.com/harbour/timetable?line=7&day=sat'],
    [ada, `A word without an end: ${'harbour'.repeat(12)}`],
    [ada, 'Three lines:\n1. water\n2. bread\n3. good shoes'],
    [jun, '좋아요!'],
    [ada, 'A slip'],
  ]
  for (const [person, line] of lines) {
    const socket = await connect(stage.server.url, person, roomId)
    await socket.ask('SEND', { destination: '/pub/send/message' }, line)
    await socket.hangUp()
  }
  const changes: [typeof jun, string, object][] = [
    [jun, '/pub/edit/message', { seq: 1, content: '내일 여섯 시에 항구에서 만날까요?' }],
    [ada, '/pub/delete/message', { seq: 7 }],
    [ada, '/pub/react/message', { seq: 2, reaction: '좋아요', on: true }],
    [jun, '/pub/react/message', { seq: 2, reaction: '좋아요', on: true }],
    [jun, '/pub/react/message', { seq: 5, reaction: 'and an umbrella for everybody :)', on: true }],
  ]
  for (const [person, destination, change] of changes) {
    const socket = await connect(stage.server.url, person, roomId)
    await socket.ask('SEND', { destination }, JSON.stringify(change))
    await socket.hangUp()
  }
  return roomId
}
