import { describe, expect, it } from 'vitest'
import { readConfig } from '../../../../src/config.ts'
import { allowList } from '../../../../src/gateway/http/origins.ts'

const APPS = 'capacitor://localhost, tauri://localhost, chrome-extension://abcdef, file://, null'

const allows = (listed: string) => allowList(readConfig({ ALLOWED_ORIGINS: listed }).allowedOrigins)

describe('the origin of the server itself', () => {
  it.each([
    ['https://chat.example', 'https://chat.example/chat', true],
    ['https://chat.example:443', 'https://chat.example/chat', true],
    ['HTTPS://Chat.Example', 'https://chat.example/chat', true],
    ['wss://chat.example', 'https://chat.example/chat', true],
    ['wss://chat.example:443', 'https://chat.example/chat', true],
    ['chat.example', 'https://chat.example/chat', true],
    ['localhost:8787', 'http://localhost:8787/chat', true],
    ['ws://localhost:8787', 'http://localhost:8787/chat', true],
    ['ws://chat.example:80', 'http://chat.example/chat', true],
    // TLS ends at a tunnel in front of this server.
    ['https://chat.example', 'http://chat.example/chat', true],
    ['http://chat.example', 'https://chat.example/chat', false],
    ['ws://chat.example', 'https://chat.example/chat', false],
    ['https://chat.example:8443', 'https://chat.example/chat', false],
    ['https://evil.example', 'https://chat.example/chat', false],
    ['https://chat.example.evil.example', 'https://chat.example/chat', false],
    ['https://evil.example#chat.example', 'https://chat.example/chat', false],
    ['https://chat.example@evil.example', 'https://chat.example/chat', false],
    ['https://ann@chat.example', 'https://chat.example/chat', false],
    ['https://chat.example/path', 'https://chat.example/chat', false],
    ['ftp://chat.example', 'https://chat.example/chat', false],
    ['not an origin', 'https://chat.example/chat', false],
    ['null', 'https://chat.example/chat', false],
    ['', 'https://chat.example/chat', false],
  ])('%j for %s: %s', (origin, url, allowed) => {
    expect(allows('')(origin, url)).toBe(allowed)
  })
})

describe('origins that are listed', () => {
  it.each([
    'capacitor://localhost',
    'tauri://localhost',
    'chrome-extension://abcdef',
    'file://',
    'null',
  ])('%s may ask where it is listed, and nowhere else', (origin) => {
    expect(allows(APPS)(origin, 'https://chat.example/')).toBe(true)
    expect(allows('https://app.example')(origin, 'https://chat.example/')).toBe(false)
  })

  it.each(['capacitor://evil', 'tauri://localhost:1', 'chrome-extension://abcdefg', 'file:///etc'])(
    '%s may not',
    (origin) => {
      expect(allows(APPS)(origin, 'https://chat.example/')).toBe(false)
    },
  )

  it('are compared without a port that is the scheme’s own', () => {
    expect(allows('https://app.example:443')('https://app.example', 'https://x.example/')).toBe(
      true,
    )
    expect(allows('https://app.example')('https://app.example:443', 'https://x.example/')).toBe(
      true,
    )
  })

  it.each(['https://*.example.com', 'https://*.shop.co.uk', 'https://*.ann.github.io'])(
    '%s is a pattern for one owner',
    (pattern) => {
      const origin = pattern.replace('*', 'deep.sub')
      expect(allows(pattern)(origin, 'https://chat.example/')).toBe(true)
    },
  )
})
