// The log on the screen: rows in the order of seq, then own messages that the log does not hold
// yet, with day separators and groups by author. The scroll position stays where the reader put it.

import type { ChatEvent, Entry } from '../../../client/index.ts'
import type { User } from '../../api/api.ts'
import { element } from '../base/dom.ts'
import { setText } from '../base/language.ts'
import { createScroll } from './log-scroll.ts'
import type { MessageNeeds } from './message-changes.ts'
import { showChanges } from './message-changes.ts'
import { messageRow, settleRow, showOutgoing } from './message-row.ts'
import { arrange, firstMessage } from './row-grouping.ts'
import type { TroubleActions } from './send-failure.ts'
import { hideTrouble, showTrouble } from './send-failure.ts'

/** The most rows to keep at the end of the log. Scrolling up loads older ones again. */
const ROWS_MAX = 600
const ROWS_KEPT = 300

export function createLogView(
  needs: {
    scroller: HTMLElement
    list: HTMLElement
    start: HTMLElement
    hint: HTMLElement
    empty: HTMLElement
    me: () => User
    isMine: (userId: string) => boolean
    loadOlder: () => Promise<void>
    onTrimmed: (firstSeq: number) => void
    actions: TroubleActions
  } & MessageNeeds,
) {
  const { scroller, list, start, hint, empty, me, isMine, actions } = needs
  /** Rows of own messages that the log does not hold yet, by idempotency-key. */
  const unsettled: Map<string, HTMLLIElement> = new Map()
  /** Rows of messages in the log, by seq. */
  const settled: Map<number, HTMLLIElement> = new Map()
  /** Own changes of messages that were not sent yet, by key. */
  const troubled: Map<string, Entry> = new Map()
  const scroll = createScroll({ scroller, list, hint, onTop })
  let more = false
  let loading = false
  /** A page has come. Before that, nobody knows where the log begins. */
  let known = false

  const older = setText(element('button', 'small'), 'older')
  older.type = 'button'
  older.addEventListener('click', onTop)

  async function onTop() {
    if (!more || loading) return
    loading = true
    older.disabled = true
    try {
      await needs.loadOlder()
    } catch {
      setText(older, 'olderFailed')
    }
    older.disabled = false
    loading = false
  }

  /** @param own the row that showed the message before it was in the log */
  function rowOf(message: ChatEvent, own?: HTMLLIElement) {
    const { sender, content = '', at, seq } = message
    const row = own ?? messageRow({ sender, content, at, mine: isMine(sender.id) })
    settleRow(row, message)
    showChanges(row, message, needs)
    settled.set(seq, row)
    for (const entry of troubled.values()) {
      if (entry.body.seq === seq) showTrouble(row, entry, actions)
    }
    return row
  }

  /** Removes the oldest rows, so that a busy room does not fill the memory. */
  function trim() {
    if (list.childElementCount <= ROWS_MAX) return
    const rows = [...list.children]
    for (const row of rows.slice(0, -ROWS_KEPT)) row.remove()
    const first = firstMessage(list)
    if (!first?.dataset.seq) return
    for (const [seq, row] of settled) if (!row.isConnected) settled.delete(seq)
    arrange(first)
    scroll.toEnd()
    more = true
    needs.onTrimmed(Number(first.dataset.seq))
  }

  /** The first row of a message that the log does not hold yet. */
  const firstUnsettled = () => unsettled.values().next().value ?? null

  function showStart() {
    if (!known) return
    empty.hidden = list.querySelector('.message') !== null || more
    start.replaceChildren(more ? older : setText(element('span'), 'beginning'))
    start.hidden = !empty.hidden
  }

  return {
    /** Another room: removes everything. */
    clear: () => {
      for (const kept of [unsettled, settled, troubled]) kept.clear()
      list.replaceChildren()
      more = known = false
      empty.hidden = true
      start.hidden = false
      start.replaceChildren(setText(element('span'), 'loadingHistory'))
      scroll.toEnd()
    },

    /** No page will come any more. If none came, hide the note about the start of the log. */
    giveUp: () => {
      if (!known) start.hidden = true
    },

    /** Adds a page before everything shown. */
    prepend: (messages: ChatEvent[], hasMore: boolean) => {
      more = hasMore
      known = true
      const rows = messages.map((message) => rowOf(message))
      scroll.keep(() => {
        const next = firstMessage(list)
        list.prepend(...rows)
        setText(older, 'older')
        showStart()
        for (const row of rows) arrange(row)
        if (next) arrange(next)
      })
    },

    /** Adds the next message of the log. */
    append: (message: ChatEvent) => {
      const { sender, idempotencyKey = '' } = message
      const own = isMine(sender.id) ? unsettled.get(idempotencyKey) : undefined
      if (own) unsettled.delete(idempotencyKey)
      const row = rowOf(message, own)
      const before = firstUnsettled()
      scroll.grow(isMine(sender.id) ? 0 : 1, () => {
        // A live region would read a row again if it were moved.
        if (!own || row.nextElementSibling !== before) list.insertBefore(row, before)
        arrange(row)
        if (before) arrange(before)
        if (scroll.atEnd && !loading) trim()
        showStart()
      })
    },

    /** Shows an edit, a deletion or a reaction. */
    change: (message: ChatEvent) => {
      const row = settled.get(message.seq)
      if (row) scroll.resize(row, () => showChanges(row, message, needs))
    },

    /** Shows the state of an own change of a message. */
    showChange: (entry: Entry) => {
      if (entry.state === 'sent') troubled.delete(entry.key)
      else troubled.set(entry.key, entry)
      const row = settled.get(entry.body.seq ?? 0)
      if (row) scroll.resize(row, () => showTrouble(row, entry, actions))
    },

    /** Shows the state of an own message. */
    show: (entry: Entry) => {
      const known = unsettled.get(entry.key)
      // The event came before the receipt.
      if (!known && entry.state === 'sent') return
      const { content = '' } = entry.body
      const at = new Date(entry.at).toISOString()
      const row = known ?? messageRow({ sender: me(), content, at, mine: true })
      unsettled.set(entry.key, row)
      if (!known) scroll.toEnd()
      scroll.grow(0, () => {
        showOutgoing(row, entry, actions)
        if (!known) list.append(row)
        arrange(row)
        showStart()
      })
    },

    /** Removes an own message that was withdrawn, or that its event shows in another row. */
    forget: (key: string) => {
      hideTrouble(list, key)
      troubled.delete(key)
      const row = unsettled.get(key)
      unsettled.delete(key)
      if (!row) return
      row.previousElementSibling?.classList.remove('followed')
      row.remove()
      for (const left of unsettled.values()) arrange(left)
      const end = list.lastElementChild
      if (end?.classList.contains('day')) end.remove()
      showStart()
    },
  }
}
