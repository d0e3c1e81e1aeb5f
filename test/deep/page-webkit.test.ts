// The page in WebKit, over plain http: where a cookie marked Secure is dropped.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Server, sharedServer } from '../support/server.ts'
import { WEBKIT_MISSING, WebKit } from '../support/webkit.ts'

const missing = WEBKIT_MISSING !== undefined
if (missing) console.warn(`WebKit is not tested: ${WEBKIT_MISSING}`)

let server: Server
let webkit: WebKit

beforeAll(async () => {
  if (missing) return
  server = await sharedServer()
  webkit = await WebKit.start()
})

afterAll(async () => {
  await webkit?.close()
  await server?.close()
})

const shown = (selector: string) => `document.querySelector('${selector}')?.innerText`

test.skipIf(missing)('[A3] signs in, speaks, and is the same person after a reload', async () => {
  await webkit.open(server.url.replace('127.0.0.1', 'localhost'))
  await webkit.click('#tab-guest')
  await webkit.type('#guest-form [name="name"]', '보라')
  await webkit.click('#guest-form [type="submit"]')
  await webkit.click('#new-room')
  await webkit.type('#room-name', 'Harbour walk')
  await webkit.click('#creation-form [type="submit"]')
  await webkit.until(`document.querySelector('#status[data-phase="connected"]')`)
  await webkit.type('#message', 'before')
  await webkit.click('#composer [type="submit"]')
  await webkit.until(`document.querySelector('.message[data-state="sent"][data-seq]')`)

  await webkit.reload()
  await webkit.until(`${shown('#me-name')} === '보라'`)
  await webkit.until(`document.querySelector('.message.mine[data-seq]')`)
  expect(await webkit.evaluate(shown('.message.mine .content'))).toBe('before')
})
