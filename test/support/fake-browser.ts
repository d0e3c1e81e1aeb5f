// What the page's modules need of a browser with several tabs, and of a gateway, in memory.

import { vi } from 'vitest'

class FakeStorage {
  [name: string]: unknown
  getItem(key: string): string | null {
    return Object.hasOwn(this, key) ? String(this[key]) : null
  }
  setItem(key: string, value: string): void {
    this[key] = value
  }
  removeItem(key: string): void {
    delete this[key]
  }
}

interface Answer {
  readonly status: number
  readonly body?: object
  readonly headers?: Record<string, string>
}

/** One browser: its tabs share what they share in a real one. */
export class FakeBrowser {
  readonly local = new FakeStorage()
  readonly session = new FakeStorage()
  /** Every request, as `POST /api/auth/refresh`, with who it said to be. */
  readonly requests: { route: string; token: string | null; body: unknown }[] = []
  /** What the gateway says; a grant where it says nothing. */
  readonly answers = new Map<string, (token: string | null) => Answer | Promise<Answer>>()
  /** Locks that were held at once, at most. */
  crowd = 0
  #held = 0
  #tokens = 0
  #queue: Promise<unknown> = Promise.resolve()
  readonly #tabs: ((event: { key: string | null }) => void)[] = []

  /** A page over http has no locks. */
  secure = true

  /** Puts it in place of the globals, until `vi.unstubAllGlobals()`. */
  install(): void {
    vi.stubGlobal('localStorage', this.local)
    vi.stubGlobal('sessionStorage', this.session)
    vi.stubGlobal('navigator', this.secure ? { locks: { request: this.#lock } } : {})
    vi.stubGlobal('fetch', this.#fetch)
    vi.stubGlobal('addEventListener', (_type: string, listener: () => void) =>
      this.#tabs.push(listener),
    )
  }

  /** Every tab hears that localStorage is another now. */
  tellTabs(): void {
    for (const tab of this.#tabs) tab({ key: 'stompbox.identity' })
  }

  answer(route: string, status: number, code?: string): void {
    this.answers.set(route, () => ({ status, ...(code ? { body: { code } } : {}) }))
  }

  routes(): string[] {
    return this.requests.map(({ route }) => route)
  }

  readonly #lock = (_name: string, _options: object, act: () => Promise<unknown>) => {
    const turn = this.#queue.then(act)
    this.#queue = turn.catch(() => undefined)
    return turn
  }

  readonly #fetch = async (path: string, { method, headers, body }: RequestInit) => {
    const route = `${method} ${path}`
    const token = new Headers(headers).get('authorization')?.replace('Bearer ', '') ?? null
    this.requests.push({ route, token, body: JSON.parse(String(body ?? 'null')) })
    this.crowd = Math.max(this.crowd, ++this.#held)
    await Promise.resolve()
    const made = await (this.answers.get(route)?.(token) ?? this.#grant())
    this.#held--
    return new Response(made.body ? JSON.stringify(made.body) : null, made)
  }

  #grant(): Answer {
    const accessToken = `token-${++this.#tokens}`
    return {
      status: 200,
      body: { accessToken, expiresIn: 900, user: { id: 'mina', name: 'Mina', roles: ['GENERAL'] } },
    }
  }
}
