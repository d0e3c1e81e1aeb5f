import { describe, expect, it } from 'vitest'
import { encode, utf8Length } from '../../../src/stomp/encode.ts'
import { escapeHeader, unescapeHeader } from '../../../src/stomp/escape.ts'
import { StompError } from '../../../src/stomp/stomp-error.ts'
import type { Version } from '../../../src/stomp/version.ts'

describe('encoding', () => {
  it('[STOMP B1] writes command, headers, body and NUL', () => {
    const frame = { command: 'MESSAGE', headers: [['a', 'b']], body: 'hi' } as const
    expect(encode(frame, '1.2')).toBe('MESSAGE\na:b\ncontent-length:2\n\nhi\0')
  })

  it('[STOMP C6] counts content-length in octets', () => {
    const frame = { command: 'MESSAGE', headers: [], body: '안녕 😀' } as const
    expect(encode(frame, '1.2')).toContain('content-length:11\n')
  })

  it('writes a frame without a body as one', () => {
    expect(encode({ command: 'RECEIPT', headers: [['receipt-id', 'x']] }, '1.2')).toBe(
      'RECEIPT\nreceipt-id:x\n\n\0',
    )
  })

  it.each<[Version, string]>([
    ['1.2', 'a\\cb\\\\n\\r\\n '],
    ['1.1', 'a\\cb\\\\n \\n '],
    ['1.0', 'a:b\\n   '],
  ])(
    '[STOMP D11] writes a value for %s so that it starts no line of its own',
    (version, expected) => {
      expect(escapeHeader('a:b\\n\r\n\0', version, 'value')).toBe(expected)
    },
  )

  it('[STOMP D11] writes no colon into a name of 1.0', () => {
    expect(escapeHeader('a:b', '1.0', 'name')).toBe('a b')
  })

  it('[STOMP D6] never escapes CONNECTED, and lets nothing break a line of it', () => {
    const frame = { command: 'CONNECTED', headers: [['user-name', 'a:b\\c\nd']] } as const
    expect(encode(frame, '1.2')).toBe('CONNECTED\nuser-name:a:b\\c d\n\n\0')
  })

  it.each([
    '',
    'a',
    'é',
    '안',
    '😀',
    '\ud800',
    '\udc00',
    'a\ud800b',
    '😀\udc00',
    '\ud83d\ud83d\ude00',
  ])('counts the bytes of %j as UTF-8 does', (text) => {
    expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length)
  })
})

describe('unescaping', () => {
  it.each<[Version, string, string]>([
    ['1.2', 'C:\\\\new\\c', 'C:\\new:'],
    ['1.2', '\\\\\\\\n', '\\\\n'],
    ['1.1', '\\n\\c\\\\', '\n:\\'],
    ['1.0', '\\n\\t\\', '\\n\\t\\'],
  ])('[STOMP D9] %s: %j is %j', (version, text, expected) => {
    expect(unescapeHeader(text, version)).toBe(expected)
  })

  it.each<[Version, string]>([
    ['1.2', '\\t'],
    ['1.2', 'a\\'],
    ['1.1', '\\r'],
    ['1.1', '\\\\\\'],
  ])('[STOMP D3] %s refuses %j', (version, text) => {
    expect(() => unescapeHeader(text, version)).toThrow(StompError)
  })
})
