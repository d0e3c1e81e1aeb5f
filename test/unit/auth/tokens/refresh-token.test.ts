import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  makeRefreshToken,
  type RefreshToken,
  readRefreshToken,
  SECRET_LENGTH,
  tokenHash,
  wasIssued,
} from '../../../../src/auth/tokens/refresh-token.ts'

const KEY = 'k'.repeat(43)
const CLAIMS = { personId: 'V1StGXR8_Z5jdHi6B-myT', sessionId: 's'.repeat(21), expiresAt: 4e9 }
const SECRET = Uint8Array.from({ length: SECRET_LENGTH }, (_, index) => index)

const token = makeRefreshToken(CLAIMS, KEY, SECRET)
const read = (text: string) => readRefreshToken(text) as RefreshToken

describe('a refresh token', () => {
  it('says whose it is, of which session, and until when', () => {
    expect(readRefreshToken(token.text)).toEqual({ ...CLAIMS, text: token.text })
    expect(token.text.split('.').slice(0, 2)).toEqual([CLAIMS.personId, CLAIMS.sessionId])
  })

  it.each([0, 1, 1_795_000_000, 2 ** 31, 2 ** 32 - 1])('ends at %d', (expiresAt) => {
    const made = makeRefreshToken({ ...CLAIMS, expiresAt }, KEY, SECRET)
    expect(readRefreshToken(made.text)?.expiresAt).toBe(expiresAt)
  })

  it('was issued for the session whose key made it, and for no other', () => {
    expect(wasIssued(read(token.text), KEY)).toBe(true)
    expect(wasIssued(read(token.text), 'l'.repeat(43))).toBe(false)
  })

  it('is not issued any more with one character another', () => {
    const others = [...token.text].map((character, index) => {
      const other = character === 'A' ? 'B' : 'A'
      return token.text.slice(0, index) + other + token.text.slice(index + 1)
    })
    const held = others.filter((text) => {
      const mutated = readRefreshToken(text)
      return mutated !== undefined && wasIssued(mutated, KEY)
    })
    expect(others).toHaveLength(token.text.length)
    expect(held).toEqual([])
  })

  it('has one spelling: bits that base64url leaves over are no second one', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const issued = [...alphabet].filter((last) =>
      wasIssued(read(token.text.slice(0, -1) + last), KEY),
    )
    expect(issued).toEqual([token.text.at(-1)])
  })

  it('is another one with another secret', () => {
    const other = makeRefreshToken(CLAIMS, KEY, SECRET.toReversed())
    expect(tokenHash(other)).not.toBe(tokenHash(token))
  })

  it('is kept as a hash that says nothing of it', () => {
    expect(tokenHash(token)).toBe(createHash('sha256').update(token.text).digest('base64url'))
    expect(token.text).not.toContain(tokenHash(token))
  })

  it.each([
    '',
    'x',
    '...',
    'a.b.c.d',
    `${token.text}.`,
    `.${token.text}`,
    `${token.text} `,
    `${token.text}\n`,
    token.text.slice(0, -1),
    token.text.replace('.', ':'),
    `${'a'.repeat(65)}.b.${'c'.repeat(40)}.${'d'.repeat(43)}`,
    `a.b.${'c'.repeat(39)}.${'d'.repeat(43)}`,
    `a.b.${'+'.repeat(40)}.${'d'.repeat(43)}`,
    'x'.repeat(100_000),
  ])('is not %.20j', (text) => {
    expect(readRefreshToken(text)).toBeUndefined()
  })
})
