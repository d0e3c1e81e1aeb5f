// A menu that opens beside the button of a thing, with what may be done with the thing.

import { signal } from '@preact/signals'
import { createRef } from 'preact'

const GAP_PX = 4

/** One menu for many things. A component renders `state`, and then calls `show`. */
export function createMenu<T>() {
  const ref = createRef<HTMLDivElement>()
  const state = signal<{ thing: T; button: HTMLElement } | undefined>(undefined)
  const close = () => ref.current?.hidePopover()

  return {
    ref,
    state,
    close,

    open: (thing: T, button: HTMLElement) => {
      state.value = { thing, button }
    },

    /** Closes the menu, then does what was chosen. */
    act: (does: () => void) => {
      close()
      does()
    },

    /** Call it when the state has changed and the menu is rendered: shows it. */
    show: () => {
      const menu = ref.current
      if (!state.value || !menu) return
      const wasOpen = menu.matches(':popover-open')
      // With its source it belongs to a popover that has the button, and leaves that open.
      if (!wasOpen) menu.showPopover({ source: state.value.button })
      placeBeside(menu, state.value.button)
      if (!wasOpen) menu.querySelector<HTMLElement>('button:not([hidden])')?.focus()
    },
  }
}

/** Below the button, or above it if there is no space; always inside the window. */
function placeBeside(menu: HTMLElement, button: HTMLElement) {
  const { top, bottom, right } = button.getBoundingClientRect()
  const { width, height } = menu.getBoundingClientRect()
  const below = bottom + GAP_PX
  const fits = below + height <= window.innerHeight
  const left = Math.min(right - width, window.innerWidth - width - GAP_PX)
  menu.style.setProperty('top', `${fits ? below : Math.max(GAP_PX, top - height - GAP_PX)}px`)
  menu.style.setProperty('left', `${Math.max(GAP_PX, left)}px`)
}
