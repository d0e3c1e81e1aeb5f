// The client library as somebody else's project has it: packed, installed, type-checked, run in
// Node and loaded in a browser.

import { execFile, execFileSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { setStage } from '../support/browser.ts'
import { ROOT } from '../support/build.ts'
import { serveLibrary } from '../support/client-in-browser.ts'

const stage = setStage()
const APP = mkdtempSync(join(tmpdir(), 'stompbox-consumer-'))
const INSTALLED = join(APP, 'node_modules/stompbox')
/** What the application has beside it; taken from here, so that no registry is asked. */
const OTHERS = ['@stomp/stompjs', 'ws', '@types/ws', '@types/node', 'undici-types']

const run = (command: string, ...args: string[]) =>
  execFileSync(command, args, { cwd: APP, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

beforeAll(() => {
  cpSync(join(ROOT, 'test/support/client-consumer'), APP, { recursive: true })
  run('npm', 'pack', ROOT, '--pack-destination', APP)
  const [tarball = ''] = readdirSync(APP).filter((file) => file.endsWith('.tgz'))
  run('npm', 'init', '-y')
  run('npm', 'install', '--offline', '--no-audit', '--no-fund', `./${tarball}`)
  for (const name of OTHERS) {
    const place = join(APP, 'node_modules', name)
    mkdirSync(dirname(place), { recursive: true })
    symlinkSync(join(ROOT, 'node_modules', name), place)
  }
})

afterAll(() => rmSync(APP, { recursive: true }))

test('brings itself and nothing else', () => {
  const manifest = JSON.parse(readFileSync(join(INSTALLED, 'package.json'), 'utf8'))
  expect(manifest.dependencies).toBeUndefined()
  expect(readdirSync(INSTALLED).sort()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json'])
  expect(readdirSync(join(INSTALLED, 'dist'))).toEqual(['client'])
})

/** What the compiler finds wrong there. */
function complaints(...options: string[]): string[] {
  try {
    run(join(ROOT, 'node_modules/.bin/tsc'), '-p', APP, ...options)
    return []
  } catch (error) {
    return String((error as { stdout: string }).stdout)
      .trim()
      .split('\n')
  }
}

/** Other people's declarations may be wrong; ours, and their use, are not. */
const ours = (line: string) => !/^node_modules\/(?!stompbox)|^\.\./.test(line)

test('has types that are whole, with every library checked', () => {
  expect(complaints().filter(ours)).toEqual([])
})

test('has types that need no DOM', () => {
  expect(complaints('--lib', 'ES2022').filter(ours)).toEqual([])
})

test('runs in Node, and folds an edit into its message', async () => {
  // The server needs this process: it must not wait for the other without serving.
  const talk = promisify(execFile)(process.execPath, ['talk.mjs', stage.server.url], { cwd: APP })
  const [message] = JSON.parse((await talk).stdout)
  expect(message).toMatchObject({ seq: 1, content: 'mended', edited: 2 })
})

test('loads in a browser, without a build step', async () => {
  const { page } = await stage.visit()
  await serveLibrary(page, join(INSTALLED, 'dist/client'))
  const names = await page.evaluate("import('/library/client/index.js').then(Object.keys)")
  expect(names).toEqual(expect.arrayContaining(['createRoomClient', 'createIndexedDbOutbox']))
})
