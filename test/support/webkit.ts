// WebKitGTK's MiniBrowser, driven by WebDriver (W3C Recommendation) on a display of its own: the
// engine of Safari.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, globSync } from 'node:fs'
import { createServer } from 'node:net'
import type { Readable } from 'node:stream'

const [BROWSER] = globSync('/usr/lib/*/webkit2gtk-4.1/MiniBrowser')
const DRIVER = '/usr/bin/WebKitWebDriver'
const DISPLAY = '/usr/bin/Xvfb'

/** Why there is no WebKit here; undefined where there is. */
export const WEBKIT_MISSING =
  BROWSER !== undefined && existsSync(DRIVER) && existsSync(DISPLAY)
    ? undefined
    : 'Debian’s webkit2gtk-driver or xvfb is not installed'

/** Milliseconds after which what has not come is taken never to come, and between two looks. */
const TIMEOUT = 20_000
const BETWEEN = 50

/** The key of an element's id in an answer (WebDriver, section 12). */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf'

export class WebKit {
  readonly #processes: readonly ChildProcess[]
  readonly #session: string

  private constructor(processes: readonly ChildProcess[], session: string) {
    this.#processes = processes
    this.#session = session
  }

  static async start(): Promise<WebKit> {
    const display = spawn(DISPLAY, [
      ...['-displayfd', '1', '-screen', '0', '1280x800x24', '-nolisten', 'tcp'],
    ])
    const number = await firstLine(display.stdout)
    const port = await freePort()
    const env = { ...process.env, DISPLAY: `:${number}`, WEBKIT_DISABLE_DMABUF_RENDERER: '1' }
    const driver = spawn(DRIVER, [`--port=${port}`], { env, stdio: 'ignore' })
    const processes = [driver, display]
    const base = `http://127.0.0.1:${port}/session`
    const options = { binary: BROWSER, args: ['--automation'] }
    const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': options } }
    const { sessionId } = await eventually(() => command('POST', base, { capabilities }))
    return new WebKit(processes, `${base}/${sessionId}`)
  }

  async open(url: string): Promise<void> {
    await command('POST', `${this.#session}/url`, { url })
  }

  async reload(): Promise<void> {
    await command('POST', `${this.#session}/refresh`, {})
  }

  /** Waits for an element that can be seen, and clicks it. */
  click(selector: string): Promise<void> {
    return this.#act(selector, 'click', {})
  }

  /** Waits for a field that can be seen, and types into it. */
  type(selector: string, text: string): Promise<void> {
    return this.#act(selector, 'value', { text })
  }

  /** What an expression of the page comes to, as soon as it is truthy. */
  until(expression: string): Promise<unknown> {
    return eventually(async () => {
      const value = await this.evaluate(expression)
      if (!value) throw new Error(`${expression} is ${JSON.stringify(value)}`)
      return value
    })
  }

  evaluate(expression: string): Promise<unknown> {
    const script = `return ${expression}`
    return command('POST', `${this.#session}/execute/sync`, { script, args: [] })
  }

  async close(): Promise<void> {
    await command('DELETE', this.#session)
    for (const each of this.#processes) {
      each.kill()
      if (each.exitCode === null && each.signalCode === null) await once(each, 'exit')
    }
  }

  #act(selector: string, action: string, body: object): Promise<void> {
    return eventually(async () => {
      const using = 'css selector'
      const found = await command('POST', `${this.#session}/element`, { using, value: selector })
      await command('POST', `${this.#session}/element/${found[ELEMENT]}/${action}`, body)
    })
  }
}

/** One command of WebDriver. Throws its error. */
async function command(
  method: string,
  url: string,
  body?: object,
  // biome-ignore lint/suspicious/noExplicitAny: each command answers something else.
): Promise<any> {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) }
  const response = await fetch(url, init)
  const { value } = (await response.json()) as { value: { error?: string; message?: string } }
  if (!response.ok) throw new Error(`${value.error}: ${value.message}`)
  return value
}

/** What an attempt gives, once one succeeds. Throws the last error. */
async function eventually<Value>(attempt: () => Promise<Value>): Promise<Value> {
  const end = Date.now() + TIMEOUT
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (Date.now() > end) throw error
      await new Promise((resolve) => setTimeout(resolve, BETWEEN))
    }
  }
}

async function firstLine(stream: Readable): Promise<string> {
  let text = ''
  for await (const piece of stream) {
    text += piece
    if (text.includes('\n')) break
  }
  stream.resume()
  return text.trim()
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}
