// The README's example, run as it stands.

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { ROOT } from '../support/build.ts'
import { type Server, sharedServer } from '../support/server.ts'

let server: Server

beforeAll(async () => {
  server = await sharedServer()
})

afterAll(() => server.close())

test.each([
  ['', []],
  [' where Node has no WebSocket', ['--no-experimental-websocket']],
])('the example of the README talks to a room%s', async (_, flags) => {
  const [, code = ''] = /```js\n(.*?)```/s.exec(readFileSync(join(ROOT, 'README.md'), 'utf8')) ?? []
  expect(code).toContain('http://localhost:8787')
  const script = code.replace('http://localhost:8787', server.url)
  const child = spawn(process.execPath, [...flags, '--input-type=module', '--eval', script], {
    cwd: ROOT,
  })
  onTestFinished(() => void child.kill())
  const said = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (data) => {
      text += data
      if (text.includes('\n')) resolve(text)
    })
    child.stderr.on('data', (data) => reject(new Error(String(data))))
    child.on('exit', (status) => reject(new Error(`it ended with ${status}`)))
  })
  expect(said).toBe('Ada 안녕하세요\n')
})
