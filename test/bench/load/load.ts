// A generator seen from the driver: a child process that is given orders and answers each.

import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import type { Member } from './member.ts'
import type { Answer, Enter, Entered, Order, Result } from './orders.ts'

/** Bytes of the content of a message, where nothing else is said. */
export const CONTENT = 100
/** Members on their way in at a time. */
const AT_ONCE = 32

export class Load {
  readonly #name: string
  readonly #child: ChildProcess
  #gone: string | undefined

  constructor(name: string) {
    this.#name = name
    this.#child = fork(join(import.meta.dirname, 'generator.ts'))
    this.#child.on('message', (answer: Answer) => {
      if ('failed' in answer) this.#gone ??= answer.failed
    })
    this.#child.once('exit', () => {
      this.#gone ??= 'the generator has gone'
    })
  }

  /** Starts a generator whose members have entered their room. */
  static async of(name: string, members: readonly Member[]): Promise<Load> {
    const load = new Load(name)
    try {
      await load.enter(members)
    } catch (error) {
      load.close()
      throw error
    }
    return load
  }

  async enter(members: readonly Member[], options: Partial<Enter> = {}): Promise<Entered> {
    const order = { enter: members, content: CONTENT, atOnce: AT_ONCE, ...options }
    const answer = await this.#ask(order)
    if (!('entered' in answer)) throw new Error('the generator did not let anybody in')
    return answer.entered
  }

  /** Throws where anybody heard less than was sent, or more. */
  async measure(order: Exclude<Order, Enter>): Promise<Result> {
    const answer = await this.#ask(order)
    if (!('result' in answer)) throw new Error('the generator did not measure')
    return answer.result
  }

  close(): void {
    if (this.#child.connected) this.#child.disconnect()
  }

  #ask(order: Order): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    const fail = (why: string) => reject(new Error(`${this.#name}: ${why}`))
    if (this.#gone !== undefined) {
      fail(this.#gone)
      return promise
    }
    const gone = () => fail('the generator has gone')
    this.#child.once('exit', gone)
    this.#child.once('message', (answer: Answer) => {
      this.#child.off('exit', gone)
      if ('failed' in answer) fail(answer.failed)
      else resolve(answer)
    })
    this.#child.send(order)
    return promise
  }
}
