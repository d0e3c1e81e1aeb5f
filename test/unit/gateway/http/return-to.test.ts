import { describe, expect, it } from 'vitest'
import { ownPath, withCode } from '../../../../src/gateway/http/return-to.ts'

const HERE = 'https://chat.example/api/auth/oidc/test'

describe('where a browser goes after a sign-in', () => {
  it.each([
    ['/', '/'],
    ['/#room=abc', '/#room=abc'],
    ['/a/b?c=d&e=//f#g', '/a/b?c=d&e=//f#g'],
    ['/방', '/%EB%B0%A9'],
    ['/a/../b', '/b'],
    ['/:80/@host', '/:80/@host'],
    ['/%2F/host', '/%2F/host'],
    [`/${'x'.repeat(1023)}`, `/${'x'.repeat(1023)}`],
  ])('is %s, as %s', (text, path) => {
    expect(ownPath(text, HERE)).toBe(path)
  })

  it.each([
    '',
    'a',
    '.',
    '#a',
    '?a',
    'https://evil.example/',
    'https://chat.example/',
    'javascript:alert(1)',
    '//evil.example',
    '///evil.example',
    '//chat.example/',
    '/\\evil.example',
    '\\/evil.example',
    '\\\\evil.example',
    '/a\\b',
    '/\t/evil.example',
    '/\n/evil.example',
    '/\r\nSet-Cookie: a=b',
    '/\u0000',
    '/\u007f',
    '\t//evil.example',
    ' //evil.example',
    '/.//evil.example',
    '/a/..//evil.example',
    '/%2e//evil.example',
    '/a//b',
    `/${'x'.repeat(1024)}`,
    `/${'방'.repeat(200)}`,
    `/${'a/../'.repeat(300)}`,
  ])('is never %j', (text) => {
    expect(ownPath(text, HERE)).toBeUndefined()
  })

  it('is told in its fragment what went wrong', () => {
    expect(withCode('/a?b=c', 'login-taken')).toBe('/a?b=c#sign-in=login-taken')
    expect(withCode('/#room=abc', 'login-taken')).toBe('/#room=abc&sign-in=login-taken')
  })
})
