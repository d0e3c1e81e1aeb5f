// The code samples of README.md and docs/, run as they stand: programs and curl against a real
// server, STOMP frames in a real room, settings as wrangler reads them.

import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { unstable_readConfig } from 'wrangler'
import { readConfig } from '../../src/config.ts'
import { ROOT } from '../support/build.ts'
import { CURL_MISSING } from '../support/curl.ts'
import { Inbox } from '../support/inbox.ts'
import { guest, newRoom } from '../support/people.ts'
import { PAGES, type Sample, samplesOf } from '../support/samples.ts'
import { type Server, sharedServer } from '../support/server.ts'
import { connect } from '../support/stomp-socket.ts'

const ADDRESS = 'http://localhost:8787'

let server: Server
beforeAll(async () => {
  server = await sharedServer()
})
afterAll(() => server.close())

/** The pages with samples of a language that no test of its own runs. */
const pagesWith = (...languages: string[]) =>
  PAGES.map((page) => [page, samplesOf(page)] as const).filter(([, samples]) =>
    samples.some((sample) => isOf(sample, languages)),
  )

const isOf = ({ language, marker }: Sample, languages: readonly string[]) =>
  languages.includes(language) && marker?.kind !== 'not run' && marker?.kind !== 'run by'

/** What the page says that a sample prints. */
function printedBy(samples: readonly Sample[], sample: Sample): string | undefined {
  const next = samples[samples.indexOf(sample) + 1]
  return next?.marker?.kind === 'prints' ? next.code : undefined
}

describe('the programs of', () => {
  // The programs of a page are one program: a later sample uses the names of an earlier one.
  test.each(pagesWith('js', 'ts'))('%s', async (_, samples) => {
    const programs = samples.filter((sample) => isOf(sample, ['js', 'ts']))
    const code = programs.map((sample) => sample.code).join('\n')
    const expected = programs.flatMap(
      (sample) => printedBy(samples, sample)?.trim().split('\n') ?? [],
    )
    const child = spawn(
      process.execPath,
      ['--input-type=module', '--eval', code.replaceAll(ADDRESS, server.url)],
      { cwd: ROOT },
    )
    onTestFinished(() => void child.kill('SIGKILL'))
    const lines = new Inbox<string>()
    createInterface(child.stdout).on('line', (line) => lines.add(line))
    child.stderr.on('data', (data) => lines.add(`! ${data}`))
    const exit = new Promise<number | null>((resolve) => child.on('exit', resolve))
    void exit.then((status) => lines.end(`it ended with ${status}`))
    if (expected.length === 0) expect(await exit).toBe(0)
    await lines.count(expected.length)
    expect(lines.items).toEqual(expected)
  })
})

describe.skipIf(CURL_MISSING)('the commands of', () => {
  const CALLS = /^(?:export|curl) /m
  const pages = pagesWith('sh').filter(([, samples]) =>
    samples.some((sample) => isOf(sample, ['sh']) && CALLS.test(sample.code)),
  )

  test.each(pages)('%s', async (_, samples) => {
    const { accessToken } = await guest(server.url, 'Ada')
    const owner = { id: '', name: '', accessToken }
    const known: Record<string, string> = {
      TOKEN: accessToken,
      ROOM: await newRoom(server.url, owner),
      USER: (await guest(server.url, 'Jun')).id,
    }
    for (const sample of samples.filter((each) => isOf(each, ['sh']) && CALLS.test(each.code))) {
      const { stdout } = await promisify(execFile)(
        'bash',
        ['-euo', 'pipefail', '-c', sample.code.replaceAll(ADDRESS, server.url)],
        { cwd: ROOT, env: { ...process.env, ...known, NO_PROXY: '*', no_proxy: '*' } },
      )
      const printed = printedBy(samples, sample)
      const answer = stdout === '' ? undefined : JSON.parse(stdout)
      if (printed === undefined) expect(answer?.code).toBeUndefined()
      else expect(answer, `${sample.page}:${sample.line}`).toEqual(like(JSON.parse(printed)))
      // A page says in words what its next samples take from an answer.
      if (answer?.accessToken) known.TOKEN = answer.accessToken
      if (answer?.refreshToken) known.REFRESH = answer.refreshToken
      if (answer?.settings) known.ROOM = answer.id
      if (answer?.seq) known.SEQ ??= String(answer.seq)
    }
  })

  /** Something with the shape of an answer on a page: texts and numbers there are examples. */
  function like(shown: unknown): unknown {
    if (Array.isArray(shown))
      return shown.length === 0 ? [] : expect.arrayContaining([like(shown[0])])
    if (shown === null) return null
    if (typeof shown === 'string') return expect.any(String)
    if (typeof shown === 'number') return expect.any(Number)
    if (typeof shown !== 'object') return shown
    const fields = Object.entries(shown).map(([key, value]) => [
      key,
      // Codes and statuses are what clients go by.
      key === 'code' || key === 'status' ? value : like(value),
    ])
    return expect.objectContaining(Object.fromEntries(fields))
  }
})

describe('the frames of', () => {
  test.each(pagesWith('stomp'))('%s', async (_, samples) => {
    const owner = await guest(server.url, 'Ada')
    const roomId = await newRoom(server.url, owner)
    const socket = await connect(server.url, owner, roomId, { 'multi-frame': 'true' })
    // The frames of a page are about the first message of the room.
    await socket.ask('SEND', { destination: '/pub/send/message' }, '{"content":"Hello"}')
    for (const { code } of samples.filter((sample) => isOf(sample, ['stomp']))) {
      const [command = '', headers, body] = partsOf(code.replaceAll('{roomId}', roomId))
      // A connection has one CONNECT, which `connect` sent.
      if (command === 'CONNECT') continue
      const { headers: receipt } = await socket.ask(command, headers, body)
      expect(receipt).toHaveProperty('receipt-id')
    }
    await socket.hangUp()
  })

  function partsOf(code: string): [string, Record<string, string>, string] {
    const [head = '', body = ''] = code.replace(/\^@\n$/, '').split(/\n\n(.*)/s)
    const [command = '', ...lines] = head.split('\n')
    return [
      command,
      Object.fromEntries(lines.map((line) => line.split(/:(.*)/s).slice(0, 2))),
      body,
    ]
  }
})

describe('the settings of', () => {
  test.each(pagesWith('toml'))('%s', (_, samples) => {
    const directory = mkdtempSync(join(tmpdir(), 'sample-'))
    onTestFinished(() => rmSync(directory, { recursive: true }))
    const path = join(directory, 'wrangler.toml')
    for (const { code } of samples.filter((sample) => isOf(sample, ['toml']))) {
      const table = code.startsWith('[') ? '' : '[vars]\n'
      writeFileSync(path, `name = "sample"\ncompatibility_date = "2026-11-01"\n${table}${code}`)
      const { vars, ratelimits } = unstable_readConfig({ config: path })
      expect(Object.keys(vars).length + ratelimits.length).toBeGreaterThan(0)
      const secrets = Object.fromEntries(
        [...code.matchAll(/"([A-Z_]+_SECRET)"/g)].map(([, name]) => [name, 'x'.repeat(32)]),
      )
      expect(() => readConfig({ ...secrets, ...vars })).not.toThrow()
    }
  })
})
