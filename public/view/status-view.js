// @ts-check
// The state of the connection in words: a line under the room's name, a strip with a countdown for
// a longer pause, and the reason where it ended.
import { find } from './dom.js'
import { say, sayRefusal } from './language.js'

/** @typedef {import('../client/room-client.js').State} State */

/** A shorter pause is over before it is read. */
const PAUSE_MS = 2000

/** @param {{ onHurry: () => void, onReturn: () => void }} needs `onReturn`: the reader wants to be here again */
export function createStatusView({ onHurry, onReturn }) {
  const root = find('status', HTMLElement)
  const label = find('status-label', HTMLElement)
  const pause = find('pause', HTMLElement)
  const reason = find('pause-reason', HTMLElement)
  const countdown = find('countdown', HTMLElement)
  const ended = find('ended', HTMLElement)
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let ticker

  const comeBack = find('come-back', HTMLButtonElement)
  find('hurry', HTMLButtonElement).addEventListener('click', onHurry)
  comeBack.addEventListener('click', onReturn)

  /** @param {number} until */
  function tick(until) {
    say(countdown, 'countdown', Math.max(1, Math.ceil((until - Date.now()) / 1000)))
  }

  /** @param {State} state */
  function show(state) {
    clearInterval(ticker)
    const waits = state.phase === 'waiting' && state.until - Date.now() > PAUSE_MS
    root.dataset.phase = state.phase
    say(label, labelOf(state, waits))
    pause.hidden = !waits && state.phase !== 'offline'
    reason.hidden = !(waits && state.code)
    countdown.hidden = !waits
    ended.hidden = state.phase !== 'ended'
    if (waits) {
      tick(state.until)
      ticker = setInterval(tick, 1000, state.until)
      if (state.code) sayRefusal(reason, state.code)
    }
    if (state.phase !== 'ended') return
    sayRefusal(find('ended-reason', HTMLElement), state.code)
    // Not by itself: it would end the connection that took its place.
    comeBack.hidden = state.code !== 'replaced'
  }

  return { show }
}

/**
 * @param {State} state
 * @param {boolean} waits
 */
function labelOf(state, waits) {
  if (state.phase === 'connecting' && state.again) return 'reconnecting'
  if (state.phase === 'waiting' && !waits) return 'reconnecting'
  return state.phase
}
