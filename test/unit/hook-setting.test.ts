import { safeParse } from 'valibot'
import { describe, expect, it } from 'vitest'
import { HookSetting, isLoopback } from '../../src/hook-setting.ts'

const isTaken = (url: unknown) => safeParse(HookSetting, { url }).success

describe('the address of a hook', () => {
  it.each(['https://hooks.example.com/a?b', 'https://한국.한국:8443/', 'https://a.github.io'])(
    'may be %s',
    (url) => {
      expect([isTaken(url), isLoopback(url)]).toEqual([true, false])
    },
  )

  it.each(['http://localhost:1/', 'http://127.0.0.1:1', 'https://[::1]/', 'http://0x7f.1/'])(
    'is on this machine: %s',
    (url) => {
      expect([isTaken(url), isLoopback(url)]).toEqual([true, true])
    },
  )

  it.each([
    ...['', 'x', 'http://hooks.example.com', 'ftp://hooks.example.com', 'javascript:alert(1)'],
    ...['https://user@hooks.example.com', 'https://user:pw@hooks.example.com', 'https://'],
    ...[
      'https://10.0.0.1/',
      'https://192.168.1.1',
      'https://169.254.169.254/latest',
      'https://8.8.8.8',
    ],
    ...[
      'https://0xa000001/',
      'https://167772161/',
      'https://[fd00::1]/',
      'https://[::ffff:10.0.0.1]/',
    ],
    ...['https://127.0.0.2/', 'https://0.0.0.0', 'https://localhost./', 'https://a.localhost'],
    ...['https://router', 'https://nas.local', 'https://metadata.internal', 'https://x.home.arpa'],
    ...['https://app/', 'https://host:8080/', 'https://cloud./', 'https://co.uk/', 'https://arpa'],
    ...[5, null, `https://hooks.example.com/${'x'.repeat(2000)}`],
  ])('[R5] is refused: %j', (url) => {
    expect(isTaken(url)).toBe(false)
  })
})
