// The note under a message that was not sent: why, and what the reader can do.

import type { Entry } from '../../../client/index.ts'
import { refusalText, text } from '../base/language.ts'
import type { EntryActions } from './log-control.ts'

/** Nothing unless the entry has failed, or may have been sent. */
export function SendFailure({
  entry: { key, kind, state, code = 'internal' },
  actions,
}: {
  entry: Entry
  actions: EntryActions
}) {
  if (state !== 'failed' && state !== 'unsure') return null
  // A refused text can be edited. A text that may have been sent must not be sent again by
  // accident.
  const mendable = state === 'failed' && (kind === 'message' || kind === 'edit')
  return (
    <p class="trouble" data-key={key}>
      <span>{text(state)}</span> {state === 'failed' && <span>{refusalText(code)}</span>}
      <Button label="retry" onClick={() => actions.retry(key)} />
      {mendable ? (
        <Button label="edit" onClick={() => actions.edit(key)} />
      ) : (
        <Button label="discard" onClick={() => actions.discard(key)} />
      )}
    </p>
  )
}

const Button = ({
  label,
  onClick,
}: {
  label: 'retry' | 'edit' | 'discard'
  onClick: () => void
}) => (
  <button class={`small ${label}`} type="button" onClick={onClick}>
    {text(label)}
  </button>
)
