// The process of an attacker, seen from the bench.

import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import type { AttackAnswer, Attacking, AttackOrder } from './orders.ts'
import type { Tally } from './tally.ts'

export type Told = Pick<Tally, 'done' | 'sent' | 'heard' | 'told'>

export class AttackProcess {
  readonly #child: ChildProcess = fork(join(import.meta.dirname, 'attacker.ts'))

  async prepare(prepare: Attacking): Promise<void> {
    await this.#ask({ prepare })
  }

  /** Resolves when it is over. */
  async attack(): Promise<Told> {
    const answer = await this.#ask({ go: true })
    if (!('tally' in answer)) throw new Error('the attacker did not attack')
    return answer.tally
  }

  close(): void {
    if (this.#child.connected) this.#child.disconnect()
  }

  #ask(order: AttackOrder): Promise<AttackAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<AttackAnswer>()
    const gone = () => reject(new Error('the attacker has gone'))
    this.#child.once('exit', gone)
    this.#child.once('message', (answer: AttackAnswer) => {
      this.#child.off('exit', gone)
      if ('failed' in answer) reject(new Error(answer.failed))
      else resolve(answer)
    })
    this.#child.send(order)
    return promise
  }
}
