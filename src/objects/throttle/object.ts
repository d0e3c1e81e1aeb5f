// The failed sign-ins of one address, as a Durable Object that forgets itself.

import { DurableObject } from 'cloudflare:workers'
import type { Answer, Delayed } from '../../answer.ts'
import { FREE_PER_ADDRESS } from '../../auth/passwords/failure-delay.ts'
import type { ThrottleCalls } from '../../contract.ts'
import { createFailures, FailureCounter } from '../shared/failure-counter.ts'
import { type Migrations, migrate, storedVersion } from '../shared/migrate.ts'

/** The steps to the newest version of the storage of failures. A deployed step never changes. */
export const MIGRATIONS: Migrations = [createFailures]

/** Named by an address. It deletes itself when its failures are old. */
export class ThrottleObject extends DurableObject<unknown> implements ThrottleCalls {
  async attempt(): Promise<Answer<null> | Delayed> {
    migrate(this.ctx.storage, MIGRATIONS)
    return (await this.#failures().count(Date.now())) ?? { value: null }
  }

  async succeeded(): Promise<void> {
    if (storedVersion(this.ctx.storage.sql) > 0) this.#failures().takeBack()
  }

  override async alarm(): Promise<void> {
    if (storedVersion(this.ctx.storage.sql) === 0) return
    if (await this.#failures().forget(Date.now())) await this.ctx.storage.deleteAll()
  }

  #failures(): FailureCounter {
    return new FailureCounter(this.ctx.storage, FREE_PER_ADDRESS)
  }
}
