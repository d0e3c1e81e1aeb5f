// The four cases of two tokens that end, over HTTP with lives of seconds. Nothing sleeps: what has
// to end first is asked until the answer changes.

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { ask } from '../support/people.ts'
import { type Server, startServer } from '../support/server.ts'
import {
  days,
  holds,
  login,
  me,
  minutes,
  refresh,
  refused,
  register,
  type SignedIn,
  signInGuest,
} from '../support/sign-in.ts'

/** Serves with tokens that live so many seconds, for the tests of a block; gives the URL. */
function lives({ access, refresh, session }: Lives): { readonly url: string } {
  let server: Server
  beforeAll(async () => {
    server = await startServer({
      ...(access !== undefined && { ACCESS_MINUTES: minutes(access) }),
      ...(refresh !== undefined && { REFRESH_DAYS: days(refresh) }),
      ...(session !== undefined && { SESSION_MAX_DAYS: days(session) }),
    })
  })
  afterAll(() => server.close())
  return {
    get url() {
      return server.url
    },
  }
}

interface Lives {
  readonly access?: number
  readonly refresh?: number
  readonly session?: number
}

const PEOPLE: { who: string; signIn(url: string): Promise<SignedIn> }[] = [
  { who: 'a guest', signIn: (url) => signInGuest(url, 'Ann') },
  { who: 'an account', signIn: (url) => register(url, 'ann', 'correct horse') },
]

/** Both tokens are other ones, they work, and they are the same person's in the same session. */
async function expectRenewed(
  url: string,
  before: SignedIn,
  answer: Awaited<ReturnType<typeof ask>>,
) {
  expect(answer.status).toBe(200)
  const after = holds(answer)
  expect(after).toMatchObject({ id: before.id, name: before.name, sessionId: before.sessionId })
  expect(after.accessToken).not.toBe(before.accessToken)
  expect(after.refreshToken).not.toBe(before.refreshToken)
  expect((await me(url, after.accessToken)).status).toBe(200)
  return after
}

/** Asks until the answer is the one that is waited for, and gives it. */
const answered = (
  asked: () => ReturnType<typeof ask>,
  last: (answer: Awaited<ReturnType<typeof ask>>) => boolean,
) =>
  vi.waitUntil(
    async () => {
      const answer = await asked()
      return last(answer) && answer
    },
    { timeout: 20_000, interval: 100 },
  )

/** Waits until the access token has ended. */
const accessEnds = (url: string, { accessToken }: SignedIn) =>
  answered(
    () => me(url, accessToken),
    ({ body }) => body.code === 'token-expired',
  )

/** Waits until refresh tokens as old as that of a new guest have ended. */
async function refreshEnds(url: string) {
  const { accessToken } = await signInGuest(url, 'Clock')
  const refreshed = () => refresh(url, undefined, accessToken)
  await answered(refreshed, ({ body }) => body.code !== 'refresh-missing')
}

describe.concurrent('(1) both expired: sign in again', () => {
  const server = lives({ access: 2, refresh: 1 })

  test.each(PEOPLE)('$who', async ({ signIn }) => {
    const { url } = server
    const ann = await signIn(url)
    await accessEnds(url, ann)
    const { refreshToken, accessToken } = ann
    const expired = refused(401, 'refresh-expired')
    expect(await refresh(url, refreshToken, accessToken)).toMatchObject(expired)
    expect(await refresh(url, refreshToken)).toMatchObject(expired)
    expect(await refresh(url, undefined, accessToken)).toMatchObject(
      refused(401, 'refresh-missing'),
    )
    expect(await me(url, accessToken)).toMatchObject(refused(401, 'token-expired'))
    expect((await me(url, (await signInGuest(url, 'Ann')).accessToken)).status).toBe(200)
  })
})

describe.concurrent('(2) access expired and refresh valid: both renewed', () => {
  const server = lives({ access: 2 })

  test.each(PEOPLE)('$who', async ({ signIn }) => {
    const { url } = server
    const ann = await signIn(url)
    await accessEnds(url, ann)
    const answer = await refresh(url, ann.refreshToken, ann.accessToken)
    const renewed = await expectRenewed(url, ann, answer)
    await accessEnds(url, renewed)
    await expectRenewed(url, renewed, await refresh(url, renewed.refreshToken))
  })
})

describe.concurrent('(3) access valid and refresh expired: both renewed on the strength of the access token', () => {
  const server = lives({ refresh: 3 })

  test.each(PEOPLE)('$who', async ({ signIn }) => {
    const { url } = server
    const ann = await signIn(url)
    await refreshEnds(url)
    expect(await refresh(url, ann.refreshToken)).toMatchObject(refused(401, 'refresh-expired'))
    const answer = await refresh(url, ann.refreshToken, ann.accessToken)
    const renewed = await expectRenewed(url, ann, answer)
    await expectRenewed(url, renewed, await refresh(url, renewed.refreshToken))
  })

  test('by itself too, where the client has lost the refresh token', async () => {
    const { url } = server
    const ann = await signInGuest(url, 'Ann')
    const renew = () => refresh(url, undefined, ann.accessToken)
    expect(await renew()).toMatchObject(refused(401, 'refresh-missing'))
    await expectRenewed(url, ann, await answered(renew, ({ status }) => status === 200))
  })

  test('but no session that was ended', async () => {
    const { url } = server
    const ann = await signInGuest(url, 'Ann')
    await ask(url, 'POST', '/api/auth/logout', { token: ann.accessToken })
    await refreshEnds(url)
    for (const token of [ann.refreshToken, undefined]) {
      const answer = await refresh(url, token, ann.accessToken)
      expect(answer).toMatchObject(refused(401, 'session-ended'))
    }
  })

  test('but no other session of the same person, and nobody else’s', async () => {
    const { url } = server
    const here = await register(url, 'eve', 'correct horse')
    const there = await login(url, 'eve', 'correct horse')
    const bob = await signInGuest(url, 'Bob')
    await refreshEnds(url)
    expect(await refresh(url, here.refreshToken, there.accessToken)).toMatchObject(
      refused(401, 'refresh-expired'),
    )
    expect(await refresh(url, here.refreshToken, bob.accessToken)).toMatchObject(
      refused(403, 'principal-mismatch'),
    )
  })
})

describe.concurrent('(3) where sessions have an age', () => {
  const server = lives({ refresh: 1, session: 4 })

  test('no session is renewed that is older than SESSION_MAX_DAYS', async () => {
    const { url } = server
    const ann = await signInGuest(url, 'Ann')
    let renewals = 0
    const renew = async () => {
      const answer = await refresh(url, undefined, ann.accessToken)
      if (answer.status === 200) renewals++
      return answer
    }
    const last = await answered(renew, ({ body }) => body.code === 'session-too-old')
    expect(last).toMatchObject(refused(401, 'session-too-old'))
    expect(renewals).toBeGreaterThan(0)
    // Its access token goes on to its end.
    expect((await me(url, ann.accessToken)).status).toBe(200)
  })
})

describe.concurrent('(3) where SESSION_MAX_DAYS is 0', () => {
  const server = lives({ refresh: 1, session: 0 })

  test('nothing is renewed without a refresh token', async () => {
    const { url } = server
    const ann = await signInGuest(url, 'Ann')
    await refreshEnds(url)
    for (const token of [ann.refreshToken, undefined]) {
      const answer = await refresh(url, token, ann.accessToken)
      expect(answer).toMatchObject(refused(401, 'refresh-expired'))
    }
  })
})

describe.concurrent('(4) both valid: the request is simply served, and a refresh renews', () => {
  const server = lives({})

  test.each(PEOPLE)('$who', async ({ signIn }) => {
    const { url } = server
    const ann = await signIn(url)
    for (const path of ['/api/auth/me', '/api/rooms']) {
      expect((await ask(url, 'GET', path, { token: ann.accessToken })).status).toBe(200)
    }
    const answer = await refresh(url, ann.refreshToken, ann.accessToken)
    const renewed = await expectRenewed(url, ann, answer)
    await expectRenewed(url, renewed, await refresh(url, renewed.refreshToken))
    // Until its end, the old access token is as good as the new one.
    expect((await me(url, ann.accessToken)).status).toBe(200)
  })
})
