// Where the reader is in the log: at the end they stay at the end, elsewhere nothing moves under
// their eyes and a hint counts what is new below.

import { say } from '../base/language.ts'

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
  /** Where the view was last. */
  let seenTop = 0

  function showHint() {
    hint.hidden = atEnd
    if (unseen > 0) say(hint, 'newMessages', unseen)
    else say(hint, 'toNewest')
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
    // Only a way up leaves the end: rows that came in meanwhile are not the reader's doing.
    if (below < NEAR_END_PX) atEnd = true
    else if (scroller.scrollTop < seenTop) atEnd = false
    seenTop = scroller.scrollTop
    if (atEnd) unseen = 0
    showHint()
    if (scroller.scrollTop < NEAR_TOP_PX) onTop()
  }

  // Not every browser lets the keyboard reach what scrolls.
  scroller.tabIndex = 0
  scroller.addEventListener('scroll', onScroll, { passive: true })
  hint.addEventListener('click', toEnd)
  // Rows come in; a keyboard, a longer composer or a turned phone changes the height.
  const watcher = new ResizeObserver(() => {
    if (atEnd) moveTo(scroller.scrollHeight)
  })
  watcher.observe(scroller)
  watcher.observe(list)

  /** Rows come in above: what is on the screen stays. */
  function keep(change: () => void) {
    const fromEnd = scroller.scrollHeight - scroller.scrollTop
    // A live region would read the past out.
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

    /** A row becomes larger or smaller. */
    resize: (row: HTMLElement, change: () => void) => {
      const above = row.getBoundingClientRect().top < scroller.getBoundingClientRect().top
      if (above) keep(change)
      else change()
    },

    /**
     * Rows come in below.
     * @param news how many of them the reader has not written
     */
    grow: (news: number, change: () => void) => {
      change()
      // At the end the watcher follows, once for all rows of a frame.
      if (atEnd) return
      unseen += news
      showHint()
    },
  }
}
