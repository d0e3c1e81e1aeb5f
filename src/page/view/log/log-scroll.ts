// The scroll position. A reader at the end stays at the end. Elsewhere nothing moves, and a hint
// counts the new messages below.

import { setText } from '../base/language.ts'

const NEAR_END_PX = 60
const NEAR_TOP_PX = 400

export function createScroll({
  scroller,
  list,
  hint,
  onTop,
}: {
  scroller: HTMLElement
  list: HTMLElement
  hint: HTMLElement
  onTop: () => void
}) {
  let atEnd = true
  let unseen = 0
  /** The last scroll position. */
  let seenTop = 0

  function showHint() {
    hint.hidden = atEnd
    if (unseen > 0) setText(hint, 'newMessages', unseen)
    else setText(hint, 'toNewest')
    hint.classList.toggle('fresh', unseen > 0)
  }

  function moveTo(top: number) {
    scroller.scrollTop = top
    seenTop = scroller.scrollTop
  }

  function toEnd() {
    atEnd = true
    unseen = 0
    moveTo(scroller.scrollHeight)
    showHint()
  }

  function onScroll() {
    const below = scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop
    // Only scrolling up leaves the end, because new rows also change the distance to it.
    if (below < NEAR_END_PX) atEnd = true
    else if (scroller.scrollTop < seenTop) atEnd = false
    seenTop = scroller.scrollTop
    if (atEnd) unseen = 0
    showHint()
    if (scroller.scrollTop < NEAR_TOP_PX) onTop()
  }

  // Not every browser lets the keyboard focus a scrolling element.
  scroller.tabIndex = 0
  scroller.addEventListener('scroll', onScroll, { passive: true })
  hint.addEventListener('click', toEnd)
  // New rows, a phone's keyboard, a longer composer or a turned phone change the height.
  const watcher = new ResizeObserver(() => {
    if (atEnd) moveTo(scroller.scrollHeight)
  })
  watcher.observe(scroller)
  watcher.observe(list)

  /** Adds rows above, and keeps what is on the screen in place. */
  function keep(change: () => void) {
    const fromEnd = scroller.scrollHeight - scroller.scrollTop
    // A live region would read the history aloud.
    scroller.setAttribute('aria-live', 'off')
    change()
    moveTo(atEnd ? scroller.scrollHeight : scroller.scrollHeight - fromEnd)
    requestAnimationFrame(() => {
      scroller.setAttribute('aria-live', 'polite')
      onScroll()
    })
  }

  return {
    toEnd,
    get atEnd() {
      return atEnd
    },
    keep,

    /** Changes the height of a row. */
    resize: (row: HTMLElement, change: () => void) => {
      const above = row.getBoundingClientRect().top < scroller.getBoundingClientRect().top
      if (above) keep(change)
      else change()
    },

    /**
     * Adds rows below.
     * @param news how many of them other people wrote
     */
    grow: (news: number, change: () => void) => {
      change()
      // At the end, the observer scrolls once for all rows of a frame.
      if (atEnd) return
      unseen += news
      showHint()
    },
  }
}
