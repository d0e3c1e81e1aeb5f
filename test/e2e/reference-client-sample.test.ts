// The code of docs/client.md for the reference client, run as it stands.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { ROOT } from '../support/build.ts'
import { Inbox } from '../support/inbox.ts'
import { sharedServer } from '../support/server.ts'

const FIRST_LINE = '// Talks in a room, whatever becomes of its connections.'
const PAGE = join(ROOT, 'docs/client.md')

function code(): string {
  const blocks = readFileSync(PAGE, 'utf8').matchAll(/```js\n(.*?)```/gs)
  return (
    [...blocks].map(([, block = '']) => block).find((block) => block.startsWith(FIRST_LINE)) ?? ''
  )
}

test('says something, hears it, and ends when it is told to', async () => {
  const server = await sharedServer()
  onTestFinished(() => server.close())
  const script = code().replace('http://localhost:8787', server.url)
  expect(script).toContain(server.url)
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { cwd: ROOT })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines = new Inbox<string>()
  createInterface({ input: child.stdout }).on('line', (line) => lines.add(line))
  child.stderr.on('data', (data) => lines.add(`! ${data}`))
  await lines.find((line) => line === '안녕하세요 is sent')
  await lines.find((line) => line === '1 Ada 안녕하세요')
  expect(lines.items.filter((line) => line.startsWith('the connection'))).toEqual([
    'the connection is connecting',
    'the connection is connected',
  ])
  child.kill('SIGTERM')
  // Nothing of the client keeps the process: it ends by itself, and not by the signal.
  expect(await once(child, 'exit')).toEqual([0, null])
})
