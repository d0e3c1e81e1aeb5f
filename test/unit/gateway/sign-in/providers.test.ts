import { beforeEach, describe, expect, it } from 'vitest'
import { newSecrets, Providers } from '../../../../src/gateway/sign-in/providers.ts'
import { FakeProvider } from '../../../support/fake-provider.ts'

const BACK = 'https://chat.example/api/auth/oidc/test/callback'
const MINUTE = 60_000

let fake: FakeProvider
let now: number

beforeEach(() => {
  fake = new FakeProvider()
  now = 0
})

function providers(change: object = {}) {
  const provider = {
    ...{ id: 'test', name: 'Test', issuer: fake.issuer, scope: 'openid' },
    ...{ clientId: 'us', clientSecret: undefined },
    ...change,
  }
  return new Providers([provider], fake.fetch, () => now)
}

/** The whole way there and back. */
async function identify(asked: Providers, claims?: Record<string, unknown>) {
  const secrets = newSecrets()
  const { href } = await asked.authorizationUrl('test', secrets, BACK)
  return asked.redeemCode('test', fake.authorize(href, claims), secrets)
}

const askedFor = (path: string) => fake.requests.filter((request) => request.path === path)
const METADATA = '/.well-known/openid-configuration'

describe('a provider', () => {
  it('says who somebody is by its own name and theirs', async () => {
    const claims = { sub: 'ann', name: 'Ann', email: 'ann@example.com' }
    expect(await identify(providers(), claims)).toEqual({
      ...{ issuer: fake.issuer, subject: 'ann' },
      names: ['Ann', undefined],
    })
  })

  it('is asked for its metadata and keys once in ten minutes', async () => {
    const asked = providers()
    for (const minutes of [0, 4, 9]) {
      now = minutes * MINUTE
      await identify(asked)
    }
    expect([askedFor(METADATA).length, askedFor('/jwks').length]).toEqual([1, 1])
    now = 10 * MINUTE
    await identify(asked)
    expect([askedFor(METADATA).length, askedFor('/jwks').length]).toEqual([2, 2])
  })

  it('that was not there is asked again at once', async () => {
    const asked = providers()
    fake.answers.set(METADATA, () => Promise.reject(new TypeError('fetch failed')))
    await expect(identify(asked)).rejects.toMatchObject({ code: 'provider-unavailable' })
    fake.answers.clear()
    expect(await identify(asked)).toMatchObject({ subject: 'ann' })
  })

  it.each([
    ['nobody knows', () => providers(), 'nobody', 'provider-unknown'],
    ['has another name than it says', () => providers({ issuer: `${fake.issuer}/x` }), 'test'],
  ])('that %s sends nobody anywhere', async (_who, asked, id, code = 'provider-unavailable') => {
    fake.answers.set(`/x${METADATA}`, () => Response.json(fake.metadata))
    const leaving = asked().authorizationUrl(id, newSecrets(), BACK)
    await expect(leaving).rejects.toMatchObject({ code })
  })

  it.each([
    ['tells nobody where to sign in', 'authorization_endpoint', undefined],
    ['signs people in over http', 'authorization_endpoint', 'http://id.example/authorize'],
  ])('that %s is not available', async (_what, name, value) => {
    fake.metadata[name] = value
    await expect(identify(providers())).rejects.toMatchObject({ code: 'provider-unavailable' })
  })

  it.each([
    ['https://id.example', 'http://id.example/token'],
    ['http://localhost:9', 'http://id.example/token'],
    ['http://127.0.0.1:9', 'http://127.0.0.1.id.example/token'],
  ])('at %s is never asked at %s', async (issuer, endpoint) => {
    fake = new FakeProvider(issuer)
    fake.metadata.token_endpoint = endpoint
    await expect(identify(providers())).rejects.toMatchObject({
      code: expect.stringMatching(/^provider-(unavailable|refused)$/),
    })
    expect(fake.requests.map(({ path }) => path)).toEqual([METADATA])
  })

  it.each(['http://id.example', 'http://localhost:pass@id.example', 'http://[::2]'])(
    'at %s is not asked at all',
    async (issuer) => {
      await expect(identify(providers({ issuer }))).rejects.toMatchObject({
        code: 'provider-unavailable',
      })
      expect(fake.requests).toEqual([])
    },
  )

  it.each(['http://localhost:9', 'http://127.0.0.1:9', 'http://[::1]:9'])(
    'on this machine needs no https: %s',
    async (issuer) => {
      fake = new FakeProvider(issuer)
      expect(await identify(providers())).toMatchObject({ issuer, subject: 'ann' })
    },
  )
})

describe('the client', () => {
  const SECRET = 'a b:ü'
  const BASIC = `Basic ${btoa('us:a+b%3A%C3%BC')}`

  it.each([
    ['with a secret shows it in the header', SECRET, undefined, BASIC, null],
    ['with a secret shows it in the header', SECRET, ['client_secret_basic'], BASIC, null],
    ['with a secret shows it in the form', SECRET, ['client_secret_post'], null, SECRET],
    ['without a secret shows none', undefined, undefined, null, null],
  ])('%s: %s at %j', async (_what, clientSecret, methods, header, form) => {
    fake.metadata.token_endpoint_auth_methods_supported = methods
    await identify(providers({ clientSecret }))
    const [request] = askedFor('/token')
    expect(request?.authorization).toBe(header)
    expect(request?.form.get('client_secret')).toBe(form)
    expect(request?.form.get('redirect_uri')).toBe(BACK)
    expect(request?.form.get('code_verifier')).toMatch(/^[\w-]{43}$/)
  })
})
