import { expect, it } from 'vitest'
import { deviceOf } from '../../../../src/gateway/http/device.ts'

const CHROME = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0'

it.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0', 'Firefox on Linux'],
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${CHROME} Safari/537.36`, 'Chrome on Windows'],
  [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${CHROME} Safari/537.36 Edg/126.0.0.0`,
    'Microsoft Edge on Windows',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
    'Safari on iOS',
  ],
  [`Mozilla/5.0 (Linux; Android 14; Pixel 8) ${CHROME} Mobile Safari/537.36`, 'Chrome on Android'],
  [undefined, 'Unknown device'],
  ['', 'Unknown device'],
  ['  ', 'Unknown device'],
  ['curl/8.1', 'Unknown device'],
  ['\u202e\0<script>', 'Unknown device'],
  ['x'.repeat(100_000), 'Unknown device'],
  ['('.repeat(100_000), 'Unknown device'],
])('%s is shown as %s', (userAgent, device) => {
  expect(deviceOf(userAgent)).toBe(device)
})

it('is short and can be seen, whatever the header says', () => {
  const odd = ['\u202e', '\0', '\n', '<b>', 'é', '한', '😀', '/', '(', ')', ';', ' ', 'Version/']
  for (let seed = 1; seed < 2000; seed++) {
    const userAgent = Array.from({ length: 20 }, (_, index) => odd[(seed * (index + 7)) % 13]).join(
      '',
    )
    const device = deviceOf(`Mozilla/5.0 ${userAgent} Safari/1 ${userAgent}`)
    expect(device.length).toBeLessThanOrEqual(80)
    expect(device).toMatch(/^[\p{L}\p{N}\p{P}\p{S} ]+$/u)
  }
})
