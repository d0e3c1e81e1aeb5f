// The state of the connection: a line under the room's name, a bar with a countdown during a longer
// wait, and the reason when the connection has ended.

import { useEffect, useState } from 'preact/hooks'
import type { State } from '../../../client/index.ts'
import { refusalText, text } from '../base/language.ts'
import { momentOf } from '../base/time.tsx'

/** A shorter wait is over before anybody has read the bar. */
const PAUSE_MS = 2000

/** Whether a state is a wait that is worth a countdown. */
export const isPause = (state: State): boolean =>
  state.phase === 'waiting' && state.until - Date.now() > PAUSE_MS

/** @param pause the state began as a longer wait */
export function StatusLine({
  state,
  pause,
  count,
}: {
  state: State
  pause: boolean
  count: number
}) {
  return (
    <div class="status" id="status" data-phase={state.phase}>
      <span class="dot" />
      <span id="status-label" role="status">
        {text(labelOf(state, pause))}
      </span>
      <span class="here" id="here">
        {text('here', count)}
      </span>
    </div>
  )
}

function labelOf(state: State, pause: boolean) {
  if (state.phase === 'connecting' && state.again) return 'reconnecting'
  if (state.phase === 'waiting' && !pause) return 'reconnecting'
  return state.phase
}

/** A countdown during a longer wait. Without a network only the button. */
export function PauseBar({
  state,
  pause,
  onHurry,
}: {
  state: State
  pause: boolean
  onHurry: () => void
}) {
  const waiting = state.phase === 'waiting' && pause ? state : undefined
  const [now, setNow] = useState(Date.now())
  useEffect(() => {
    if (!waiting) return
    setNow(Date.now())
    const ticker = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(ticker)
  }, [waiting])
  const seconds = waiting ? Math.max(1, Math.ceil((waiting.until - now) / 1000)) : 0
  return (
    <div class="pause" id="pause" hidden={!waiting && state.phase !== 'offline'}>
      <span id="pause-reason" hidden={!waiting?.code}>
        {waiting?.code && refusalText(waiting.code)}
      </span>
      <span id="countdown" hidden={!waiting}>
        {waiting && text('countdown', seconds)}
      </span>
      <button class="link" id="hurry" type="button" onClick={onHurry}>
        {text('tryNow')}
      </button>
    </div>
  )
}

/** @param onReturn the reader wants to connect here again */
export function EndedNote({
  state,
  mayRegister,
  onReturn,
  onUnblock,
  onRegister,
}: {
  state: State
  mayRegister: boolean
  onReturn: () => void
  onUnblock: () => void
  onRegister: () => void
}) {
  const { code, detail = '' } = state.phase === 'ended' ? state : {}
  return (
    <div class="ended" id="ended" role="alert" hidden={code === undefined}>
      <p id="ended-reason">
        {code !== undefined && refusalText(code)}
        {(code === 'kicked' || code === 'banned') && detail !== '' && <Told detail={detail} />}
      </p>
      {/* Only on demand, because a reconnect would end the connection that took its place. */}
      <button id="come-back" type="button" hidden={code !== 'replaced'} onClick={onReturn}>
        {text('useHere')}
      </button>
      <button id="unblock" type="button" hidden={code !== 'room-blocked'} onClick={onUnblock}>
        {text('unblock')}
      </button>
      <button
        class="primary"
        id="become-account"
        type="button"
        hidden={code !== 'accounts-only' || !mayRegister}
        onClick={onRegister}
      >
        {text('createAccount')}
      </button>
      <a class="button" href="#rooms">
        {text('back')}
      </a>
    </div>
  )
}

/** The end of a ban follows its reason. */
const END = /(?:^|, )until (\S+Z)$/

/** What a moderator said, and when it ends. */
function Told({ detail }: { detail: string }) {
  const end = END.exec(detail)?.[1]
  const reason = detail.replace(END, '')
  return (
    <>
      {reason !== '' && (
        <>
          {' '}
          {text('reason')}: <bdi id="told-reason">{reason}</bdi>
        </>
      )}
      {end && ` (${text('untilWhen', momentOf(end))})`}
    </>
  )
}
