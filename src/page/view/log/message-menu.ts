// The menu of a message: reactions, and edit and delete where they are allowed. The log has one
// menu, which opens beside the message's button.

import type { ChatEvent } from '../../../client/index.ts'
import { element, find } from '../base/dom.ts'
import { setText } from '../base/language.ts'

const REACTIONS = ['👍', '❤️', '😂', '🎉', '😮', '🙏']
const GAP_PX = 4

export function createMessageMenu({
  isMine,
  mayDelete,
  onReact,
  onEdit,
  onDelete,
}: {
  isMine: (userId: string) => boolean
  mayDelete: (message: ChatEvent) => boolean
  onReact: (message: ChatEvent, reaction: string, on: boolean) => void
  onEdit: (message: ChatEvent) => void
  onDelete: (message: ChatEvent) => void
}) {
  const menu = find('message-menu', HTMLElement)
  const reactions = find('menu-reactions', HTMLElement)
  const edit = find('menu-edit', HTMLButtonElement)
  const remove = find('menu-delete', HTMLButtonElement)
  let sure = false

  const reactionButtons = (message: ChatEvent) =>
    REACTIONS.map((reaction) => {
      const own = message.reactions?.[reaction]?.some(isMine) ?? false
      const button = element('button', 'quiet', reaction)
      button.type = 'button'
      button.setAttribute('aria-pressed', String(own))
      button.addEventListener('click', () => {
        menu.hidePopover()
        onReact(message, reaction, !own)
      })
      return button
    })

  /** Below the button, or above it if there is no space; always inside the window. */
  function place({ top, bottom, right }: DOMRect) {
    const { width, height } = menu.getBoundingClientRect()
    const below = bottom + GAP_PX
    const fits = below + height <= window.innerHeight
    const left = Math.min(right - width, window.innerWidth - width - GAP_PX)
    menu.style.setProperty('top', `${fits ? below : Math.max(GAP_PX, top - height - GAP_PX)}px`)
    menu.style.setProperty('left', `${Math.max(GAP_PX, left)}px`)
  }

  return {
    open: (message: ChatEvent, button: HTMLElement) => {
      sure = false
      reactions.replaceChildren(...reactionButtons(message))
      edit.hidden = !isMine(message.sender.id)
      edit.onclick = () => {
        menu.hidePopover()
        onEdit(message)
      }
      remove.hidden = !mayDelete(message)
      setText(remove, 'deleteMessage')
      remove.onclick = () => {
        // A deletion is for everyone, so ask twice.
        if (!sure) {
          sure = true
          setText(remove, 'deleteSure')
          return place(button.getBoundingClientRect())
        }
        menu.hidePopover()
        onDelete(message)
      }
      menu.showPopover()
      place(button.getBoundingClientRect())
      reactions.querySelector('button')?.focus()
    },

    close: () => menu.hidePopover(),
  }
}
