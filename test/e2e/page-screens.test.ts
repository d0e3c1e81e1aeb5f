// Every view of the page, wide and narrow, light and dark: nothing sticks out, and pictures to look
// at.

import { expect, it } from 'vitest'
import { PHONE, setStage, WIDE } from '../support/browser.ts'
import { guest, newRoom } from '../support/people.ts'
import { connect } from '../support/stomp-socket.ts'

const SHOTS = `${import.meta.dirname}/screenshots`

const stage = setStage({
  OIDC_PROVIDERS: JSON.stringify([
    { id: 'acme', name: 'Acme Works', issuer: 'http://127.0.0.1:9/', clientId: 'stompbox' },
  ]),
})

it.each([
  ['wide-light', { ...WIDE, colorScheme: 'light' }],
  ['wide-dark', { ...WIDE, colorScheme: 'dark', locale: 'ko-KR' }],
  ['phone-light', { ...PHONE, colorScheme: 'light', locale: 'ko-KR' }],
  ['phone-dark', { ...PHONE, colorScheme: 'dark' }],
] as const)('fits the screen: %s', async (name, options) => {
  const roomId = await conversation()
  const visitor = await stage.visit(`${stage.server.url}/#room=${roomId}`, options)
  const { page } = visitor
  const look = async (view: string) => {
    await page.screenshot({ path: `${SHOTS}/${name}-${view}.png` })
    for (const box of ['html', '#log-scroll', '.lobby-body']) {
      const [inner, outer] = await page
        .locator(box)
        .evaluate((node) => [node.scrollWidth, node.clientWidth])
      expect({ box, wide: inner }).toEqual({ box, wide: outer })
    }
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
  const elsewhere = await stage.visit(stage.server.url)
  await elsewhere.login(name, 'harbour walk at five')
  await page.locator('#open-me').click()
  await page.locator('.session').nth(1).waitFor()
  await look('8-me-account')
  await page.locator('#open-password').click()
  await look('9-password')
  await elsewhere.page.locator('#open-me').click()
  await elsewhere.page.locator('.session').getByRole('button').click()
  await elsewhere.page.locator('.session').nth(1).waitFor({ state: 'detached' })
  await page.keyboard.press('Escape')
  await page.locator('#refresh-rooms').click()
  await page.locator('#welcome-notice').waitFor()
  await look('10-signed-out')
})

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
