// The one alarm of an account's object: for rooms that were not told yet of what ended, and for
// guests who are gone.

import type { Account } from '../../account/account.ts'
import { FIRST_RETRY } from '../../account/revocations.ts'
import { deliverRevocations, type RevocableRooms } from './revocation-delivery.ts'

/** Keeps the alarm at what the account has to do next. */
export class AccountAlarm {
  readonly #account: Account
  readonly #storage: DurableObjectStorage
  readonly #rooms: RevocableRooms

  constructor(account: Account, storage: DurableObjectStorage, rooms: RevocableRooms) {
    this.#account = account
    this.#storage = storage
    this.#rooms = rooms
  }

  /**
   * Sets the alarm for what is due next, at least so many milliseconds from now; false where
   * nothing is.
   */
  async set(least = 0): Promise<boolean> {
    const now = Date.now()
    const due = this.#account.nextDue(now)
    if (due !== undefined) await this.#storage.setAlarm(Math.max(due, now + least))
    return due !== undefined
  }

  /**
   * Tells rooms what has just ended. The pending revocations are stored together with an alarm
   * before anybody is told, so each room hears of them whatever happens meanwhile (A5).
   */
  async deliver(): Promise<void> {
    const pending = this.#account.hasPending
    await this.set(pending ? FIRST_RETRY : 0)
    if (!pending) return
    await deliverRevocations(() => this.#account.stored, this.#rooms)
    if (!(await this.set())) await this.#storage.deleteAlarm()
  }

  /** Continues the delivery, or forgets a guest. */
  async ring(): Promise<void> {
    await deliverRevocations(() => this.#account.stored, this.#rooms)
    if (!this.#account.isOver(Date.now())) {
      await this.set()
      return
    }
    this.#account.close()
    await this.#storage.deleteAll()
  }
}
