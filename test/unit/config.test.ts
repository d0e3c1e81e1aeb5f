import { describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'

describe('the configuration', () => {
  it('has a default for everything', () => {
    expect(readConfig({})).toMatchObject({
      guests: true,
      ticketSeconds: 30,
      pageMax: 200,
      access: { issuer: 'stompbox', lifetime: 900 },
      sessions: {
        accessLifetime: 900,
        refreshLifetime: 14 * 86_400,
        maxAge: 90 * 86_400,
      },
      trustedIssuers: [],
      providers: [],
      decoder: { frame: 65_536, frameBeforeConnect: 32_768 },
      room: {
        ...{ maxContentBytes: 8192, maxSubscriptions: 32, sendPerSecond: 10, sendBurst: 50 },
        queueConsumers: 'moderator',
      },
    })
  })

  it('takes numbers as numbers and as texts', () => {
    expect(readConfig({ PAGE_MAX: '7', HEART_BEAT_MS: 500 })).toMatchObject({
      pageMax: 7,
      room: { heartBeat: 500 },
    })
  })

  it.each([
    [{ PAGE_MAX: 'many' }, 'PAGE_MAX'],
    [{ PAGE_MAX: '-1' }, 'PAGE_MAX'],
    [{ PAGE_MAX: 1.5 }, 'PAGE_MAX'],
    [{ MAX_FRAME_BYTES: 0 }, 'MAX_FRAME_BYTES'],
    [{ TICKET_SECONDS: 31 }, 'TICKET_SECONDS'],
    [{ GUESTS: 'yes' }, 'GUESTS'],
    [{ SIGNUP: 'closed' }, 'SIGNUP'],
    [{ QUEUE_CONSUMERS: 'reader' }, 'QUEUE_CONSUMERS'],
    [{ ISSUER: '' }, 'ISSUER'],
    [{ ALLOWED_ORIGINS: '*' }, 'ALLOWED_ORIGINS'],
    [{ ALLOWED_ORIGINS: 'https://a.example/path' }, 'ALLOWED_ORIGINS'],
    [{ ALLOWED_ORIGINS: 'https://a.*.example' }, 'ALLOWED_ORIGINS'],
    [{ ALLOWED_ORIGINS: 'example.com' }, 'ALLOWED_ORIGINS'],
    [{ ALLOWED_ORIGINS: 'https://*.com' }, 'public suffix'],
    [{ ALLOWED_ORIGINS: 'https://*.co.uk' }, 'public suffix'],
    [{ ALLOWED_ORIGINS: 'https://*.github.io' }, 'public suffix'],
    [{ ALLOWED_ORIGINS: 'https://*.workers.dev:8443' }, 'public suffix'],
    [{ ALLOWED_ORIGINS: 'capacitor://*.com' }, 'public suffix'],
    [{ ALLOWED_ORIGINS: 'capacitor:' }, 'ALLOWED_ORIGINS'],
    [{ ALLOWED_ORIGINS: 'javascript:alert' }, 'ALLOWED_ORIGINS'],
  ])('fails loudly on %j', (env, name) => {
    expect(() => readConfig(env)).toThrow(name)
  })

  it('[H1] refuses a burst that an evicted room would give again too soon', () => {
    expect(() => readConfig({ SEND_PER_SECOND: 1, SEND_BURST: 11 })).toThrow('SEND_BURST')
  })
  describe('of trusted issuers', () => {
    const APP = { name: 'app', issuer: 'https://app.example/', audience: 'chat' }
    const jwks = 'https://app.example/jwks'
    const read = (issuers: unknown, env: object = {}) =>
      readConfig({ TRUSTED_ISSUERS: JSON.stringify(issuers), ...env })

    it('knows each by a key set or a secret, which is in a variable of its own', () => {
      const secret = 'x'.repeat(32)
      const others = {
        ...APP,
        name: 'other',
        issuer: 'other',
        secret: 'OTHER_SECRET',
        typ: 'at+jwt',
      }
      const { trustedIssuers } = read([{ ...APP, jwks }, others], { OTHER_SECRET: secret })
      const { secret: _, ...shown } = others
      expect(trustedIssuers).toEqual([
        { ...APP, displayName: 'name', leeway: 60, maxHours: 24, keys: { jwks } },
        { ...shown, displayName: 'name', leeway: 60, maxHours: 24, keys: { secret } },
      ])
    })

    it.each([
      ['of 31 bytes', 'x'.repeat(31)],
      ['of 31 bytes in fewer characters', `${'가'.repeat(10)}x`],
      ['that is empty', ''],
      ['that is none', undefined],
      ['that is no text', 1e40],
    ])('refuses a secret %s', (_, secret) => {
      const env = { APP_SECRET: secret }
      expect(() => read([{ ...APP, secret: 'APP_SECRET' }], env)).toThrow(
        'APP_SECRET: a secret of at least 32 bytes',
      )
    })

    it('takes a secret of 32 bytes in fewer characters', () => {
      const secret = `${'가'.repeat(10)}xx`
      const { trustedIssuers } = read([{ ...APP, secret: 'APP_SECRET' }], { APP_SECRET: secret })
      expect(trustedIssuers[0]?.keys).toEqual({ secret })
    })

    it.each(['toString', '__proto__', ''])('finds no secret in %j', (secret) => {
      expect(() => read([{ ...APP, secret }])).toThrow('a secret of at least 32 bytes')
    })

    it('never tells a secret that is too short', () => {
      expect(() => read([{ ...APP, secret: 'S' }], { S: 'hunter2' })).not.toThrow('hunter2')
    })

    it.each([
      ['no list', { ...APP, jwks }],
      ['neither keys nor secret', [APP]],
      ['both', [{ ...APP, jwks, secret: 'APP_SECRET' }]],
      ['http', [{ ...APP, jwks: 'http://app.example/jwks' }]],
      ['http that looks like this machine', [{ ...APP, jwks: 'http://localhost.example/jwks' }]],
      ['no URL', [{ ...APP, jwks: 'app.example/jwks' }]],
      ['no name', [{ ...APP, name: '', jwks }]],
      ['a name with a colon', [{ ...APP, name: 'a:b', jwks }]],
      ['no issuer', [{ ...APP, issuer: '', jwks }]],
      ['no audience', [{ ...APP, audience: undefined, jwks }]],
      ['an empty claim', [{ ...APP, roles: '', jwks }]],
      ['algorithms of its own', [{ ...APP, algorithms: ['none'], jwks }]],
      [
        'a name twice',
        [
          { ...APP, jwks },
          { ...APP, issuer: 'other', jwks },
        ],
      ],
      [
        'an issuer twice',
        [
          { ...APP, jwks },
          { ...APP, name: 'other', jwks },
        ],
      ],
      ['our own issuer', [{ ...APP, issuer: 'stompbox', jwks }]],
      [
        'a name and a password in its URL',
        [{ ...APP, jwks: 'https://localhost:x@evil.example/jwks' }],
      ],
      [
        'http on a host that only begins like ours',
        [{ ...APP, jwks: 'http://localhost:x@evil.example/' }],
      ],
    ])('refuses one with %s', (_, issuers) => {
      expect(() => read(issuers)).toThrow('TRUSTED_ISSUERS')
    })

    it('takes http on this very machine', () => {
      expect(() => read([{ ...APP, jwks: 'http://localhost:8080/jwks' }])).not.toThrow()
    })
  })
})
