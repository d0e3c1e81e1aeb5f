import { describe, expect, it } from 'vitest'
import { asking, HERE, jsonOf, refusalIn } from '../../../support/asking.ts'
import { LOGIN } from '../../../support/fake-backend.ts'

const scene = asking()
const PATH = '/api/auth/logins'
const PROVIDERS = [{ id: 'test', name: 'Test', issuer: 'https://id.example', clientId: 'us' }]

describe('the ways in', () => {
  it('are listed, with the day when each was linked, and no subject', async () => {
    scene.start({ OIDC_PROVIDERS: JSON.stringify(PROVIDERS) })
    const { bearer } = await scene.signIn()
    const gone = { ...LOGIN, id: 'l2', provider: 'gone', linkedAt: null }
    scene.backend.loginsView = {
      password: { username: 'ann', linkedAt: LOGIN.linkedAt },
      providers: [LOGIN, gone],
    }
    const linkedAt = '2026-11-21T08:00:00.000Z'
    expect(await jsonOf(await scene.send('GET', PATH, undefined, bearer))).toEqual({
      password: { username: 'ann', linkedAt },
      providers: [
        { id: 'l1', provider: 'test', name: 'Test', account: 'Ann', linkedAt },
        {
          ...{ id: 'l2', provider: 'gone', name: 'https://id.example', account: 'Ann' },
          linkedAt: null,
        },
      ],
    })
  })

  it('of a guest are none', async () => {
    const { bearer } = await scene.signIn()
    const answer = await scene.send('GET', PATH, undefined, bearer)
    expect(await jsonOf(answer)).toEqual({ password: null, providers: [] })
  })
})

describe('removing one', () => {
  const remove = (body: object, headers: Record<string, string>) =>
    scene.send('DELETE', `${PATH}/l1`, body, headers)

  it('releases it before it is unlisted, ends the other sessions, and is written down', async () => {
    const { user, bearer, refreshToken } = await scene.signIn()
    const response = await remove({ refreshToken }, bearer)
    expect([response.status, await response.text()]).toEqual([204, ''])
    expect(scene.backend.calls.slice(-4)).toEqual([
      { what: 'account.endLogin', of: user.id, with: ['l1'] },
      { what: 'login.release', of: 'oidc:https://id.example ann', with: [user.id] },
      { what: 'account.removeLogin', of: user.id, with: ['l1'] },
      { what: 'account.endAll', of: user.id, with: [`s-${user.id}`] },
    ])
    expect(scene.audited).toEqual([{ event: 'login-unlinked', user: user.id, by: 'oidc:test' }])
  })

  it('wants a fresh proof: an access token alone is none', async () => {
    const { bearer, refreshToken } = await scene.signIn()
    expect(await refusalIn(await remove({}, bearer))).toEqual([403, 'proof-needed'])
    const headers = { ...bearer, Cookie: `__Host-stompbox-refresh=${refreshToken}`, Origin: HERE }
    expect((await remove({}, headers)).status).toBe(204)
  })

  it.each(['login-last', 'login-unknown'] as const)(
    'that is refused (%s) changes nothing',
    async (code) => {
      const { bearer, refreshToken } = await scene.signIn()
      scene.backend.refusals.set('account.endLogin', code)
      expect((await refusalIn(await remove({ refreshToken }, bearer)))[1]).toBe(code)
      const calls = scene.backend.takeCalls()
      expect(calls).not.toContain('login.release')
      expect(calls).not.toContain('account.endAll')
      expect(scene.audited).toEqual([])
    },
  )
})
