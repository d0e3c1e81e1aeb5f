// What did not leave, said under the message it is about: why, and what can be done.

import type { Entry } from '../../../client/index.ts'
import { element } from '../base/dom.ts'
import { say, sayRefusal } from '../base/language.ts'

export type Act = (key: string) => void
/** `edit` takes it back to be written again. */
export type TroubleActions = { retry: Act; edit: Act; discard: Act }

/** @param root somewhere around it */
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
  // A refused text can be mended. One that may have been sent is not said anew unseen.
  const mendable = state === 'failed' && (kind === 'message' || kind === 'edit')
  const trouble = element(
    'p',
    'trouble',
    say(element('span'), state),
    ' ',
    state === 'failed' ? sayRefusal(element('span'), code) : '',
    button('retry', () => actions.retry(key)),
    mendable
      ? button('edit', () => actions.edit(key))
      : button('discard', () => actions.discard(key)),
  )
  trouble.dataset.key = key
  row.append(trouble)
}

function button(key: 'retry' | 'edit' | 'discard', act: () => void) {
  const node = say(element('button', `small ${key}`), key)
  node.type = 'button'
  node.addEventListener('click', act)
  return node
}
