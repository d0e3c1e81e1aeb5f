// Debian's python3-stomp (stomp.py 8) in a process of its own, over a bridge from TCP to WebSocket.
// The access token is its passcode.

import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { type Bridge, bridgeTo } from './bridge.ts'
import { Client, type ClientKind, current, type Entry, type Headers } from './client.ts'

/** Debian's own, where its packages are. */
const PYTHON = '/usr/bin/python3'
const SCRIPT = join(import.meta.dirname, 'stomp_py.py')

class StompPy extends Client {
  readonly wire: Bridge['wire']
  readonly #process: ChildProcessByStdio<Writable, Readable, null>
  #leaving: Promise<void> | undefined

  constructor({ port, wire }: Bridge, { person, heartBeat = 0 }: Entry) {
    super()
    this.wire = wire
    this.#process = spawn(PYTHON, [SCRIPT], { stdio: ['pipe', 'pipe', 'inherit'] })
    // Because it may have ended by itself.
    this.#process.stdin.on('error', () => undefined)
    createInterface(this.#process.stdout).on('line', (line) => this.#hear(JSON.parse(line)))
    this.#order({ port, passcode: person.accessToken, heartBeat })
  }

  override subscribe(id: string, destination: string, headers?: Headers | (() => Headers)): void {
    this.#order({ do: 'subscribe', id, destination, headers: current(headers) })
  }

  override unsubscribe(id: string): void {
    this.#order({ do: 'unsubscribe', id })
  }

  override send(destination: string, body: string | Uint8Array, headers: Headers = {}): void {
    const as =
      typeof body === 'string' ? { text: body } : { octets: Buffer.from(body).toString('base64') }
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

  #hear({ command, headers, octets }: Told): void {
    if (command === 'disconnected') {
      this.heard.end('disconnected')
      return
    }
    const body = Buffer.from(octets, 'base64')
    const settle = (how: 'ack' | 'nack') => (more: Headers) =>
      this.#order({ ...more, do: how, id: headers.ack })
    const acknowledgeable =
      command === 'MESSAGE' ? { ack: settle('ack'), nack: settle('nack') } : {}
    this.heard.add({ command, headers, body: String(body), octets: body, ...acknowledgeable })
  }
}

interface Told {
  readonly command: 'CONNECTED' | 'MESSAGE' | 'RECEIPT' | 'ERROR' | 'disconnected'
  readonly headers: Headers
  readonly octets: string
}

function isInstalled(): boolean {
  try {
    execFileSync(PYTHON, ['-c', 'import stomp'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

export const STOMP_PY: ClientKind = {
  name: 'stomp.py 8',
  version: '1.2',
  ...(isInstalled() ? {} : { missing: 'Debian’s python3-stomp is not installed' }),
  octets: true,
  escapes: true,
  splits: false,
  waits: true,
  reconnects: false,
  sends: 'binary',
  connect: async (entry) => new StompPy(await bridgeTo(await entry.ticketUrl()), entry),
}
