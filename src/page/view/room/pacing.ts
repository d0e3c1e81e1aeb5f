// When the reader may write again: the end of a mute, and the seconds that slow mode leaves.

import type { ReadonlySignal } from '@preact/signals'
import type { Room } from '../../api/api.ts'
import { rightsIn } from '../../room/rights.ts'
import type { ComposerControl } from './composer-control.ts'

/** The longest delay that a timer takes. */
const LONGEST_MS = 2 ** 31 - 1

/** @param needs `onMute`: a mute began or ended, so the composer opens or closes */
export function createPacing({
  composer,
  room,
  onMute,
}: {
  composer: ComposerControl
  room: ReadonlySignal<Room | undefined>
  onMute: () => void
}) {
  let end: ReturnType<typeof setTimeout> | undefined
  let ticker: ReturnType<typeof setInterval> | undefined
  let mutedUntil = 0

  const isMuted = () => mutedUntil > Date.now()

  function stop() {
    clearInterval(ticker)
    composer.wait.value = 0
  }

  return {
    isMuted,

    /** @param until in ISO 8601. Undefined: not muted */
    mute: (until: string | undefined, reason = '') => {
      clearTimeout(end)
      mutedUntil = until === undefined ? 0 : Date.parse(until)
      composer.mute.value = { until: until ?? '', reason }
      if (isMuted()) end = setTimeout(onMute, Math.min(mutedUntil - Date.now() + 1000, LONGEST_MS))
      onMute()
    },

    /** The reader has said something. */
    spoke: (at: string) => {
      const slow = room.peek()?.settings?.slowMode ?? 0
      if (slow === 0 || rightsIn(room.peek()).may('keepOrder')) return
      // The clocks of the server and the reader may differ.
      const free = Math.min(Date.parse(at), Date.now()) + slow * 1000
      const tick = () => {
        composer.wait.value = Math.max(0, Math.ceil((free - Date.now()) / 1000))
        if (composer.wait.value === 0) stop()
      }
      stop()
      ticker = setInterval(tick, 1000)
      tick()
    },

    /** Another room. */
    clear: () => {
      clearTimeout(end)
      stop()
      mutedUntil = 0
    },

    /** Slow mode ended, or the reader need not wait any more. */
    look: () => {
      const slow = room.peek()?.settings?.slowMode ?? 0
      if (slow === 0 || rightsIn(room.peek()).may('keepOrder')) stop()
    },
  }
}
