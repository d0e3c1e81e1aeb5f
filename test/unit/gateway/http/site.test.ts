import { expect, it } from 'vitest'
import { isCrossSite } from '../../../../src/gateway/http/site.ts'

it.each<[string | undefined, string, string, boolean]>([
  // What the browser says decides.
  ['same-origin', 'https://shop.test', 'https://chat.example/', false],
  ['same-site', 'https://shop.test', 'https://chat.example/', false],
  ['none', 'https://shop.test', 'https://chat.example/', false],
  ['cross-site', 'https://chat.example', 'https://chat.example/', true],
  // Without its word, what is certain.
  [undefined, 'https://chat.example.com', 'https://chat.example.com/', false],
  [undefined, 'https://chat.example.com:8443', 'https://chat.example.com/', false],
  [undefined, 'https://app.example.com', 'https://chat.example.com/', false],
  [undefined, 'https://APP.Example.com', 'https://chat.example.com/', false],
  [undefined, 'https://example.com', 'https://chat.example.com/', false],
  [undefined, 'https://shop.example.net', 'https://chat.example.com/', true],
  [undefined, 'https://example.com.evil.net', 'https://chat.example.com/', true],
  // Of one public suffix: only the browser knows.
  [undefined, 'https://shop.co.uk', 'https://chat.co.uk/', false],
  // Addresses and names without a dot.
  [undefined, 'http://127.0.0.1:3000', 'http://127.0.0.1:8787/', false],
  [undefined, 'http://10.0.0.1', 'http://127.0.0.1:8787/', true],
  [undefined, 'http://[::1]:3000', 'http://[::1]:8787/', false],
  [undefined, 'http://[::2]', 'http://[::1]/', true],
  [undefined, 'http://localhost:3000', 'http://localhost:8787/', false],
  [undefined, 'http://localhost:3000', 'http://127.0.0.1:8787/', true],
  // Apps, files, and clients that are no browsers.
  [undefined, 'capacitor://localhost', 'https://chat.example.com/', true],
  [undefined, 'null', 'https://chat.example.com/', true],
  [undefined, 'file://', 'https://chat.example.com/', true],
  [undefined, 'chat.example.com', 'https://chat.example.com/', false],
  [undefined, 'localhost:8787', 'http://localhost:8787/', false],
  [undefined, 'wss://chat.example.com', 'https://chat.example.com/', false],
])('Sec-Fetch-Site %s, Origin %s at %s: another site %s', (told, origin, url, expected) => {
  expect(isCrossSite(told, origin, url)).toBe(expected)
})
