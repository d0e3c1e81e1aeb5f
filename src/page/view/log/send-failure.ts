// The note under a message that was not sent: why, and what the reader can do.

import type { Entry } from '../../../client/index.ts'
import { element } from '../base/dom.ts'
import { setRefusal, setText } from '../base/language.ts'

export type Act = (key: string) => void
/** `edit` puts the text back into the composer. */
export type TroubleActions = { retry: Act; edit: Act; discard: Act }

/** @param root an ancestor of the note */
export function hideTrouble(root: ParentNode, key: string) {
  for (const node of root.querySelectorAll('.trouble')) {
    if (node instanceof HTMLElement && node.dataset.key === key) node.remove()
  }
}

export function showTrouble(
  row: HTMLElement,
  { key, kind, state, code = 'internal' }: Entry,
  actions: TroubleActions,
) {
  hideTrouble(row, key)
  if (state !== 'failed' && state !== 'unsure') return
  // A refused text can be edited. A text that may have been sent must not be sent again by
  // accident.
  const mendable = state === 'failed' && (kind === 'message' || kind === 'edit')
  const trouble = element(
    'p',
    'trouble',
    setText(element('span'), state),
    ' ',
    state === 'failed' ? setRefusal(element('span'), code) : '',
    button('retry', () => actions.retry(key)),
    mendable
      ? button('edit', () => actions.edit(key))
      : button('discard', () => actions.discard(key)),
  )
  trouble.dataset.key = key
  row.append(trouble)
}

function button(key: 'retry' | 'edit' | 'discard', act: () => void) {
  const node = setText(element('button', `small ${key}`), key)
  node.type = 'button'
  node.addEventListener('click', act)
  return node
}
