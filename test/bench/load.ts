// A generator seen from the driver: a child process that is given orders and answers each.

import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import type { Member } from './client.ts'
import type { Answer, Order, Result, Run } from './generator.ts'

export class Load {
  readonly #name: string
  readonly #child: ChildProcess

  private constructor(name: string, child: ChildProcess) {
    this.#name = name
    this.#child = child
  }

  /** Starts a generator whose members have entered their room. */
  static async of(name: string, members: readonly Member[]): Promise<Load> {
    const load = new Load(name, fork(join(import.meta.dirname, 'generator.ts')))
    await load.#ask({ enter: members })
    return load
  }

  /** Throws where anybody heard less than was sent, or more. */
  async measure(run: Run): Promise<Result> {
    const answer = await this.#ask({ run })
    if (!('result' in answer)) throw new Error('the generator did not measure')
    return answer.result
  }

  close(): void {
    this.#child.disconnect()
  }

  #ask(order: Order): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    const gone = () => reject(new Error(`${this.#name}: the generator has gone`))
    this.#child.once('exit', gone)
    this.#child.once('message', (answer: Answer) => {
      this.#child.off('exit', gone)
      if ('failed' in answer) reject(new Error(`${this.#name}: ${answer.failed}`))
      else resolve(answer)
    })
    this.#child.send(order)
    return promise
  }
}
