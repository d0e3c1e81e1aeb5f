// @ts-check
// One message as a row of the log: what it looks like as it was said, and how a row of ours shows its state. What
// became of it since is in message-changes.js.
import { avatar, element, icon, nameOf } from './dom.js'
import { name } from './language.js'
import { linkedText } from './linked-text.js'
import { authorOf, marksOf } from './person-marks.js'
import { setTime, timeNode } from './time.js'
import { hideTrouble, showTrouble } from './trouble.js'

/** @typedef {import('../chat/api.js').User} User */
/** @typedef {import('../client/room-client.js').Entry} Entry */

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
    element('p', 'byline', nameOf(sender.name), ...marksOf(sender)),
    element('div', 'line', body, element('p', 'mark', timeNode(at, 'clock'))),
  )
  row.dataset.author = mine ? sender.id : authorOf(sender)
  row.dataset.at = at
  return row
}

/**
 * Ours, on its way or not.
 * @param {HTMLLIElement} row
 * @param {Entry} entry
 * @param {import('./trouble.js').TroubleActions} actions
 */
export function showOutgoing(row, entry, actions) {
  row.dataset.key = entry.key
  setState(row, STATES[entry.state])
  showTrouble(row, entry, actions)
}

/**
 * The row is in the log now.
 * @param {HTMLLIElement} row
 * @param {{ seq: number, at: string }} message
 */
export function settleRow(row, { seq, at }) {
  row.dataset.seq = String(seq)
  row.dataset.at = at
  const time = row.querySelector('time')
  if (time) setTime(time, at)
  if (!row.classList.contains('mine')) return
  if (row.dataset.key) hideTrouble(row, row.dataset.key)
  setState(row, 'sent')
}

/**
 * Whether it waits for its turn or for its receipt is the same to the reader.
 * @type {Record<Entry['state'], 'sending' | 'sent' | 'failed'>}
 */
const STATES = {
  waiting: 'sending',
  sending: 'sending',
  sent: 'sent',
  failed: 'failed',
  unsure: 'failed',
  withdrawn: 'failed',
}

/**
 * @param {HTMLLIElement} row
 * @param {'sending' | 'sent' | 'failed'} state
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
