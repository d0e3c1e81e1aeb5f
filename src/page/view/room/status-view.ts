// The state of the connection: a line under the room's name, a bar with a countdown during a longer
// wait, and the reason when the connection has ended.

import type { State } from '../../../client/index.ts'
import { find } from '../base/dom.ts'
import { setRefusal, setText } from '../base/language.ts'

/** A shorter wait is over before anybody has read the bar. */
const PAUSE_MS = 2000

/** @param needs `onReturn`: the reader wants to connect here again */
export function createStatusView({
  onHurry,
  onReturn,
}: {
  onHurry: () => void
  onReturn: () => void
}) {
  const root = find('status', HTMLElement)
  const label = find('status-label', HTMLElement)
  const pause = find('pause', HTMLElement)
  const reason = find('pause-reason', HTMLElement)
  const countdown = find('countdown', HTMLElement)
  const ended = find('ended', HTMLElement)
  let ticker: ReturnType<typeof setInterval> | undefined

  const comeBack = find('come-back', HTMLButtonElement)
  find('hurry', HTMLButtonElement).addEventListener('click', onHurry)
  comeBack.addEventListener('click', onReturn)

  function tick(until: number) {
    setText(countdown, 'countdown', Math.max(1, Math.ceil((until - Date.now()) / 1000)))
  }

  function show(state: State) {
    clearInterval(ticker)
    const waits = state.phase === 'waiting' && state.until - Date.now() > PAUSE_MS
    root.dataset.phase = state.phase
    setText(label, labelOf(state, waits))
    pause.hidden = !waits && state.phase !== 'offline'
    reason.hidden = !(waits && state.code)
    countdown.hidden = !waits
    ended.hidden = state.phase !== 'ended'
    if (waits) {
      tick(state.until)
      ticker = setInterval(tick, 1000, state.until)
      if (state.code) setRefusal(reason, state.code)
    }
    if (state.phase !== 'ended') return
    setRefusal(find('ended-reason', HTMLElement), state.code)
    // Only on demand, because a reconnect would end the connection that took its place.
    comeBack.hidden = state.code !== 'replaced'
  }

  return { show }
}

function labelOf(state: State, waits: boolean) {
  if (state.phase === 'connecting' && state.again) return 'reconnecting'
  if (state.phase === 'waiting' && !waits) return 'reconnecting'
  return state.phase
}
