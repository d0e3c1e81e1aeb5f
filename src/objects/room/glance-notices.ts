// What a room tells the accounts that have a list of rooms open: the room as their person sees it
// now. watchers.ts says who is told, and when. A notice may be lost: the next one tells the truth.

import type { AccountCalls, RoomGlance } from '../../contract.ts'
import { NOTICES_AT_ONCE } from '../../room/limits/glance-limits.ts'
import type { Watcher, Watchers } from '../../room/unread/watchers.ts'
import { withDeadline } from '../shared/deadline.ts'
import type { Meter } from './usage/meter.ts'

/** The namespace of accounts, by what a notice needs of each. */
export interface WatchingAccounts {
  idFromName(name: string): DurableObjectId
  get(id: DurableObjectId): Pick<AccountCalls, 'roomNews'>
}

/** A room in its object. */
interface Watched {
  readonly turns: { readonly closed: boolean }
  readonly room: {
    readonly watchers: Watchers
    glanceOf(personId: string): RoomGlance | undefined
  }
}

/** Tells accounts in parallel. */
export class GlanceNotices {
  readonly #accounts: WatchingAccounts
  readonly #meter: Pick<Meter, 'during' | 'later'>
  #telling = 0
  #waiting: { readonly until: number; readonly callOff: () => void } | undefined

  constructor(accounts: WatchingAccounts, meter: Pick<Meter, 'during' | 'later'>) {
    this.#accounts = accounts
    this.#meter = meter
  }

  /** A piece of work is done: whoever it is news for is told, now or in time. Never throws. */
  onIdle(instance: Watched | undefined): void {
    const now = Date.now()
    if (!instance || instance.turns.closed) this.#wait(undefined)
    else this.#wait(this.#tellDue(instance, now), () => this.onIdle(instance), now)
  }

  /** Returns when somebody is due next; undefined: nobody is, before this comes back. */
  #tellDue(instance: Watched, now: number): number | undefined {
    const { watchers } = instance.room
    if (watchers.size === 0) return undefined
    for (const watcher of watchers.take(now, NOTICES_AT_ONCE - this.#telling)) {
      void this.#meter.during(() => this.#tell(instance, watcher))
    }
    // Whoever is being told comes back to `onIdle`.
    return this.#telling < NOTICES_AT_ONCE ? watchers.nextAt(now) : undefined
  }

  /** H2: a timer runs only while somebody waits. */
  #wait(until: number | undefined, work = () => {}, now = 0): void {
    const before = this.#waiting
    if (until === before?.until) return
    const act = () => {
      this.#waiting = undefined
      work()
    }
    this.#waiting =
      until === undefined
        ? undefined
        : { until, callOff: this.#meter.later(Math.max(0, until - now), act) }
    // Last, since it is a piece of work that is done.
    before?.callOff()
  }

  /** Never throws. */
  async #tell({ room }: Watched, watcher: Watcher): Promise<void> {
    const { personId } = watcher
    this.#telling++
    try {
      const glance = room.glanceOf(personId)
      const account = this.#accounts.get(this.#accounts.idFromName(personId))
      const answer = glance ? await withDeadline(account.roomNews(glance)) : 'offline'
      if (answer === 'offline') room.watchers.remove(personId, watcher)
    } catch (error) {
      // The next notice makes it good.
      console.error(error)
    } finally {
      this.#telling--
    }
  }
}
