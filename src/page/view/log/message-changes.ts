// Shows the changes of a message: an edit, reactions, or a deletion.

import type { ChatEvent } from '../../../client/index.ts'
import { element, icon } from '../base/dom.ts'
import { setLabel, setText } from '../base/language.ts'
import { linkedText } from '../base/linked-text.ts'

/**
 * `onMenu`: opens the menu of a message. `mayChange`: whether the reader may react, edit and
 * delete.
 */
export type MessageNeeds = {
  isMine: (userId: string) => boolean
  onReact: (message: ChatEvent, reaction: string, on: boolean) => void
  onMenu: (message: ChatEvent, button: HTMLButtonElement) => void
  mayChange: () => boolean
}

export function showChanges(row: HTMLLIElement, message: ChatEvent, needs: MessageNeeds) {
  const gone = message.deleted !== undefined
  if (gone || message.edited !== undefined) showContent(row, message)
  row.classList.toggle('gone', gone)
  showEdited(row, message.edited !== undefined)
  showReactions(row, message, needs)
  showMore(row, message, needs)
}

/** Enables or disables changes of all messages under a node. */
export function offerChanges(root: ParentNode, may: boolean) {
  for (const more of root.querySelectorAll('.more')) more.toggleAttribute('hidden', !may)
  for (const counter of root.querySelectorAll('.reaction')) {
    counter.toggleAttribute('disabled', !may)
  }
}

function showContent(row: HTMLElement, { content = '', deleted }: ChatEvent) {
  const body = row.querySelector('.content')
  if (!(body instanceof HTMLElement)) return
  if (deleted !== undefined) setText(body, 'messageDeleted')
  else if (body.textContent !== content) body.replaceChildren(...linkedText(content))
}

function showEdited(row: HTMLElement, edited: boolean) {
  const known = row.querySelector('.edited')
  if (!edited) known?.remove()
  else if (!known) row.querySelector('.mark')?.prepend(setText(element('span', 'edited'), 'edited'))
}

function showReactions(
  row: HTMLElement,
  message: ChatEvent,
  { isMine, onReact, mayChange }: MessageNeeds,
) {
  const focused = document.activeElement
  const again = focused instanceof HTMLElement ? focused.dataset.reaction : undefined
  const inside = again !== undefined && row.contains(focused)
  row.querySelector('.reactions')?.remove()
  const counters = Object.entries(message.reactions ?? {}).map(([reaction, people]) => {
    const own = people.some(isMine)
    const counter = element('button', 'reaction', element('bdi', '', reaction))
    counter.append(element('span', 'count', String(people.length)))
    counter.type = 'button'
    counter.disabled = !mayChange()
    counter.dataset.reaction = reaction
    counter.setAttribute('aria-pressed', String(own))
    counter.addEventListener('click', () => onReact(message, reaction, !own))
    return counter
  })
  if (counters.length === 0) return
  row.querySelector('.line')?.after(element('div', 'reactions', ...counters))
  if (inside) counters.find(({ dataset }) => dataset.reaction === again)?.focus()
}

function showMore(row: HTMLElement, message: ChatEvent, { onMenu, mayChange }: MessageNeeds) {
  const known = row.querySelector('.more')
  if (message.deleted !== undefined) return known?.remove()
  const more =
    known instanceof HTMLButtonElement ? known : setLabel(element('button', 'more'), 'more')
  more.onclick = () => onMenu(message, more)
  more.hidden = !mayChange()
  if (known) return
  more.type = 'button'
  more.append(icon('more'))
  row.querySelector('.line')?.append(more)
}
