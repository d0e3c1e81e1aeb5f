import { describe, expect, it } from 'vitest'
import { asking, jsonOf, refusalIn } from '../../../support/asking.ts'

const scene = asking()
const { send, signIn } = scene

async function administrator() {
  scene.backend.roles = ['ADMIN']
  return signIn('root')
}

const BOB = {
  id: 'bob',
  name: 'bob',
  kind: 'account',
  roles: ['ADMIN'],
  disabled: false,
  createdAt: '2026-11-21T08:00:00.000Z',
}

describe('an administrator', () => {
  it('sees a user', async () => {
    const { bearer } = await administrator()
    const shown = await send('GET', '/api/admin/users/bob', undefined, bearer)
    expect([shown.status, await jsonOf(shown)]).toEqual([200, BOB])
  })

  it('changes a user, and that is written down', async () => {
    const { user, bearer } = await administrator()
    const change = { disabled: true, roles: ['GENERAL', 'GENERAL', 'x:y'] }
    const changed = await send('PATCH', '/api/admin/users/corp%3Abob', change, bearer)
    const roles = ['GENERAL', 'x:y']
    expect(await jsonOf(changed)).toMatchObject({ id: 'corp:bob', disabled: true, roles })
    expect(scene.backend.calls.at(-1)).toEqual({
      what: 'account.change',
      of: 'corp:bob',
      with: [{ disabled: true, roles }],
    })
    expect(scene.audited).toEqual([
      { event: 'account-changed', user: 'corp:bob', by: user.id, disabled: true, roles },
    ])
  })

  it.each([
    ['GET', 'account.show'],
    ['PATCH', 'account.change'],
  ])('is told that there is no such user: %s', async (method, call) => {
    const { bearer } = await administrator()
    scene.backend.refusals.set(call, 'user-unknown')
    const body = method === 'PATCH' ? { disabled: true } : undefined
    const unknown = await send(method, '/api/admin/users/bob', body, bearer)
    expect(await refusalIn(unknown)).toEqual([404, 'user-unknown'])
    scene.backend.takeCalls()
    const long = await send(method, `/api/admin/users/${'x'.repeat(301)}`, body, bearer)
    expect(await refusalIn(long)).toEqual([404, 'user-unknown'])
    expect(scene.backend.takeCalls()).toEqual(['account.check'])
    expect(scene.audited).toEqual([])
  })

  const WRONG: [body: unknown, status: number, code: string][] = [
    ['{', 400, 'body-malformed'],
    ['', 400, 'body-malformed'],
    ['[]', 422, 'body-invalid'],
    [{}, 422, 'body-invalid'],
    [{ disabled: 'yes' }, 422, 'body-invalid'],
    [{ disabled: null }, 422, 'body-invalid'],
    [{ roles: 'ADMIN' }, 422, 'body-invalid'],
    [{ roles: [1] }, 422, 'body-invalid'],
    [{ roles: [''] }, 422, 'body-invalid'],
    [{ roles: ['A B'] }, 422, 'body-invalid'],
    [{ roles: ['x'.repeat(65)] }, 422, 'body-invalid'],
    [{ roles: Array.from({ length: 17 }, (_, index) => `r${index}`) }, 422, 'body-invalid'],
    [{ disabled: true, roles: ['한'] }, 422, 'body-invalid'],
  ]

  it.each(WRONG)('changes nothing by the body %j', async (body, status, code) => {
    const { bearer } = await administrator()
    const refused = await send('PATCH', '/api/admin/users/bob', body, bearer)
    expect(await refusalIn(refused)).toEqual([status, code])
    expect(scene.backend.takeCalls()).toEqual(['account.check'])
    expect(scene.audited).toEqual([])
  })

  it('takes all roles away', async () => {
    const { bearer } = await administrator()
    const changed = await send('PATCH', '/api/admin/users/bob', { roles: [] }, bearer)
    expect(await jsonOf(changed)).toMatchObject({ roles: [] })
  })

  it.each([
    [undefined, false],
    [{}, false],
    [{ compromised: false }, false],
    [{ compromised: true }, true],
  ])('rotates the keys: %j', async (body, compromised) => {
    const { bearer } = await administrator()
    const rotated = await send('POST', '/api/admin/keys/rotate', body, bearer)
    expect([rotated.status, await jsonOf(rotated)]).toEqual([200, { kid: 'next' }])
    expect(scene.backend.calls.at(-1)?.with).toEqual([compromised])
    // The keys at hand are asked for again.
    const asked = { ...scene.backend.keysAsked }
    await send('GET', '/api/admin/users/bob', undefined, bearer)
    expect(scene.backend.keysAsked.public).toBeGreaterThan(asked.public)
    await signIn()
    expect(scene.backend.keysAsked.private).toBeGreaterThan(asked.private)
  })

  it('rotates no key by a wrong body', async () => {
    const { bearer } = await administrator()
    const refused = await send('POST', '/api/admin/keys/rotate', { compromised: 'yes' }, bearer)
    expect(await refusalIn(refused)).toEqual([422, 'body-invalid'])
    expect(scene.backend.takeCalls()).toEqual(['account.check'])
  })
})
