// The alarm of a room's object: room/connections/alarm-schedule.ts says when it rings. Setting it
// writes a row, so it is set anew only where it must ring earlier. It does not keep the object from
// hibernating (H2).

import type { RoomInstance } from './instance.ts'
import type { Meter } from './usage/meter.ts'

type AlarmStorage = Pick<DurableObjectStorage, 'getAlarm' | 'setAlarm' | 'deleteAlarm'>

/** Sets the alarm of one room as seldom as it can. */
export class Alarm {
  readonly #storage: AlarmStorage
  readonly #meter: Meter
  /** Milliseconds since 1970; null: not set; undefined: unknown, as after an eviction. */
  #at: number | null | undefined

  constructor(storage: AlarmStorage, meter: Meter) {
    this.#storage = storage
    this.#meter = meter
  }

  /** A piece of work is done. The room need not be quiet. */
  onIdle(instance: RoomInstance | undefined): void {
    const due = instance?.takeAlarmTime()
    if (due === undefined || this.#ringsBy(due)) return
    this.#setBy(due).catch(console.error)
  }

  /** It rang. */
  async ring(open: () => RoomInstance | undefined): Promise<void> {
    this.#at = null
    const next = this.#meter.request(() => open()?.onAlarm())
    if (next !== undefined) await this.#set(next)
  }

  /** Cancels the alarm of a deleted room. If it rings all the same, it finds no room. */
  async cancel(): Promise<void> {
    this.#at = undefined
    await this.#storage.deleteAlarm().catch(console.error)
  }

  /** Makes it ring at `due` at the latest. */
  async #setBy(due: number): Promise<void> {
    if (this.#at === undefined) {
      const at = await this.#storage.getAlarm()
      // Other work may have set it meanwhile.
      if (this.#at === undefined) this.#at = at
    }
    if (!this.#ringsBy(due)) await this.#set(due)
  }

  #ringsBy(due: number): boolean {
    return typeof this.#at === 'number' && this.#at <= due
  }

  async #set(at: number): Promise<void> {
    this.#at = at
    this.#meter.alarmsSet++
    try {
      await this.#storage.setAlarm(at)
    } catch (error) {
      // The next turn tries again.
      this.#at = undefined
      throw error
    }
  }
}
