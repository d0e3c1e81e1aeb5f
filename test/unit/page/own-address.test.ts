import { expect, it } from 'vitest'
import { atOwnAddress } from '../../../src/page/room/own-address.ts'

it.each([
  ['ws://chat.example/chat?token=t', 'https://chat.example/', 'wss://chat.example/chat?token=t'],
  [
    'ws://127.0.0.1:8787/chat?token=t',
    'https://a.tunnel.example/',
    'wss://a.tunnel.example/chat?token=t',
  ],
  [
    'wss://chat.example/chat?token=t',
    'http://chat.lan:8080/#room=x',
    'ws://chat.lan:8080/chat?token=t',
  ],
  ['ws://chat.example/chat?token=a%2Fb', 'http://[::1]:8787/', 'ws://[::1]:8787/chat?token=a%2Fb'],
])('%s, on a page at %s: %s', (url, page, own) => {
  expect(atOwnAddress(url, new URL(page))).toBe(own)
})
