import { describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'

describe('the configuration', () => {
  it('has a default for everything', () => {
    expect(readConfig({})).toMatchObject({
      guests: true,
      ticketSeconds: 30,
      pageMax: 200,
      access: { lifetime: 900, sessionLifetime: 90 * 86_400 },
      decoder: { frame: 65_536, frameBeforeConnect: 16_384 },
      room: { maxContentBytes: 8192, maxSubscriptions: 32, sendPerSecond: 10, sendBurst: 50 },
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
    [{ ISSUER: '' }, 'ISSUER'],
    [{ ALLOWED_ORIGINS: '*' }, 'ALLOWED_ORIGINS'],
    [{ ALLOWED_ORIGINS: 'https://a.example/path' }, 'ALLOWED_ORIGINS'],
    [{ ALLOWED_ORIGINS: 'https://a.*.example' }, 'ALLOWED_ORIGINS'],
    [{ ALLOWED_ORIGINS: 'example.com' }, 'ALLOWED_ORIGINS'],
  ])('fails loudly on %j', (env, name) => {
    expect(() => readConfig(env)).toThrow(name)
  })

  it('[H1] refuses a burst that an evicted room would give again too soon', () => {
    expect(() => readConfig({ SEND_PER_SECOND: 1, SEND_BURST: 11 })).toThrow('SEND_BURST')
  })
})
