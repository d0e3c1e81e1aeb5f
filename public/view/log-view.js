// @ts-check
// The log on the screen: rows in the order of seq, our unsettled ones after them, day separators,
// groups by author, and a scroll position that stays where the reader put it.
import { element } from './dom.js'
import { say } from './language.js'
import { messageRow, settleRow, showOutgoing } from './message-row.js'
import { createScroll } from './scroll.js'
import { dayOf, timeNode } from './time.js'

/** @typedef {import('../chat/api.js').ChatEvent} ChatEvent */
/** @typedef {import('../chat/api.js').User} User */
/** @typedef {import('../chat/outbox.js').Outgoing} Outgoing */

const GROUP_MS = 5 * 60_000
/** More rows than this are not kept at the end of the log; scrolling up loads them again. */
const ROWS_MAX = 600
const ROWS_KEPT = 300

/**
 * @param {{
 *   scroller: HTMLElement, list: HTMLElement, start: HTMLElement, hint: HTMLElement,
 *   empty: HTMLElement,
 *   me: () => User, isMine: (userId: string) => boolean,
 *   loadOlder: () => Promise<void>,
 *   onTrimmed: (firstSeq: number) => void,
 *   actions: { retry: (key: string) => void, edit: (key: string) => void },
 * }} needs
 */
export function createLogView(needs) {
  const { scroller, list, start, hint, empty, me, isMine, actions } = needs
  /** @type {Map<string, HTMLLIElement>} ours that the log does not hold yet, by idempotency-key */
  const unsettled = new Map()
  const scroll = createScroll({ scroller, list, hint, onTop })
  let more = false
  let loading = false

  const older = say(element('button', 'small'), 'older')
  older.type = 'button'
  older.addEventListener('click', onTop)

  async function onTop() {
    if (!more || loading) return
    loading = true
    older.disabled = true
    try {
      await needs.loadOlder()
    } catch {
      say(older, 'olderFailed')
    }
    older.disabled = false
    loading = false
  }

  /** @param {ChatEvent} event */
  function rowOf(event) {
    const { sender, content = '', at } = event
    const row = messageRow({ sender, content, at, mine: isMine(sender.id) })
    settleRow(row, event)
    return row
  }

  /** A room that talks all day does not fill the memory: the oldest rows go. */
  function trim() {
    if (list.childElementCount <= ROWS_MAX) return
    const rows = [...list.children]
    for (const row of rows.slice(0, -ROWS_KEPT)) row.remove()
    const first = firstMessage(list)
    if (!first?.dataset.seq) return
    arrange(first)
    scroll.toEnd()
    more = true
    needs.onTrimmed(Number(first.dataset.seq))
  }

  /** The first row that the log does not hold. */
  const firstUnsettled = () => unsettled.values().next().value ?? null

  function showStart() {
    empty.hidden = list.querySelector('.message') !== null || more
    start.replaceChildren(more ? older : say(element('span'), 'beginning'))
    start.hidden = !empty.hidden
  }

  return {
    /** Another room: everything goes. */
    clear: () => {
      unsettled.clear()
      list.replaceChildren()
      more = false
      empty.hidden = true
      start.hidden = false
      start.replaceChildren(say(element('span'), 'loadingHistory'))
      scroll.toEnd()
    },

    /**
     * A page from before everything shown.
     * @param {ChatEvent[]} events
     * @param {boolean} hasMore
     */
    prepend: (events, hasMore) => {
      more = hasMore
      const rows = events.filter(isMessage).map(rowOf)
      scroll.keep(() => {
        const next = firstMessage(list)
        list.prepend(...rows)
        say(older, 'older')
        showStart()
        for (const row of rows) arrange(row)
        if (next) arrange(next)
      })
    },

    /** The next event of the log. @param {ChatEvent} event */
    append: (event) => {
      if (!isMessage(event)) return
      const own = event.idempotencyKey ? unsettled.get(event.idempotencyKey) : undefined
      if (own && event.idempotencyKey) unsettled.delete(event.idempotencyKey)
      const row = own ?? rowOf(event)
      if (own) settleRow(own, event)
      const before = firstUnsettled()
      scroll.grow(own || isMine(event.sender.id) ? 0 : 1, () => {
        // Because moving a row that is in place would make a live region read it again.
        if (!own || row.nextElementSibling !== before) list.insertBefore(row, before)
        arrange(row)
        if (before) arrange(before)
        if (scroll.atEnd && !loading) trim()
        showStart()
      })
    },

    /** Ours, new or in a new state. @param {Outgoing} entry */
    show: (entry) => {
      const known = unsettled.get(entry.key)
      const { content, at } = entry
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

    /** Ours no more: withdrawn, or shown by its event elsewhere. @param {string} key */
    forget: (key) => {
      const row = unsettled.get(key)
      unsettled.delete(key)
      row?.previousElementSibling?.classList.remove('followed')
      row?.remove()
      for (const left of unsettled.values()) arrange(left)
      const end = list.lastElementChild
      if (end?.classList.contains('day')) end.remove()
      showStart()
    },
  }
}

/** @param {Date} at */
const minuteOf = (at) => Math.floor(at.getTime() / 60_000)

/** Other types of events are not shown yet. @param {ChatEvent} event */
const isMessage = (event) => event.type === 'message'

/** @param {HTMLElement} list */
function firstMessage(list) {
  const first = list.querySelector('.message')
  return first instanceof HTMLLIElement ? first : null
}

/**
 * Gives a row its place among its neighbours: a separator where a day begins, no second name and
 * picture where somebody goes on talking.
 * @param {HTMLLIElement} row
 */
function arrange(row) {
  let previous = row.previousElementSibling
  if (previous?.classList.contains('day')) {
    const separator = previous
    previous = separator.previousElementSibling
    separator.remove()
  }
  if (!row.classList.contains('message')) return
  const at = new Date(row.dataset.at ?? 0)
  const earlier = previous instanceof HTMLElement ? previous : null
  const earlierAt = new Date(earlier?.dataset.at ?? 0)
  const sameDay = earlier !== null && dayOf(earlierAt) === dayOf(at)
  const goesOn =
    sameDay &&
    earlier.dataset.author === row.dataset.author &&
    at.getTime() - earlierAt.getTime() < GROUP_MS
  row.classList.toggle('goes-on', goesOn)
  earlier?.classList.toggle('followed', goesOn && minuteOf(earlierAt) === minuteOf(at))
  if (sameDay) return
  const separator = element('li', 'day', timeNode(at.toISOString(), 'day'))
  row.before(separator)
}
