// Accounts over HTTP: registering, signing in, being refused without being told why, and waiting.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { enter, eventOf } from '../support/chatter.ts'
import { ask, newRoom } from '../support/people.ts'
import { type Server, startServer } from '../support/server.ts'
import {
  holds,
  login,
  me,
  refresh,
  refused,
  register,
  type SignedIn,
  signInGuest,
} from '../support/sign-in.ts'
import { connect } from '../support/stomp-socket.ts'

const PASSWORD = 'correct horse'
/** Failures without a delay: of a user name from one address. */
const FREE_OF_ACCOUNT = 5

let server: Server
let url: string

beforeAll(async () => {
  server = await startServer()
  url = server.url
})

afterAll(() => server.close())

const tryLogin = (username: string, password: string, address?: string) =>
  ask(url, 'POST', '/api/auth/login', {
    body: { username, password },
    ...(address !== undefined && { headers: { 'CF-Connecting-IP': address } }),
  })

/** Registers a new person, or a guest with all tokens of the sign-in. */
const tryRegister = (body: object, guest?: Pick<SignedIn, 'accessToken' | 'refreshToken'>) =>
  ask(url, 'POST', '/api/auth/register', {
    body: { ...body, ...(guest && { refreshToken: guest.refreshToken }) },
    token: guest?.accessToken,
  })

describe('an account', () => {
  test('is registered, and signed in to, in whatever spelling', async () => {
    const made = await tryRegister({ username: 'Ada.L', password: PASSWORD })
    expect(made).toMatchObject({
      status: 201,
      body: {
        expiresIn: 900,
        refreshExpiresIn: 14 * 86_400,
        user: { name: 'Ada.L', roles: ['GENERAL'] },
      },
    })
    const ada = holds(made)
    for (const username of ['ada.l', 'ADA.L', ' Ada.L ', 'ａｄａ.ｌ']) {
      const signedIn = holds(await tryLogin(username, PASSWORD))
      expect(signedIn).toMatchObject({ id: ada.id, name: 'Ada.L' })
      expect(signedIn.sessionId).not.toBe(ada.sessionId)
    }
  })

  test('has a password in whatever form its letters come', async () => {
    await register(url, 'amelie', 'cafe\u0301 au lait')
    expect((await tryLogin('amelie', 'caf\u00e9 au lait')).status).toBe(200)
    expect((await tryLogin('amelie', 'cafe au lait')).status).toBe(401)
  })

  test('may have another name than its user name', async () => {
    const { body } = await tryRegister({ username: 'grace', password: PASSWORD, name: '그레이스' })
    expect(body.user.name).toBe('그레이스')
    expect((await login(url, 'grace', PASSWORD)).name).toBe('그레이스')
  })

  test('is not made twice with one user name, not even at the same moment', async () => {
    const tries = ['hedy', 'Hedy', 'HEDY', 'ｈｅｄｙ'].map((username, index) =>
      tryRegister({ username, password: `${PASSWORD} ${index}` }),
    )
    const answers = await Promise.all(tries)
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409])
    const winner = answers.findIndex(({ status }) => status === 201)
    for (const [index, answer] of answers.entries()) {
      if (index !== winner) expect(answer).toMatchObject(refused(409, 'username-taken'))
      const status = index === winner ? 200 : 401
      expect((await tryLogin('hedy', `${PASSWORD} ${index}`)).status).toBe(status)
    }
  })
})

describe('a failed sign-in', () => {
  /** Failures count by user name and address. */
  const GUESSER = '198.51.100.70'

  /** What differs in any two answers: when, and the id of the request. */
  const ALWAYS_NEW = ['date', 'x-request-id']

  /** Everything else of an answer that the one who asked can see. */
  async function seen(username: string, password: string) {
    const response = await fetch(`${url}/api/auth/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'CF-Connecting-IP': '198.51.100.1' },
      body: JSON.stringify({ username, password }),
    })
    const headers = [...response.headers].filter(([name]) => !ALWAYS_NEW.includes(name))
    return { status: response.status, headers, text: await response.text() }
  }

  test('says the same to the byte for a wrong password and an unknown user', async () => {
    await register(url, 'known', PASSWORD)
    const [wrong, unknown] = [await seen('known', 'wrong horse'), await seen('nobody', PASSWORD)]
    expect(wrong.status).toBe(401)
    expect(JSON.parse(wrong.text).code).toBe('credentials-invalid')
    expect(unknown).toEqual(wrong)
  })

  test('is delayed after a few, the known and the unknown user alike', async () => {
    await register(url, 'patient', PASSWORD)
    for (const username of ['patient', 'no.such.user']) {
      const answers = await failUntilDelayed(username, 1)
      const codes = answers.map(({ body }) => body.code)
      const free = Array(FREE_OF_ACCOUNT).fill('credentials-invalid')
      expect(codes.slice(0, FREE_OF_ACCOUNT)).toEqual(free)
      const delayed = answers.at(-1)
      expect(delayed).toMatchObject(refused(429, 'sign-in-delayed'))
      expect(delayed?.headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
    }
  })

  test('delays the right password too, for as long as it says, and then lets in', async () => {
    const { id } = await register(url, 'forgetful', PASSWORD)
    // Long enough that even a slow machine asks again in time.
    await failUntilDelayed('forgetful', 2)
    const again = () => tryLogin('forgetful', PASSWORD, GUESSER)
    expect(await again()).toMatchObject(refused(429, 'sign-in-delayed'))
    await expect.poll(again).toMatchObject({ status: 200, body: { user: { id } } })
  })

  test('of one user delays no other, and ends no session', async () => {
    const { accessToken } = await register(url, 'victim', PASSWORD)
    await register(url, 'neighbour', PASSWORD)
    await failUntilDelayed('victim', 1)
    expect((await tryLogin('neighbour', PASSWORD)).status).toBe(200)
    expect((await me(url, accessToken)).status).toBe(200)
  })

  test('of somebody else locks no owner out: not elsewhere, and not on a device that was there before', async () => {
    const Origin = new URL(url).origin
    const body = { username: 'besieged', password: PASSWORD, cookie: true }
    const bad = { 'CF-Connecting-IP': '198.51.100.66' }
    const made = await ask(url, 'POST', '/api/auth/register', { body, headers: { Origin } })
    const device = made.headers.getSetCookie().find((cookie) => cookie.includes('-device='))
    const Cookie = device?.split(';', 1)[0] ?? ''
    expect(Cookie).toMatch(/^stompbox-device=[\w-]{22}\.[\w-]{43}$/)

    const guess = () => tryLogin('besieged', 'wrong', bad['CF-Connecting-IP'])
    await expect.poll(async () => (await guess()).status).toBe(429)
    // Whoever is known comes in even from that address; whoever is not, from another.
    const headers = { ...bad, Origin, Cookie }
    const known = await ask(url, 'POST', '/api/auth/login', { body, headers })
    expect(known.status).toBe(200)
    expect(known.headers.getSetCookie().some((cookie) => cookie.startsWith(Cookie))).toBe(true)
    expect((await tryLogin('besieged', PASSWORD, '198.51.100.67')).status).toBe(200)
  })

  /** Fails until it has to wait for so many seconds at least; gives every answer. */
  async function failUntilDelayed(username: string, seconds: number) {
    const answers: Awaited<ReturnType<typeof tryLogin>>[] = []
    const fail = async () => {
      const answer = await tryLogin(username, 'wrong', GUESSER)
      answers.push(answer)
      return Number(answer.headers.get('retry-after'))
    }
    await expect.poll(fail).toBeGreaterThanOrEqual(seconds)
    return answers
  }
})

describe('a guest', () => {
  test('becomes an account and keeps the id, the rooms and the connection, by a sign-in that is new', async () => {
    const guest = await signInGuest(url, '게스트')
    const room = await newRoom(url, guest)
    const chatter = await enter(url, guest, room)
    const heard = await chatter.log()

    const body = { username: 'no.guest', password: PASSWORD }
    const account = holds(await tryRegister(body, guest))
    expect(account).toMatchObject({ id: guest.id, name: '게스트' })
    expect(account.sessionId).not.toBe(guest.sessionId)
    expect(await me(url, guest.accessToken)).toMatchObject(refused(401, 'roles-changed'))
    expect(await refresh(url, guest.refreshToken)).toMatchObject(refused(401, 'refresh-invalid'))
    expect(await login(url, 'no.guest', PASSWORD)).toMatchObject({ id: guest.id, name: '게스트' })

    expect(await chatter.send('still me')).toBe(1)
    expect(eventOf(await heard.find(() => true)).sender.id).toBe(guest.id)
    await chatter.leave()
    const { refreshToken } = holds(await refresh(url, account.refreshToken))
    expect((await refresh(url, refreshToken)).status).toBe(200)
    const gone = await ask(url, 'DELETE', `/api/rooms/${room}`, { token: account.accessToken })
    expect(gone.status).toBe(204)
  })

  test('that becomes one may choose another name', async () => {
    const guest = await signInGuest(url, 'Gil')
    const body = { username: 'gil.b', password: PASSWORD, name: 'Gil B' }
    const { user } = (await tryRegister(body, guest)).body
    expect(user).toMatchObject({ id: guest.id, name: 'Gil B' })
  })

  test('that is none any more cannot become one again', async () => {
    const guest = await signInGuest(url, 'Twice')
    const body = { username: 'twice', password: PASSWORD }
    const account = holds(await tryRegister(body, guest))
    for (const [who, no] of [
      [guest, refused(401, 'roles-changed')],
      [account, refused(409, 'already-registered')],
    ] as const) {
      expect(await tryRegister({ ...body, username: 'thrice' }, who)).toMatchObject(no)
    }
    expect((await tryLogin('thrice', PASSWORD)).status).toBe(401)
  })

  test('that asks for a taken user name stays a guest', async () => {
    await register(url, 'taken', PASSWORD)
    const guest = await signInGuest(url, 'Late')
    const body = { username: 'TAKEN', password: PASSWORD }
    expect(await tryRegister(body, guest)).toMatchObject(refused(409, 'username-taken'))
    const again = { ...body, username: 'not.taken' }
    expect(holds(await tryRegister(again, guest)).id).toBe(guest.id)
  })

  test('[A5] is not taken over by whoever has the access token alone', async () => {
    const guest = await signInGuest(url, 'Robbed')
    const thief = await signInGuest(url, 'Thief')
    const body = { username: 'robbed', password: 'the thief’s own' }
    const { accessToken } = guest
    for (const refreshToken of ['', thief.refreshToken]) {
      expect(await tryRegister(body, { accessToken, refreshToken })).toMatchObject(
        refused(403, 'proof-needed'),
      )
    }
    expect((await tryLogin('robbed', 'the thief’s own')).status).toBe(401)
    const mine = holds(await tryRegister({ ...body, password: PASSWORD }, guest))
    expect(mine.id).toBe(guest.id)
    expect((await login(url, 'robbed', PASSWORD)).id).toBe(guest.id)
  })
})

describe('a change of the password', () => {
  const change = (token: string, password: string, newPassword: string) =>
    ask(url, 'POST', '/api/auth/password', { token, body: { password, newPassword } })

  test('ends the other sessions and their sockets, and not its own', async () => {
    const here = await register(url, 'careful', PASSWORD)
    const there = await login(url, 'careful', PASSWORD)
    const room = await newRoom(url, here)
    const [own, other] = [await connect(url, here, room), await connect(url, there, room)]

    expect((await change(here.accessToken, PASSWORD, 'battery staple')).status).toBe(204)

    expect((await other.error()).headers.code).toBe('session-ended')
    expect((await other.closed).code).toBe(4510)
    expect(await me(url, there.accessToken)).toMatchObject(refused(401, 'session-ended'))
    expect(await refresh(url, there.refreshToken)).toMatchObject(refused(401, 'refresh-invalid'))
    await own.ask('SEND', { destination: '/pub/send/message' }, 'still here')
    expect((await me(url, here.accessToken)).status).toBe(200)
    expect((await refresh(url, here.refreshToken)).status).toBe(200)
    expect(await tryLogin('careful', PASSWORD)).toMatchObject(refused(401, 'credentials-invalid'))
    expect((await tryLogin('careful', 'battery staple')).status).toBe(200)
    await own.hangUp()
  })

  test('wants the old one, and changes nothing without', async () => {
    const { accessToken } = await register(url, 'careless', PASSWORD)
    const there = await login(url, 'careless', PASSWORD)
    expect(await change(accessToken, 'wrong horse', 'battery staple')).toMatchObject(
      refused(401, 'credentials-invalid'),
    )
    expect(await change(accessToken, PASSWORD, 'Careless')).toMatchObject(
      refused(422, 'password-common'),
    )
    expect((await me(url, there.accessToken)).status).toBe(200)
    expect((await tryLogin('careless', PASSWORD)).status).toBe(200)
  })

  test('is nothing for a guest', async () => {
    const { accessToken } = await signInGuest(url, 'Guest')
    expect(await change(accessToken, PASSWORD, 'battery staple')).toMatchObject(
      refused(401, 'credentials-invalid'),
    )
  })
})

test('guests can be switched off; who has an account comes in', async () => {
  const closed = await startServer({ GUESTS: 'off' })
  try {
    const guest = await ask(closed.url, 'POST', '/api/auth/guest', { body: { name: 'x' } })
    expect(guest).toMatchObject(refused(403, 'guests-refused'))
    expect((await ask(closed.url, 'GET', '/api/auth/providers')).body).toEqual({
      guests: false,
      passwords: true,
      signup: true,
      providers: [],
    })
    const { accessToken } = await register(closed.url, 'known.one', PASSWORD)
    expect((await me(closed.url, accessToken)).status).toBe(200)
  } finally {
    await closed.close()
  }
})

test('new accounts can be switched off; guests come in, and stay guests', async () => {
  const closed = await startServer({ SIGNUP: 'off' })
  try {
    const { accessToken } = await signInGuest(closed.url, 'Guest')
    for (const token of [undefined, accessToken]) {
      const body = { username: 'member', password: PASSWORD }
      const answer = await ask(closed.url, 'POST', '/api/auth/register', { body, token })
      expect(answer).toMatchObject(refused(403, 'signup-closed'))
    }
    expect((await me(closed.url, accessToken)).status).toBe(200)
  } finally {
    await closed.close()
  }
})

test('nothing that is written down holds a password, a token or a name', async () => {
  const lines = server.harness.getLogs().map(({ message }) => message)
  const audit = lines.filter((line) => line.startsWith('{"event":'))
  const events = new Set(audit.map((line) => JSON.parse(line).event))
  for (const event of ['signed-in', 'sign-in-refused', 'registered', 'refreshed', 'revoked']) {
    expect(events).toContain(event)
  }
  for (const secret of [PASSWORD, 'battery staple', 'eyJ', '게스트', 'careful', 'ada.l']) {
    expect(lines.filter((line) => line.includes(secret))).toEqual([])
  }
})
