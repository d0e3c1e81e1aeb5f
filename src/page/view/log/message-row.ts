// One message as a row of the log, and the state of an own row. message-changes.ts shows edits and
// reactions.

import type { Entry } from '../../../client/index.ts'
import type { User } from '../../api/api.ts'
import { avatar, element, icon, nameOf } from '../base/dom.ts'
import { setLabel } from '../base/language.ts'
import { linkedText } from '../base/linked-text.ts'
import { setTime, timeNode } from '../base/time.ts'
import { authorOf, marksOf } from './person-marks.ts'
import type { TroubleActions } from './send-failure.ts'
import { hideTrouble, showTrouble } from './send-failure.ts'

export function messageRow({
  sender,
  content,
  at,
  mine,
}: {
  sender: User
  content: string
  at: string
  mine: boolean
}): HTMLLIElement {
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

/** Shows the state of an own message on its way. */
export function showOutgoing(row: HTMLLIElement, entry: Entry, actions: TroubleActions) {
  row.dataset.key = entry.key
  setState(row, STATES[entry.state])
  showTrouble(row, entry, actions)
}

/** Marks a row as part of the log. */
export function settleRow(row: HTMLLIElement, { seq, at }: { seq: number; at: string }) {
  row.dataset.seq = String(seq)
  row.dataset.at = at
  const time = row.querySelector('time')
  if (time) setTime(time, at)
  if (!row.classList.contains('mine')) return
  if (row.dataset.key) hideTrouble(row, row.dataset.key)
  setState(row, 'sent')
}

/** For the reader it makes no difference whether an entry waits for its turn or its receipt. */
const STATES: Record<Entry['state'], 'sending' | 'sent' | 'failed'> = {
  waiting: 'sending',
  sending: 'sending',
  sent: 'sent',
  failed: 'failed',
  unsure: 'failed',
  withdrawn: 'failed',
}

function setState(row: HTMLLIElement, state: 'sending' | 'sent' | 'failed') {
  if (row.dataset.state === state) return
  row.dataset.state = state
  const mark = row.querySelector('.mark')
  mark?.querySelector('.state')?.remove()
  const node = element('span', 'state', icon(state))
  node.setAttribute('role', 'img')
  mark?.append(setLabel(node, state))
}
