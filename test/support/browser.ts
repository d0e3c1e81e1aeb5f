// A browser and the people in it: opens the page, acts on it as a hand would, and fails the test
// whose page made the browser complain.

import { join } from 'node:path'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { launchBrowser, sharedBrowser } from './chromium.ts'
import { Peer } from './peer.ts'
import { guest, newAddress, newRoom, type Person } from './people.ts'
import { type Server, sharedServer, startServer } from './server.ts'

/** Where pictures go, if the variable SHOTS is set. */
const SHOTS = join(import.meta.dirname, '../e2e/screenshots')

/**
 * What a browser says about a network that was taken away, about every refusal of HTTP, and about
 * plain http.
 */
const NETWORK =
  /Failed to load resource|WebSocket connection to|Opener-Policy header has been ignored/

/** The people of a room are shown beside it. This costs a fifth more than without them. */
export const WIDE = { viewport: { width: 1280, height: 800 } }
/** The people of a room are behind a button: the screen of a test that says nothing else. */
const USUAL = { viewport: { width: 1024, height: 768 } }
export const PHONE = {
  viewport: { width: 360, height: 740 },
  // Only pictures show the difference.
  deviceScaleFactor: process.env.SHOTS ? 2 : 1,
  isMobile: true,
  hasTouch: true,
}
export const SMALL = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }

/** Where a test's people meet: a server and a browser, for all tests of a file. */
export interface Stage {
  readonly server: Server
  /** Opens the page as somebody new. */
  visit(url?: string, options?: BrowserContextOptions): Promise<Visitor>
  /** Opens the page in another tab of somebody's browser. */
  beside(visitor: Visitor, url?: string): Promise<Visitor>
  /** Opens the page as somebody who is signed in already, which is cheaper than by the form. */
  arrive(who: string | Account, url?: string, options?: BrowserContextOptions): Promise<Visitor>
  /** The same, in a room that they have made. `room`: its name, or all that is asked for it. */
  host(
    who: string | Account,
    room?: string | object,
    options?: BrowserContextOptions,
  ): Promise<Visitor>
  /** Somebody in the room of a link without a page: a new guest, or a person of before. */
  join(who: string | Person, link: string): Promise<Peer>
  /** The same, in a room that they have made. */
  own(name: string, room?: string | object): Promise<Peer>
}

/** Who signs in: a text is the name of a new guest, and a `name` registers a new account. */
export interface Account {
  readonly username: string
  readonly password: string
  readonly name?: string
}

/** What a stage has beside the usual. */
export interface Staging {
  /** More flags of the browser: the stage then has a browser of its own. */
  readonly flags?: readonly string[]
  /** The pages have a clock of their own, so that `hurry` can end their waits. */
  readonly clock?: boolean
  /** The screen of visitors who bring none. */
  readonly screen?: BrowserContextOptions
}

/**
 * Sets the stage before the tests of a file, and clears it after each and after all. All files of a
 * process share one browser, where each visitor has a context of its own, and one server. With
 * `vars` the stage has a server of its own.
 */
export function setStage(
  vars?: Record<string, string | number>,
  { flags, clock = false, screen = USUAL }: Staging = {},
): Stage {
  let server: Server
  let browser: Browser
  let visitors: Visitor[] = []
  let peers: Peer[] = []

  beforeAll(async () => {
    server = await (vars ? startServer(vars) : sharedServer())
    browser = await (flags ? launchBrowser(flags) : sharedBrowser())
  })

  afterEach(async () => {
    const complaints = visitors.flatMap((visitor) => visitor.complaints)
    await Promise.all([...visitors, ...peers].map((person) => person.leave()))
    visitors = []
    peers = []
    expect(complaints).toEqual([])
  })

  afterAll(async () => {
    if (flags) await browser?.close()
    await server?.close()
  })

  // Moving pictures cost frames.
  const newContext = (options = screen) =>
    browser.newContext({ locale: 'en-US', reducedMotion: 'reduce', ...options })

  const open = async (page: Page, url: string, person?: Person) => {
    const visitor = new Visitor(page, person)
    visitors.push(visitor)
    if (clock) await page.clock.install()
    await page.goto(url)
    return visitor
  }

  /** Opens a link as somebody whom the browser knows already. */
  const openAs = async ({ context, person, way }: Known, url: string) => {
    const page = await context.newPage()
    const once = await page.addInitScript(remember, { person, way })
    const visitor = await open(page, url, person)
    await once.dispose()
    return visitor
  }

  const keep = (peer: Peer) => {
    peers.push(peer)
    return peer
  }

  return {
    get server() {
      return server
    },
    visit: async (url = server.url, options) =>
      open(await (await newContext(options)).newPage(), url),
    beside: async (visitor, url = server.url) => open(await visitor.page.context().newPage(), url),
    arrive: async (who, url = server.url, options) =>
      openAs(await signedIn(await newContext(options), server.url, who), url),
    host: async (who, room = 'Harbour walk', options) => {
      const known = await signedIn(await newContext(options), server.url, who)
      const roomId = await newRoom(server.url, known.person, room)
      const visitor = await openAs(known, linkTo(server.url, roomId))
      await visitor.connected()
      return visitor
    },
    join: async (who, link) => keep(await Peer.join(link, who)),
    own: async (name, room = 'Harbour walk') => {
      const person = await guest(server.url, name)
      const roomId = await newRoom(server.url, person, room)
      return keep(await Peer.join(linkTo(server.url, roomId), person))
    },
  }
}

/** The address at which the page opens a room. */
export const linkTo = (url: string, roomId: string) => `${url}/#room=${roomId}`

/** Somebody whose refresh token is in the cookies of a browser, and how they signed in. */
interface Known {
  readonly context: BrowserContext
  readonly person: Person
  readonly way: 'guest' | 'password'
}

/** Signs somebody in as the forms of the page do, without the page. */
async function signedIn(
  context: BrowserContext,
  url: string,
  who: string | Account,
): Promise<Known> {
  const isGuest = typeof who === 'string'
  const path = isGuest ? 'guest' : who.name === undefined ? 'login' : 'register'
  const answer = await context.request.post(`${url}/api/auth/${path}`, {
    headers: { Origin: url, ...newAddress() },
    data: { ...(isGuest ? { name: who } : who), cookie: true },
  })
  if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`)
  const { user, accessToken } = await answer.json()
  const person = { id: user.id, name: user.name, accessToken }
  return { context, person, way: isGuest ? 'guest' : 'password' }
}

/** Runs in the page before its scripts: leaves there what the forms leave (sign-in-record.ts). */
function remember({ person: { id, name }, way }: Pick<Known, 'person' | 'way'>): void {
  const record = { user: { id, name }, way, since: Date.now() }
  // biome-ignore lint/suspicious/noExplicitAny: a test has no types of the browser.
  const { localStorage } = globalThis as any
  localStorage.setItem('stompbox.identity', JSON.stringify(record))
}

export class Visitor {
  /** Errors and warnings of the page, CSP violations among them, without those of the network. */
  readonly complaints: string[] = []
  readonly page: Page
  readonly #person: Person | undefined

  /** `person`: who the page is signed in as from the beginning. */
  constructor(page: Page, person?: Person) {
    this.page = page
    this.#person = person
    page.on('pageerror', (error) => this.complaints.push(error.message))
    page.on('console', (line) => {
      const serious = line.type() === 'error' || line.type() === 'warning'
      if (serious && !NETWORK.test(line.text())) this.complaints.push(line.text())
    })
  }

  /** Who came in by `arrive` or `host`: the id, and a token to ask with over HTTP. */
  get person(): Person {
    if (!this.#person) throw new Error('this visitor signed in by the page')
    return this.#person
  }

  /** The address of the page: in a room, its link. */
  get link(): string {
    return this.page.url()
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

  /** Goes to a room by its link, without loading the page again. */
  async enter(link: string): Promise<void> {
    await this.page.goto(link)
    await this.connected()
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

  /** Takes a picture for people to look at, if the variable SHOTS is set. */
  async shot(name: string): Promise<void> {
    if (process.env.SHOTS) await this.page.screenshot({ path: join(SHOTS, `${name}.png`) })
  }

  async leave(): Promise<void> {
    await this.page.context().close()
  }
}
