// @ts-check
// One message as a row of the log: what it looks like, and how a row of ours shows its state.
import { avatar, element, icon, nameOf } from './dom.js'
import { name, say, sayRefusal } from './language.js'
import { linkedText } from './linked-text.js'
import { setTime, timeNode } from './time.js'

/** @typedef {import('../chat/api.js').ChatEvent} ChatEvent */
/** @typedef {import('../chat/api.js').User} User */
/** @typedef {import('../chat/outbox.js').Outgoing} Outgoing */

/**
 * @param {{ sender: User, content: string, at: string, mine: boolean }} message
 * @returns {HTMLLIElement}
 */
export function messageRow({ sender, content, at, mine }) {
  const body = element('p', 'content', ...linkedText(content))
  body.dir = 'auto'
  const row = element(
    'li',
    mine ? 'message mine' : 'message',
    avatar(sender),
    element('p', 'byline', nameOf(sender.name)),
    element('div', 'line', body, element('p', 'mark', timeNode(at, 'clock'))),
  )
  row.dataset.author = sender.id
  row.dataset.at = at
  return row
}

/**
 * Ours, on its way or failed.
 * @param {HTMLLIElement} row
 * @param {Outgoing} entry
 * @param {{ retry: (key: string) => void, edit: (key: string) => void }} actions
 */
export function showOutgoing(row, entry, actions) {
  row.dataset.key = entry.key
  setState(row, entry.state)
  row.querySelector('.trouble')?.remove()
  if (entry.state !== 'failed') return
  const trouble = element(
    'p',
    'trouble',
    say(element('span'), 'failed'),
    ' ',
    sayRefusal(element('span'), entry.code ?? 'internal'),
  )
  trouble.append(
    button('retry', 'retry', () => actions.retry(entry.key)),
    button('edit', 'edit', () => actions.edit(entry.key)),
  )
  row.append(trouble)
}

/**
 * The row is in the log now.
 * @param {HTMLLIElement} row
 * @param {ChatEvent} event
 */
export function settleRow(row, { seq, at }) {
  row.dataset.seq = String(seq)
  row.dataset.at = at
  const time = row.querySelector('time')
  if (time) setTime(time, at)
  if (!row.classList.contains('mine')) return
  row.querySelector('.trouble')?.remove()
  setState(row, 'sent')
}

/**
 * @param {HTMLLIElement} row
 * @param {Outgoing['state']} state
 */
function setState(row, state) {
  if (row.dataset.state === state) return
  row.dataset.state = state
  const mark = row.querySelector('.mark')
  mark?.querySelector('.state')?.remove()
  const node = element('span', 'state', icon(state))
  node.setAttribute('role', 'img')
  mark?.append(name(node, state))
}

/**
 * @param {string} className
 * @param {'retry' | 'edit'} key
 * @param {() => void} act
 */
function button(className, key, act) {
  const node = say(element('button', `small ${className}`), key)
  node.type = 'button'
  node.addEventListener('click', act)
  return node
}
