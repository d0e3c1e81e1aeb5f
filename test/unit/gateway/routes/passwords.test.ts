import { describe, expect, it } from 'vitest'
import { asking, jsonOf, refusalIn } from '../../../support/asking.ts'

const scene = asking()
const { send, signIn } = scene

const ANN = { username: 'ann', password: 'correct horse' }
const HEADERS = { 'CF-Connecting-IP': '192.0.2.7' }
const WHOEVER = 'whoever'.padEnd(21, '-')

const register = (body: unknown, headers: object = {}) =>
  send('POST', '/api/auth/register', body, { ...HEADERS, ...headers })
const login = (body: unknown, headers: object = {}) =>
  send('POST', '/api/auth/login', body, { ...HEADERS, ...headers })
const change = (body: unknown, headers: object) =>
  send('POST', '/api/auth/password', body, { ...HEADERS, ...headers })

/** Each call with whose it is, without the counting of whoever asks for tokens. */
const FROM = { address: '192.0.2.7', devices: [], keeps: false }

const calls = () =>
  scene.backend.calls
    .splice(0)
    .filter(({ what }) => what !== 'mayAuthenticate')
    .map(({ what, of, with: args }) => [what, of, ...args])

const BEARER = (id: string) => ({
  sessionId: `s-${id}`,
  version: 1,
  federated: false,
  expiresAt: expect.any(Number),
})

describe('registering', () => {
  it('makes a login, then an account with a session', async () => {
    const response = await register({ ...ANN, username: ' Ann ', name: '앤' })
    expect(response.status).toBe(201)
    const { user, ...grant } = await jsonOf(response)
    expect(user).toEqual({
      id: expect.stringMatching(/^[\w-]{21}$/),
      name: '앤',
      roles: ['GENERAL'],
    })
    expect(Object.keys(grant).sort()).toEqual([
      'accessToken',
      'expiresIn',
      'refreshExpiresIn',
      'refreshToken',
    ])
    const newSignIn = { name: '앤', kind: 'account', username: 'ann', device: 'Unknown device' }
    expect(calls()).toEqual([
      ['login.register', 'password:ann', user.id, ANN.password, FROM],
      ['account.signIn', user.id, newSignIn],
    ])
    expect(scene.audited).toContainEqual({ event: 'registered', user: user.id })
  })

  it.each([
    ['Ann', 'ann'],
    ['ＡＮＮ', 'ann'],
    ['Ann.B_c-9', 'ann.b_c-9'],
    ['9lives', '9lives'],
    ['K\u212Aa', 'kka'],
    ['abc', 'abc'],
    ['a'.repeat(32), 'a'.repeat(32)],
  ])('as %s is as %s, shown as it was typed', async (typed, key) => {
    const { user } = await jsonOf(await register({ ...ANN, username: typed }))
    expect(user.name).toBe(typed)
    expect(calls()[0]?.[1]).toBe(`password:${key}`)
  })

  it.each([
    '',
    '  ',
    'ab',
    'a'.repeat(33),
    '.ann',
    '-ann',
    '_ann',
    'an n',
    'an\u0000n',
    'ann@x',
    'änn',
    '앤앤앤',
    'ann\u200b',
    'ａ'.repeat(2000),
    '\ud800ann',
    1,
    null,
    ['ann'],
  ])('as %j is refused', async (username) => {
    const response = await register({ ...ANN, username })
    expect(await jsonOf(response)).toMatchObject({
      status: 422,
      code: 'body-invalid',
      detail: expect.stringMatching(/^username: /),
    })
    expect(calls()).toEqual([])
  })

  it.each([
    '',
    'x'.repeat(7),
    '한'.repeat(7),
    '😀'.repeat(7),
    'x'.repeat(257),
    '\ufdfa'.repeat(100),
    'x'.repeat(2000),
    'long enough \ud800',
    1,
    null,
    undefined,
  ])('with the password %j is refused', async (password) => {
    const response = await register({ ...ANN, password })
    expect(await jsonOf(response)).toMatchObject({
      status: 422,
      code: 'body-invalid',
      detail: expect.stringMatching(/^password: /),
    })
    expect(calls()).toEqual([])
  })

  it.each(['7 x 8 ok', 'xy'.repeat(128), '😀🎸'.repeat(4), '.      .', '비밀번호입니다!'])(
    'with the password %j is accepted, to the letter',
    async (password) => {
      expect((await register({ ...ANN, password })).status).toBe(201)
      expect(calls()[0]?.[3]).toBe(password)
    },
  )

  it.each([
    ['benjamin', 'benjamin'],
    ['benjamin', 'BenJamin'],
    ['Benjamin', ' benjamin '],
    ['benjamin', 'ｂｅｎｊａｍｉｎ'],
    ['benjamin', 'Benjamin1!'],
    ['ann', 'password'],
    ['ann', 'Stompbox1'],
  ])(
    'as %s with the password %s is refused: anybody would guess it',
    async (username, password) => {
      const response = await register({ username, password })
      expect(await refusalIn(response)).toEqual([422, 'password-common'])
      expect(calls()).toEqual([])
    },
  )

  it.each(['admin', 'Root', 'ＡＤＭＩＮ', 'st0mpbox', 'no-reply'])(
    'as %s is refused: the name is reserved',
    async (username) => {
      expect(await refusalIn(await register({ ...ANN, username }))).toEqual([
        422,
        'username-reserved',
      ])
      expect(calls()).toEqual([])
    },
  )

  it('where SIGNUP is off is refused, to a guest too; a login is not', async () => {
    scene.start({ SIGNUP: 'off' })
    const { bearer } = await signIn()
    for (const headers of [{}, bearer]) {
      expect(await refusalIn(await register(ANN, headers))).toEqual([403, 'signup-closed'])
    }
    expect(calls()).toEqual([])
    expect((await login(ANN)).status).toBe(200)
  })

  it('with a user name that is taken opens nothing', async () => {
    scene.backend.refusals.set('login.register', 'username-taken')
    expect(await refusalIn(await register(ANN))).toEqual([409, 'username-taken'])
    expect(calls().map(([what]) => what)).toEqual(['login.register'])
    expect(scene.audited).toEqual([])
  })

  it('keeps the id of a guest', async () => {
    const { user, bearer, refreshToken } = await signIn('앤')
    const response = await register({ ...ANN, refreshToken }, bearer)
    expect(response.status).toBe(201)
    expect((await jsonOf(response)).user).toEqual(user)
    expect(calls()).toEqual([
      ['account.check', user.id, BEARER(user.id)],
      ['account.show', user.id],
      ['account.holds', user.id, refreshToken, `s-${user.id}`],
      ['login.register', 'password:ann', user.id, ANN.password, FROM],
      ['account.becomeAccount', user.id, BEARER(user.id), undefined, 'ann'],
    ])
    expect(scene.audited).toEqual([{ event: 'registered', user: user.id }])
  })

  it('of a guest may give another name', async () => {
    const { user, bearer, refreshToken } = await signIn()
    await register({ ...ANN, name: 'Ann B', refreshToken }, bearer)
    expect(calls().at(-1)).toEqual([
      'account.becomeAccount',
      user.id,
      BEARER(user.id),
      'Ann B',
      'ann',
    ])
  })

  it('[A5] of a guest wants the refresh token of that very sign-in: an access token alone takes nothing', async () => {
    const { user, bearer, refreshToken } = await signIn()
    const other = await signIn('bob')
    calls()
    const Origin = 'https://app.chat.example'
    const Cookie = `__Host-stompbox-refresh=${other.refreshToken}`
    for (const [shown, headers] of [
      [{}, {}],
      [{ refreshToken: other.refreshToken }, {}],
      [{ refreshToken: 'x' }, {}],
      [{ cookie: true }, { Origin }],
      [{ cookie: true }, { Origin, Cookie }],
      // What is in the body counts, and not the cookie beside it.
      [{ refreshToken: 'x' }, { Origin, Cookie: `__Host-stompbox-refresh=${refreshToken}` }],
    ] as const) {
      const answer = await register({ ...ANN, ...shown }, { ...bearer, ...headers })
      expect(await refusalIn(answer)).toEqual([403, 'proof-needed'])
      expect(answer.headers.getSetCookie()).toEqual([])
      expect(calls().filter(([what]) => what !== 'account.holds')).toEqual([
        ['account.check', user.id, BEARER(user.id)],
        ['account.show', user.id],
      ])
    }
    expect(scene.audited).toEqual([])
  })

  it('[A5] of a guest takes the refresh token of the cookie, and that from an allowed page alone', async () => {
    const { user, bearer, refreshToken } = await signIn()
    const headers = { ...bearer, Cookie: `__Host-stompbox-refresh=${refreshToken}` }
    expect(await refusalIn(await register(ANN, headers))).toEqual([403, 'origin-refused'])
    const Origin = 'https://app.chat.example'
    const answer = await register({ ...ANN, cookie: true }, { ...headers, Origin })
    expect(answer.status).toBe(201)
    const grant = await jsonOf(answer)
    expect(grant.user.id).toBe(user.id)
    expect(grant).not.toHaveProperty('refreshToken')
  })

  it('of somebody who has an account is refused', async () => {
    const { user, accessToken } = await jsonOf(await register(ANN))
    calls()
    const bearer = { Authorization: `Bearer ${accessToken}` }
    const again = await register({ ...ANN, username: 'bob' }, bearer)
    expect(await refusalIn(again)).toEqual([409, 'already-registered'])
    expect(calls()).toEqual([
      ['account.check', user.id, BEARER(user.id)],
      ['account.show', user.id],
    ])
  })

  it('with a token that does not hold makes nobody new', async () => {
    const bad = { Authorization: 'Bearer x' }
    expect(await refusalIn(await register(ANN, bad))).toEqual([401, 'token-invalid'])
    const { bearer } = await signIn()
    scene.backend.refusals.set('account.check', 'session-ended')
    expect(await refusalIn(await register(ANN, bearer))).toEqual([401, 'session-ended'])
    expect(calls().map(([what]) => what)).toEqual(['account.check'])
  })
})

it('who has a reserved name from before signs in', async () => {
  expect((await login({ ...ANN, username: 'admin' })).status).toBe(200)
})

describe('a login', () => {
  it('tries, verifies, then opens a session', async () => {
    const response = await login({ ...ANN, username: 'ANN' })
    expect(response.status).toBe(200)
    expect((await jsonOf(response)).user.id).toBe(WHOEVER)
    const newSignIn = { name: 'ANN', kind: 'account', username: 'ann', device: 'Unknown device' }
    expect(calls()).toEqual([
      ['throttle.attempt', '192.0.2.7'],
      ['login.verify', 'password:ann', ANN.password, FROM],
      ['throttle.succeeded', '192.0.2.7'],
      ['account.signIn', WHOEVER, newSignIn],
    ])
    expect(scene.audited.filter(({ event }) => event === 'sign-in-refused')).toEqual([])
  })

  it('with a wrong password opens nothing', async () => {
    scene.backend.refusals.set('login.verify', 'credentials-invalid')
    expect(await refusalIn(await login(ANN))).toEqual([401, 'credentials-invalid'])
    expect(calls().map(([what]) => what)).toEqual(['throttle.attempt', 'login.verify'])
    expect(scene.audited).toEqual([
      { event: 'sign-in-refused', by: 'password', code: 'credentials-invalid' },
    ])
  })

  it.each([
    ['throttle.attempt', ['throttle.attempt']],
    ['login.verify', ['throttle.attempt', 'login.verify']],
  ])('that %s delays is told for how long', async (call, made) => {
    scene.backend.refusals.set(call, { refused: 'sign-in-delayed', retryAfter: 6.2 })
    const response = await login(ANN)
    expect(await refusalIn(response)).toEqual([429, 'sign-in-delayed'])
    expect(response.headers.get('Retry-After')).toBe('7')
    expect(calls().map(([what]) => what)).toEqual(made)
    expect(scene.audited).toEqual([
      { event: 'sign-in-refused', by: 'password', code: 'sign-in-delayed' },
    ])
  })

  describe('by a browser', () => {
    const DEVICE = '__Host-stompbox-device'
    const BY_COOKIE = { ...ANN, cookie: true }
    const ORIGIN = { Origin: 'https://app.chat.example' }
    const deviceIn = (response: Response) =>
      response.headers.getSetCookie().find((cookie) => cookie.startsWith(DEVICE))

    it('makes its device known, by a cookie of its own that outlasts the session', async () => {
      const attributes = 'Max-Age=34560000; Path=/; HttpOnly; Secure; SameSite=Strict'
      expect(deviceIn(await login(BY_COOKIE, ORIGIN))).toBe(`${DEVICE}=device0; ${attributes}`)
      expect(deviceIn(await register(BY_COOKIE, ORIGIN))).toBe(`${DEVICE}=device1; ${attributes}`)
      expect(deviceIn(await login(ANN))).toBe(undefined)
    })

    it('is counted against the device alone, where the user name knows it', async () => {
      scene.backend.devices.add('mine')
      const headers = { ...ORIGIN, Cookie: `${DEVICE}=mine~others` }
      scene.backend.refusals.set('throttle.attempt', { refused: 'sign-in-delayed', retryAfter: 9 })
      const response = await login(BY_COOKIE, headers)
      expect(response.status).toBe(200)
      const from = { ...FROM, devices: ['mine', 'others'], keeps: true }
      expect(calls().slice(0, 2)).toEqual([
        ['login.trusts', 'password:ann', ['mine', 'others']],
        ['login.verify', 'password:ann', ANN.password, from],
      ])
      expect(deviceIn(response)).toContain('=device1~mine~others;')
    })

    it('is counted against the address, where the user name does not know it', async () => {
      const headers = { ...ORIGIN, Cookie: `${DEVICE}=a~b~c~d~e` }
      scene.backend.refusals.set('login.verify', 'credentials-invalid')
      const response = await login(BY_COOKIE, headers)
      expect(response.headers.getSetCookie()).toEqual([])
      expect(calls().map(([what, , first]) => [what, first])).toEqual([
        ['login.trusts', ['a', 'b', 'c']],
        ['throttle.attempt', undefined],
        ['login.verify', ANN.password],
      ])
    })
  })

  it('is never told to wait for no time', async () => {
    scene.backend.refusals.set('login.verify', { refused: 'sign-in-delayed', retryAfter: 0 })
    expect((await login(ANN)).headers.get('Retry-After')).toBe('1')
  })

  it('to an account that is disabled is refused', async () => {
    scene.backend.refusals.set('account.signIn', 'account-disabled')
    expect(await refusalIn(await login(ANN))).toEqual([403, 'account-disabled'])
    expect(scene.audited).toEqual([
      { event: 'sign-in-refused', by: 'password', code: 'account-disabled' },
    ])
  })

  const WRONG: [body: unknown, status: number, code: string][] = [
    ['{', 400, 'body-malformed'],
    ['', 400, 'body-malformed'],
    ['[]', 422, 'body-invalid'],
    [{}, 422, 'body-invalid'],
    [{ username: 'ann' }, 422, 'body-invalid'],
    [{ password: 'x' }, 422, 'body-invalid'],
    [{ ...ANN, username: 'a b' }, 422, 'body-invalid'],
    [{ ...ANN, username: 1 }, 422, 'body-invalid'],
    [{ ...ANN, password: '' }, 422, 'body-invalid'],
    [{ ...ANN, password: 12_345_678 }, 422, 'body-invalid'],
    [{ ...ANN, password: 'x'.repeat(257) }, 422, 'body-invalid'],
    [{ ...ANN, cookie: 1 }, 422, 'body-invalid'],
  ]

  it.each(WRONG)('with the body %j costs no attempt', async (body, status, code) => {
    expect(await refusalIn(await login(body))).toEqual([status, code])
    expect(calls()).toEqual([])
  })

  it('writes down no password and no name', async () => {
    await register(ANN)
    await login(ANN)
    scene.backend.refusals.set('login.verify', 'credentials-invalid')
    await login(ANN)
    expect(JSON.stringify(scene.audited)).not.toMatch(/correct horse|"ann"/)
  })
})

describe('a change of the password', () => {
  const BODY = { password: ANN.password, newPassword: 'battery staple' }

  async function registered() {
    const { user, accessToken } = await jsonOf(await register(ANN))
    calls()
    scene.audited.length = 0
    return { user, bearer: { Authorization: `Bearer ${accessToken}` } }
  }

  it('wants the old one, and ends the other sessions', async () => {
    const { user, bearer } = await registered()
    const response = await change(BODY, bearer)
    expect([response.status, await response.text()]).toEqual([204, ''])
    expect(calls()).toEqual([
      ['account.check', user.id, BEARER(user.id)],
      ['account.show', user.id],
      ['throttle.attempt', '192.0.2.7'],
      ['login.changePassword', 'password:ann', BODY.password, BODY.newPassword, FROM],
      ['throttle.succeeded', '192.0.2.7'],
      ['account.endAll', user.id, `s-${user.id}`],
    ])
  })

  it.each([
    ['login.changePassword', 'credentials-invalid', 401],
    ['login.changePassword', 'sign-in-delayed', 429],
    ['throttle.attempt', 'sign-in-delayed', 429],
  ] as const)('that %s refuses (%s) ends no session', async (call, code, status) => {
    const { bearer } = await registered()
    const delayed = { refused: 'sign-in-delayed', retryAfter: 3 } as const
    scene.backend.refusals.set(call, code === 'sign-in-delayed' ? delayed : code)
    expect(await refusalIn(await change(BODY, bearer))).toEqual([status, code])
    expect(calls().map(([what]) => what)).not.toContain('account.endAll')
    expect(scene.audited).toEqual([{ event: 'sign-in-refused', by: 'password', code }])
  })

  it('where there is none is refused', async () => {
    const { bearer } = await signIn()
    expect(await refusalIn(await change(BODY, bearer))).toEqual([401, 'credentials-invalid'])
    expect(calls().map(([what]) => what)).toEqual(['account.check', 'account.show'])
  })

  it.each(['Benjamin', 'password', 'stompbox!'])('to %s is refused', async (newPassword) => {
    const benjamin = { username: 'benjamin', password: 'correct horse' }
    const { accessToken } = await jsonOf(await register(benjamin))
    const bearer = { Authorization: `Bearer ${accessToken}` }
    const refused = await change({ ...BODY, newPassword }, bearer)
    expect(await refusalIn(refused)).toEqual([422, 'password-common'])
    expect(calls().map(([what]) => what)).not.toContain('login.changePassword')
  })

  it.each([
    {},
    { password: ANN.password },
    { newPassword: 'battery staple' },
    { ...BODY, newPassword: 'short' },
    { ...BODY, newPassword: 1 },
    { ...BODY, password: '' },
  ])('with the body %j is refused', async (body) => {
    const { bearer } = await registered()
    expect(await refusalIn(await change(body, bearer))).toEqual([422, 'body-invalid'])
    expect(calls().map(([what]) => what)).toEqual(['account.check'])
  })
})
