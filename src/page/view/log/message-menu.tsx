// The menu of a message: reactions, and edit and delete where they are allowed. The log has one
// menu, which opens beside the message's button.

import { signal } from '@preact/signals'
import { createRef } from 'preact'
import { useLayoutEffect } from 'preact/hooks'
import type { ChatEvent } from '../../../client/index.ts'
import { text } from '../base/language.ts'

const REACTIONS = ['👍', '❤️', '😂', '🎉', '😮', '🙏']
const GAP_PX = 4

export type MenuControl = ReturnType<typeof createMessageMenu>

export function createMessageMenu(needs: {
  isMine: (userId: string) => boolean
  mayDelete: (message: ChatEvent) => boolean
  onReact: (message: ChatEvent, reaction: string, on: boolean) => void
  onEdit: (message: ChatEvent) => void
  onDelete: (message: ChatEvent) => void
}) {
  const menu = createRef<HTMLDivElement>()
  /** `sure`: the reader has asked once for the deletion. */
  const state = signal<{ message: ChatEvent; button: HTMLElement; sure: boolean } | undefined>(
    undefined,
  )
  const close = () => menu.current?.hidePopover()

  /** Below the button, or above it if there is no space; always inside the window. */
  function place(button: HTMLElement) {
    if (!menu.current) return
    const { top, bottom, right } = button.getBoundingClientRect()
    const { width, height } = menu.current.getBoundingClientRect()
    const below = bottom + GAP_PX
    const fits = below + height <= window.innerHeight
    const left = Math.min(right - width, window.innerWidth - width - GAP_PX)
    const { style } = menu.current
    style.setProperty('top', `${fits ? below : Math.max(GAP_PX, top - height - GAP_PX)}px`)
    style.setProperty('left', `${Math.max(GAP_PX, left)}px`)
  }

  return {
    needs,
    menu,
    state,
    close,
    place,

    open: (message: ChatEvent, button: HTMLElement) => {
      state.value = { message, button, sure: false }
    },

    act: (does: () => void) => {
      close()
      does()
    },
  }
}

export function MessageMenu({ control }: { control: MenuControl }) {
  const { needs, menu, act } = control
  const state = control.state.value
  useLayoutEffect(() => {
    if (!state || !menu.current) return
    const wasOpen = menu.current.matches(':popover-open')
    if (!wasOpen) menu.current.showPopover()
    control.place(state.button)
    if (!wasOpen) menu.current.querySelector('button')?.focus()
  }, [state, control, menu])
  const message = state?.message
  return (
    <div
      class="message-menu"
      id="message-menu"
      ref={menu}
      popover="auto"
      role="dialog"
      aria-label={text('more')}
    >
      <div class="menu-reactions" id="menu-reactions">
        {message &&
          REACTIONS.map((reaction) => {
            const own = message.reactions?.[reaction]?.some(needs.isMine) ?? false
            return (
              <button
                key={reaction}
                class="quiet"
                type="button"
                aria-pressed={own}
                onClick={() => act(() => needs.onReact(message, reaction, !own))}
              >
                {reaction}
              </button>
            )
          })}
      </div>
      <button
        type="button"
        id="menu-edit"
        hidden={!message || !needs.isMine(message.sender.id)}
        onClick={() => message && act(() => needs.onEdit(message))}
      >
        {text('edit')}
      </button>
      <button
        type="button"
        id="menu-delete"
        hidden={!message || !needs.mayDelete(message)}
        onClick={() => {
          if (!state) return
          // A deletion is for everyone, so ask twice.
          if (state.sure) act(() => needs.onDelete(state.message))
          else control.state.value = { ...state, sure: true }
        }}
      >
        {text(state?.sure ? 'deleteSure' : 'deleteMessage')}
      </button>
    </div>
  )
}
