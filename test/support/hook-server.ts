// The application behind a hook, on loopback: it answers as a test says, and tells what it was asked.

import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Asked {
  readonly body: string
  readonly headers: IncomingMessage['headers']
  readonly answer: ServerResponse
}

export class HookServer {
  readonly #server = createServer((request, answer) => {
    const parts: Buffer[] = []
    request.on('data', (part) => parts.push(part))
    request.on('end', () => {
      const asked = { body: Buffer.concat(parts).toString(), headers: request.headers, answer }
      const waiting = this.#waiting.shift()
      if (waiting) waiting(asked)
      else this.asked.push(asked)
    })
  })
  /** Questions that nobody has taken yet. */
  readonly asked: Asked[] = []
  readonly #waiting: ((asked: Asked) => void)[] = []

  /** The address, once it listens. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`
  }

  /** The next question. */
  next(): Promise<Asked> {
    const asked = this.asked.shift()
    return asked ? Promise.resolve(asked) : new Promise((resolve) => this.#waiting.push(resolve))
  }

  stop(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }
}

/** The signature that Standard Webhooks wants of a question. */
export function signatureOf(secret: string, { body, headers }: Asked): string {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const text = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  return `v1,${createHmac('sha256', key).update(text).digest('base64')}`
}
