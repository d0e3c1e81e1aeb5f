// The scroll position of the log. A reader at the end stays at the end. Elsewhere nothing on the
// screen moves, whatever is added above or below.

import { batch, signal } from '@preact/signals'
import { createRef } from 'preact'

const NEAR_END_PX = 60
const NEAR_TOP_PX = 400

/** A row on the screen and its distance from the top. */
type Anchor = { row: Element; top: number }

export type LogScroll = ReturnType<typeof createLogScroll>

/** `onTop`: the reader comes near the first row. */
export function createLogScroll(onTop: () => void) {
  const scroller = createRef<HTMLDivElement>()
  const list = createRef<HTMLOListElement>()
  const atEnd = signal(true)
  /** New messages below. */
  const unseen = signal(0)
  /** The last scroll position. */
  let seenTop = 0

  function moveTo(top: number) {
    if (!scroller.current) return
    scroller.current.scrollTop = top
    seenTop = scroller.current.scrollTop
  }

  const follow = () => moveTo(scroller.current?.scrollHeight ?? 0)

  function toEnd() {
    batch(() => {
      atEnd.value = true
      unseen.value = 0
    })
    follow()
  }

  function onScroll() {
    const node = scroller.current
    if (!node) return
    const below = node.scrollHeight - node.clientHeight - node.scrollTop
    batch(() => {
      // Only scrolling up leaves the end, because new rows also change the distance to it.
      if (below < NEAR_END_PX) atEnd.value = true
      else if (node.scrollTop < seenTop) atEnd.value = false
      if (atEnd.value) unseen.value = 0
    })
    seenTop = node.scrollTop
    if (node.scrollTop < NEAR_TOP_PX) onTop()
  }

  return {
    scroller,
    list,
    atEnd,
    unseen,
    toEnd,
    onScroll,

    /** Brings a row to the middle of the screen and into focus. False: there is none. */
    show: (selector: string): boolean => {
      const row = list.current?.querySelector<HTMLElement>(selector)
      if (!row) return false
      row.scrollIntoView({ block: 'center' })
      row.tabIndex = -1
      row.focus({ preventScroll: true })
      row.addEventListener('animationend', () => row.removeAttribute('data-found'), { once: true })
      row.setAttribute('data-found', '')
      return true
    },

    /** Follows the end when the height changes: new rows, a keyboard, a turned phone. */
    watch: () => {
      const watcher = new ResizeObserver(() => {
        if (atEnd.peek()) follow()
      })
      for (const node of [scroller.current, list.current]) if (node) watcher.observe(node)
      return () => watcher.disconnect()
    },

    /** Call it before the rows change. The first row on the screen, unless the end is followed. */
    anchor: (): Anchor | undefined => {
      const { top = 0 } = scroller.current?.getBoundingClientRect() ?? {}
      if (atEnd.peek()) return undefined
      for (const row of list.current?.querySelectorAll('.message') ?? []) {
        const place = row.getBoundingClientRect()
        if (place.bottom > top) return { row, top: place.top }
      }
      return undefined
    },

    /** Call it after the rows have changed: the row is where it was. */
    restore: (anchor: Anchor | undefined) => {
      if (atEnd.peek()) return follow()
      if (!anchor?.row.isConnected || !scroller.current) return
      const moved = anchor.row.getBoundingClientRect().top - anchor.top
      if (moved !== 0) moveTo(scroller.current.scrollTop + moved)
    },
  }
}
