// A client in a process of its own: what it is to do goes in as lines of JSON, what it hears comes
// out as lines of JSON, with bodies in base64.

import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { Client, current, type Headers } from './client.ts'
import type { Wire } from './wire.ts'

/** A line that such a process says. */
interface Told {
  readonly command: 'CONNECTED' | 'MESSAGE' | 'RECEIPT' | 'ERROR' | 'disconnected'
  readonly headers: Headers
  readonly bytes: string
}

export class ProcessClient extends Client {
  readonly wire: Wire
  readonly #process: ChildProcessByStdio<Writable, Readable, null>
  #leaving: Promise<void> | undefined

  /** @param opening the first order: where and as whom to connect. */
  constructor(wire: Wire, command: readonly [string, ...string[]], opening: object) {
    super()
    this.wire = wire
    const [program, ...words] = command
    this.#process = spawn(program, words, { stdio: ['pipe', 'pipe', 'inherit'] })
    // The process may have ended by itself.
    this.#process.stdin.on('error', () => undefined)
    createInterface(this.#process.stdout).on('line', (line) => this.#hear(JSON.parse(line)))
    this.#order(opening)
  }

  override subscribe(id: string, destination: string, headers?: Headers | (() => Headers)): void {
    this.#order({ do: 'subscribe', id, destination, headers: current(headers) })
  }

  override unsubscribe(id: string): void {
    this.#order({ do: 'unsubscribe', id })
  }

  override send(destination: string, body: string | Uint8Array, headers: Headers = {}): void {
    const as =
      typeof body === 'string' ? { text: body } : { bytes: Buffer.from(body).toString('base64') }
    this.#order({ do: 'send', destination, headers, ...as })
  }

  override begin(transaction: string): void {
    this.#order({ do: 'begin', transaction })
  }

  override commit(transaction: string): void {
    this.#order({ do: 'commit', transaction })
  }

  override abort(transaction: string): void {
    this.#order({ do: 'abort', transaction })
  }

  override disconnect(): Promise<void> {
    this.#leaving ??= this.#leave()
    return this.#leaving
  }

  async #leave(): Promise<void> {
    const exited = once(this.#process, 'exit')
    this.#order({ do: 'disconnect' })
    this.#process.stdin.end()
    if (this.#process.exitCode === null) await exited
  }

  #order(order: object): void {
    this.#process.stdin.write(`${JSON.stringify(order)}\n`)
  }

  #hear({ command, headers, bytes }: Told): void {
    if (command === 'disconnected') {
      this.heard.end('disconnected')
      return
    }
    const body = Buffer.from(bytes, 'base64')
    const settle = (how: 'ack' | 'nack') => (more: Headers) =>
      this.#order({ ...more, do: how, id: headers.ack })
    const acknowledgeable =
      command === 'MESSAGE' ? { ack: settle('ack'), nack: settle('nack') } : {}
    this.heard.add({ command, headers, body: String(body), bytes: body, ...acknowledgeable })
  }
}
