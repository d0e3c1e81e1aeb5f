import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Alarm } from '../../../../src/objects/room/alarm.ts'
import type { RoomInstance } from '../../../../src/objects/room/instance.ts'
import { Meter } from '../../../../src/objects/room/usage/meter.ts'

const DUE = 1e12

/** The alarm of a storage that may refuse to write. */
class FakeStorage {
  at: number | null = null
  writes = 0
  full = false
  async getAlarm() {
    return this.at
  }
  async setAlarm(at: number | Date) {
    this.writes++
    if (this.full) throw new Error('the disk is full')
    this.at = Number(at)
  }
  async deleteAlarm() {
    this.at = null
  }
}

const instance = (due: number | undefined) =>
  ({ takeAlarmTime: () => due, onAlarm: () => due }) as unknown as RoomInstance

beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => {}))
afterEach(() => void vi.restoreAllMocks())

it('[C1] is written where it must ring earlier, and not otherwise', async () => {
  const storage = new FakeStorage()
  const alarm = new Alarm(storage, new Meter())
  for (const due of [DUE, DUE + 1, undefined, DUE, DUE - 1]) {
    alarm.onIdle(instance(due))
    await Promise.resolve()
    await Promise.resolve()
  }
  expect(storage).toMatchObject({ at: DUE - 1, writes: 2 })
})

it('[C1] is written once where several pieces of work ask for it at once', async () => {
  const storage = new FakeStorage()
  const alarm = new Alarm(storage, new Meter())
  for (const due of [DUE, DUE + 1, DUE + 2]) alarm.onIdle(instance(due))
  await vi.waitFor(() => expect(storage.at).toBe(DUE))
  for (let n = 0; n < 9; n++) await Promise.resolve()
  expect(storage.writes).toBe(1)
})

it('is set by the next turn where it could not be written', async () => {
  const storage = new FakeStorage()
  const alarm = new Alarm(storage, new Meter())
  storage.full = true
  alarm.onIdle(instance(DUE))
  await vi.waitFor(() => expect(console.error).toHaveBeenCalled())
  storage.full = false
  alarm.onIdle(instance(DUE))
  await vi.waitFor(() => expect(storage.at).toBe(DUE))
})
