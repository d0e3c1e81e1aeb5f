// A browser and the people in it: opens the page, acts on it as a hand would, and fails the test
// whose page made the browser complain.

import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { launchBrowser, sharedBrowser } from './chromium.ts'
import { type Server, startServer } from './server.ts'

/**
 * What a browser says about a network that was taken away, about every refusal of HTTP, and about
 * plain http.
 */
const NETWORK =
  /Failed to load resource|WebSocket connection to|Opener-Policy header has been ignored/

export const WIDE = { viewport: { width: 1280, height: 800 } }
export const PHONE = {
  viewport: { width: 360, height: 740 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
}

/** Where a test's people meet: a server and a browser, for all tests of a file. */
export interface Stage {
  readonly server: Server
  /** Opens the page as somebody new. */
  visit(url?: string, options?: BrowserContextOptions): Promise<Visitor>
  /** Opens the page in another tab of somebody's browser. */
  beside(visitor: Visitor, url?: string): Promise<Visitor>
  /** And signs in. */
  arrive(name: string, url?: string): Promise<Visitor>
}

/** What a stage has beside the usual. */
export interface Staging {
  /** More flags of the browser: the stage then has a browser of its own. */
  readonly flags?: readonly string[]
  /** The pages have a clock of their own, so that `hurry` can end their waits. */
  readonly clock?: boolean
}

/**
 * Sets the stage before the tests of a file, and clears it after each and after all. All files of a
 * process share one browser, where each visitor has a context of its own.
 */
export function setStage(
  vars: Record<string, string | number> = {},
  { flags, clock = false }: Staging = {},
): Stage {
  let server: Server
  let browser: Browser
  let visitors: Visitor[] = []

  beforeAll(async () => {
    server = await startServer(vars)
    browser = await (flags ? launchBrowser(flags) : sharedBrowser())
  })

  afterEach(async () => {
    const complaints = visitors.flatMap((visitor) => visitor.complaints)
    await Promise.all(visitors.map((visitor) => visitor.leave()))
    visitors = []
    expect(complaints).toEqual([])
  })

  afterAll(async () => {
    if (flags) await browser?.close()
    await server?.close()
  })

  const visit = async (url = server.url, options: BrowserContextOptions = WIDE) => {
    const context = await browser.newContext({ locale: 'en-US', ...options })
    return open(await context.newPage(), url)
  }

  const open = async (page: Page, url: string) => {
    const visitor = new Visitor(page)
    visitors.push(visitor)
    if (clock) await page.clock.install()
    await page.goto(url)
    return visitor
  }

  return {
    get server() {
      return server
    },
    visit,
    beside: async (visitor, url = server.url) => open(await visitor.page.context().newPage(), url),
    arrive: async (name, url) => {
      const visitor = await visit(url)
      await visitor.signIn(name)
      return visitor
    },
  }
}

export class Visitor {
  /** Errors and warnings of the page, CSP violations among them, without those of the network. */
  readonly complaints: string[] = []
  readonly page: Page

  constructor(page: Page) {
    this.page = page
    page.on('pageerror', (error) => this.complaints.push(error.message))
    page.on('console', (line) => {
      const serious = line.type() === 'error' || line.type() === 'warning'
      if (serious && !NETWORK.test(line.text())) this.complaints.push(line.text())
    })
  }

  /** Comes in as a guest. */
  async signIn(name: string): Promise<void> {
    await this.page.getByRole('tab', { name: /Guest|손님/ }).click()
    await this.#submit('#guest-form', { name })
  }

  /** Signs in to an account. */
  async login(username: string, password: string): Promise<void> {
    await this.page.getByRole('tab', { name: 'Sign in' }).click()
    await this.#submit('#login-form', { username, password })
  }

  async register(username: string, password: string, name = ''): Promise<void> {
    await this.page.getByRole('tab', { name: 'Register' }).click()
    await this.#submit('#register-form', { username, password, name })
  }

  /** A guest keeps the name. */
  async becomeAccount(username: string, password: string): Promise<void> {
    await this.page.locator('#open-me').click()
    await this.page.locator('#open-registration').click()
    await this.#submit('#registration-form', { username, password })
    await this.page.locator('#me-note').waitFor()
    await this.page.keyboard.press('Escape')
  }

  async signOut(): Promise<void> {
    await this.page.locator('#open-me').click()
    await this.page.locator('#sign-out').click()
    await this.page.locator('#welcome').waitFor()
  }

  async #submit(form: string, values: Record<string, string>): Promise<void> {
    for (const [field, value] of Object.entries(values)) {
      await this.page.locator(`${form} [name="${field}"]`).fill(value)
    }
    await this.page.keyboard.press('Enter')
    await this.page.locator('.app').waitFor()
  }

  async createRoom(name: string): Promise<string> {
    await this.page.locator('#new-room').click()
    await this.page.locator('#room-name').fill(name)
    await this.page.keyboard.press('Enter')
    await this.page.locator('#room-title').getByText(name, { exact: true }).waitFor()
    await this.connected()
    return this.page.url()
  }

  async connected(): Promise<void> {
    await this.page.locator('#status[data-phase="connected"]').waitFor()
  }

  /**
   * Stops the clock of the page, so that a wait which begins now does not end before `hurry` sees
   * it. The stage must have a clock.
   */
  async holdClock(): Promise<void> {
    await this.page.clock.pauseAt((await this.page.evaluate<number>('Date.now()')) + 1000)
  }

  /** Ends the wait before the page connects again. */
  async hurry(): Promise<void> {
    await this.page.locator('#status[data-phase="waiting"]').waitFor()
    await this.page.clock.fastForward(30_000)
    await this.page.clock.resume()
  }

  /** Writes each line and sends it: by Enter, or on a phone by the button. */
  async say(...lines: string[]): Promise<void> {
    const phone = await this.page.evaluate<boolean>("matchMedia('(pointer: coarse)').matches")
    for (const line of lines) {
      await this.page.locator('#message').fill(line)
      if (phone) await this.page.locator('#send').tap()
      else await this.page.locator('#message').press('Enter')
    }
  }

  /** Waits for a message on the screen. */
  async sees(text: string): Promise<void> {
    await this.page.locator('.content').filter({ hasText: text }).first().waitFor()
  }

  /** Waits until a message of ours is in the log. */
  async sent(text: string): Promise<void> {
    const row = this.page.locator('.message[data-state="sent"][data-seq]')
    await row.filter({ hasText: text }).first().waitFor()
  }

  /** All messages on the screen, from top to bottom. */
  messages(): Promise<string[]> {
    return this.page.locator('.content').allInnerTexts()
  }

  async leave(): Promise<void> {
    await this.page.context().close()
  }
}
