// The four cases of two tokens that end, over HTTP with lives of seconds. Nothing sleeps: what has to
// end first is asked until the answer changes.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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

let server: Server
let url: string

/** Serves with tokens that live so many seconds, for the tests of a block. */
function lives({ access, refresh, session }: Lives): void {
  beforeAll(async () => {
    server = await startServer({
      ...(access !== undefined && { ACCESS_MINUTES: minutes(access) }),
      ...(refresh !== undefined && { REFRESH_DAYS: days(refresh) }),
      ...(session !== undefined && { SESSION_MAX_DAYS: days(session) }),
    })
    url = server.url
  })
  afterAll(() => server.close())
}

interface Lives {
  readonly access?: number
  readonly refresh?: number
  readonly session?: number
}

const PEOPLE: { who: string; signIn(): Promise<SignedIn> }[] = [
  { who: 'a guest', signIn: () => signInGuest(url, 'Ann') },
  { who: 'an account', signIn: () => register(url, 'ann', 'correct horse') },
]

/** Both tokens are other ones, they work, and they are the same person's in the same session. */
async function expectRenewed(before: SignedIn, answer: Awaited<ReturnType<typeof ask>>) {
  expect(answer.status).toBe(200)
  const after = holds(answer)
  expect(after).toMatchObject({ id: before.id, name: before.name, sessionId: before.sessionId })
  expect(after.accessToken).not.toBe(before.accessToken)
  expect(after.refreshToken).not.toBe(before.refreshToken)
  expect((await me(url, after.accessToken)).status).toBe(200)
  return after
}

/** Waits until the access token has ended. */
const accessEnds = ({ accessToken }: SignedIn) =>
  expect.poll(() => me(url, accessToken)).toMatchObject(refused(401, 'token-expired'))

/** Waits until refresh tokens as old as that of a new guest have ended. */
async function refreshEnds() {
  const { accessToken } = await signInGuest(url, 'Clock')
  const refreshed = () => refresh(url, undefined, accessToken)
  await expect.poll(refreshed).not.toMatchObject(refused(401, 'refresh-missing'))
}

describe('(1) both expired: sign in again', () => {
  lives({ access: 2, refresh: 1 })

  test.each(PEOPLE)('$who', async ({ signIn }) => {
    const ann = await signIn()
    await accessEnds(ann)
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

describe('(2) access expired and refresh valid: both renewed', () => {
  lives({ access: 2 })

  test.each(PEOPLE)('$who', async ({ signIn }) => {
    const ann = await signIn()
    await accessEnds(ann)
    const answer = await refresh(url, ann.refreshToken, ann.accessToken)
    const renewed = await expectRenewed(ann, answer)
    await accessEnds(renewed)
    await expectRenewed(renewed, await refresh(url, renewed.refreshToken))
  })
})

describe('(3) access valid and refresh expired: both renewed on the strength of the access token', () => {
  lives({ refresh: 3 })

  test.each(PEOPLE)('$who', async ({ signIn }) => {
    const ann = await signIn()
    await refreshEnds()
    expect(await refresh(url, ann.refreshToken)).toMatchObject(refused(401, 'refresh-expired'))
    const answer = await refresh(url, ann.refreshToken, ann.accessToken)
    const renewed = await expectRenewed(ann, answer)
    await expectRenewed(renewed, await refresh(url, renewed.refreshToken))
  })

  test('by itself too, where the client has lost the refresh token', async () => {
    const ann = await signInGuest(url, 'Ann')
    const renew = () => refresh(url, undefined, ann.accessToken)
    expect(await renew()).toMatchObject(refused(401, 'refresh-missing'))
    let answer = await renew()
    const renewedAtLast = async () => {
      answer = await renew()
      return answer.status
    }
    await expect.poll(renewedAtLast).toBe(200)
    await expectRenewed(ann, answer)
  })

  test('but no session that was ended', async () => {
    const ann = await signInGuest(url, 'Ann')
    await ask(url, 'POST', '/api/auth/logout', { token: ann.accessToken })
    await refreshEnds()
    for (const token of [ann.refreshToken, undefined]) {
      const answer = await refresh(url, token, ann.accessToken)
      expect(answer).toMatchObject(refused(401, 'session-ended'))
    }
  })

  test('but no other session of the same person, and nobody else’s', async () => {
    const here = await register(url, 'eve', 'correct horse')
    const there = await login(url, 'eve', 'correct horse')
    const bob = await signInGuest(url, 'Bob')
    await refreshEnds()
    expect(await refresh(url, here.refreshToken, there.accessToken)).toMatchObject(
      refused(401, 'refresh-expired'),
    )
    expect(await refresh(url, here.refreshToken, bob.accessToken)).toMatchObject(
      refused(403, 'principal-mismatch'),
    )
  })
})

describe('(3) where sessions have an age', () => {
  lives({ refresh: 1, session: 4 })

  test('no session is renewed that is older than SESSION_MAX_DAYS', async () => {
    const ann = await signInGuest(url, 'Ann')
    let renewals = 0
    const renew = async () => {
      const answer = await refresh(url, undefined, ann.accessToken)
      if (answer.status === 200) renewals++
      return answer
    }
    await expect.poll(renew).toMatchObject(refused(401, 'session-too-old'))
    expect(renewals).toBeGreaterThan(0)
    // Its access token goes on to its end.
    expect((await me(url, ann.accessToken)).status).toBe(200)
  })
})

describe('(3) where SESSION_MAX_DAYS is 0', () => {
  lives({ refresh: 1, session: 0 })

  test('nothing is renewed without a refresh token', async () => {
    const ann = await signInGuest(url, 'Ann')
    await refreshEnds()
    for (const token of [ann.refreshToken, undefined]) {
      const answer = await refresh(url, token, ann.accessToken)
      expect(answer).toMatchObject(refused(401, 'refresh-expired'))
    }
  })
})

describe('(4) both valid: the request is simply served, and a refresh renews', () => {
  lives({})

  test.each(PEOPLE)('$who', async ({ signIn }) => {
    const ann = await signIn()
    for (const path of ['/api/auth/me', '/api/rooms']) {
      expect((await ask(url, 'GET', path, { token: ann.accessToken })).status).toBe(200)
    }
    const answer = await refresh(url, ann.refreshToken, ann.accessToken)
    const renewed = await expectRenewed(ann, answer)
    await expectRenewed(renewed, await refresh(url, renewed.refreshToken))
    // Until its end, the old access token is as good as the new one.
    expect((await me(url, ann.accessToken)).status).toBe(200)
  })
})
