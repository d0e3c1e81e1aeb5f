// `npm run bench:page -- --rounds N`: when the page is first painted and when it can be used, with
// `npm run dev` as somebody who tries it has it. In a browser without a cache, then in one that was
// here before.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Browser, chromium, type Page } from 'playwright-core'
import { ROOT } from '../support/build.ts'
import { guest, newRoom } from '../support/people.ts'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '7' } } })
const ROUNDS = Number(values.rounds)

interface Figures {
  /** Milliseconds since the address was entered. */
  readonly painted: number
  readonly usable: number
  readonly requests: number
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address ? address.port : 0
}

/** `npm run dev` with an empty storage, once it says that it is ready. */
async function startDev(port: number, storage: string): Promise<ChildProcess> {
  const args = ['run', 'dev', '--', '--port', String(port), '--persist-to', storage]
  const child = spawn('npm', args, { cwd: ROOT, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  await new Promise<void>((resolve, reject) => {
    let said = ''
    child.stdout?.on('data', (data) => {
      said += data
      if (said.includes('Ready on')) resolve()
    })
    child.on('exit', () => reject(new Error(said)))
  })
  return child
}

/** Opens an address, and tells when what `usable` names is there. */
async function open(page: Page, url: string, usable: string): Promise<Figures> {
  let requests = 0
  const count = () => {
    requests += 1
  }
  page.on('request', count)
  await page.goto(url, { waitUntil: 'commit' })
  await page.locator(usable).waitFor()
  const at = await page.evaluate<number>('performance.now()')
  const paint = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
  const painted = await page.waitForFunction<number>(paint as never)
  page.off('request', count)
  return { painted: await painted.jsonValue(), usable: at, requests }
}

const middle = (numbers: number[]) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0

function tell(what: string, figures: Figures[]): void {
  const of = (key: keyof Figures) => Math.round(middle(figures.map((each) => each[key])))
  const worst = Math.round(Math.max(...figures.map(({ usable }) => usable)))
  console.log(
    `${what}: first paint after ${of('painted')} ms, usable after ${of('usable')} ms (at worst ${worst}), ` +
      `${of('requests')} requests`,
  )
}

async function measure(browser: Browser, url: string): Promise<void> {
  const owner = await guest(url, 'Owner')
  const room = `${url}/#room=${await newRoom(url, owner)}`
  const first: Figures[] = []
  const again: Figures[] = []
  const inRoom: Figures[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const context = await browser.newContext()
    const page = await context.newPage()
    first.push(await open(page, url, '#guest-name:focus'))
    await page.goto('about:blank')
    again.push(await open(page, url, '#guest-name:focus'))
    await page.locator('#guest-name').fill('Ada')
    await page.keyboard.press('Enter')
    await page.locator('.app').waitFor()
    await page.goto('about:blank')
    inRoom.push(await open(page, room, '#status[data-phase="connected"]'))
    await context.close()
  }
  tell('Somebody new', first)
  tell('The same, with what the browser kept', again)
  tell('A reader who comes back to a room, until it is connected', inRoom)
}

const storage = mkdtempSync(join(tmpdir(), 'stompbox-page-'))
const port = await freePort()
const dev = await startDev(port, storage)
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
})
try {
  await measure(browser, `http://localhost:${port}`)
} finally {
  await browser.close()
  // npm is the head of a group: wrangler and workerd go with it.
  if (dev.pid !== undefined) process.kill(-dev.pid)
  rmSync(storage, { recursive: true, force: true })
}
