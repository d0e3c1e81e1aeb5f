import { describe, expect, it } from 'vitest'
import { type Bindings, backend } from '../../../src/objects/bindings.ts'

const NAMESPACES = ['ROOM', 'DIRECTORY', 'KEY_RING', 'ACCOUNT', 'LOGIN', 'THROTTLE']

const env = (more: object) => {
  const objects = NAMESPACES.map((name) => [name, { idFromName: () => {} }])
  const limit = { limit: async () => ({ success: true }) }
  return { ...Object.fromEntries(objects), AUTH_PER_MINUTE: limit, ...more } as Bindings
}

describe('the bindings', () => {
  it('are taken where all are there', () => {
    expect(() => backend(env({}))).not.toThrow()
  })

  it.each([60, '60', '', {}, null])(
    'name the mistake of AUTH_PER_MINUTE = %j',
    (AUTH_PER_MINUTE) => {
      expect(() => backend(env({ AUTH_PER_MINUTE }))).toThrow(
        'AUTH_PER_MINUTE is a rate-limit binding of wrangler.toml, not a variable',
      )
    },
  )

  it('name the rate limit that is not there', () => {
    expect(() => backend(env({ AUTH_PER_MINUTE: undefined }))).toThrow(
      'AUTH_PER_MINUTE is a rate-limit binding of wrangler.toml, and there is none',
    )
  })

  it.each(NAMESPACES)('name %s where it is no Durable Object', (name) => {
    for (const wrong of [undefined, 'x', {}]) {
      expect(() => backend(env({ [name]: wrong }))).toThrow(`${name} is a Durable Object binding`)
    }
  })
})
