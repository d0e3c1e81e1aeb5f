// @ts-check
// What did not leave, said under the message it is about: why, and what can be done.
import { element } from './dom.js'
import { say, sayRefusal } from './language.js'

/** @typedef {import('../client/room-client.js').Entry} Entry */
/** @typedef {(key: string) => void} Act */
/** `edit` takes it back to be written again. @typedef {{ retry: Act, edit: Act, discard: Act }} TroubleActions */

/**
 * @param {ParentNode} root somewhere around it
 * @param {string} key
 */
export function hideTrouble(root, key) {
  for (const node of root.querySelectorAll('.trouble')) {
    if (node instanceof HTMLElement && node.dataset.key === key) node.remove()
  }
}

/**
 * @param {HTMLElement} row
 * @param {Entry} entry
 * @param {TroubleActions} actions
 */
export function showTrouble(row, { key, kind, state, code = 'internal' }, actions) {
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

/**
 * @param {'retry' | 'edit' | 'discard'} key
 * @param {() => void} act
 */
function button(key, act) {
  const node = say(element('button', `small ${key}`), key)
  node.type = 'button'
  node.addEventListener('click', act)
  return node
}
