// A connection of an attacker: bytes to and fro, and how it was thrown out.

import { setTimeout as pause } from 'node:timers/promises'
import { Wire } from '../load/wire.ts'
import type { Tally } from './tally.ts'
import { closeAtEnd } from './ws-bytes.ts'

/** Bytes that may wait to be sent: an attacker sends as fast as it is read, and not faster. */
const WAITING = 1_048_576
/** What is kept of what was heard: a close, and the text that is waited for. */
const KEPT = 512

export class Line {
  /** Is told each piece of what was heard. */
  ear: (bytes: Buffer) => void = () => {}
  readonly #wire: Wire
  readonly #tally: Tally
  readonly #opened = Promise.withResolvers<boolean>()
  #over = false
  #end = Buffer.alloc(0)
  #awaited: { readonly text: string; readonly heard: () => void } | undefined

  constructor(url: string, headers: Readonly<Record<string, string>>, tally: Tally) {
    this.#tally = tally
    this.#wire = new Wire(
      { url, protocol: 'v12.stomp', headers },
      {
        opened: () => this.#opened.resolve(true),
        heard: (bytes) => this.#hear(bytes),
        lost: (reason) => this.#lost(reason),
      },
    )
  }

  /** Whether it was let in. */
  get opened(): Promise<boolean> {
    return this.#opened.promise
  }

  get over(): boolean {
    return this.#over
  }

  /** Sends bytes, as soon as those before were taken. */
  async send(bytes: Buffer): Promise<void> {
    if (this.#over) return
    this.#tally.sent += bytes.length
    this.#wire.write(bytes)
    do await pause(0)
    while (!this.#over && this.#wire.waiting > WAITING)
  }

  /** Waits for a text of at most 100 characters that comes once, or the end of the connection. */
  async hear(text: string, ms: number): Promise<void> {
    if (this.#over || this.#end.includes(text)) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#awaited = { text, heard: resolve }
    await Promise.race([promise, pause(ms, undefined, { ref: false })])
    this.#awaited = undefined
  }

  /** Reads nothing any more. */
  deafen(): void {
    this.#wire.pause()
  }

  close(): void {
    this.#over = true
    this.#awaited?.heard()
    this.#opened.resolve(false)
    this.#wire.close()
  }

  #hear(bytes: Buffer): void {
    this.#tally.heard += bytes.length
    // What is waited for stands at the end, or begins in what came before.
    this.#end = Buffer.concat([this.#end, bytes.subarray(-KEPT)]).subarray(-KEPT)
    if (this.#awaited && this.#end.includes(this.#awaited.text)) this.#awaited.heard()
    this.ear(bytes)
    const close = closeAtEnd(this.#end)
    if (close === undefined) return
    this.#tally.count(close)
    this.close()
  }

  #lost(reason: string): void {
    const [, status] = /HTTP\/1\.1 (\d+)/.exec(reason) ?? []
    const [, code = ''] = /"code":"([\w-]+)"/.exec(reason) ?? []
    this.#tally.count(status ? `${status} ${code}`.trim() : 'hung up')
    this.close()
  }
}
