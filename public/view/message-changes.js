// @ts-check
// What became of a message since it was said: another text, reactions, or nothing but a quiet line.
import { element, icon } from './dom.js'
import { name, say } from './language.js'
import { linkedText } from './linked-text.js'

/** @typedef {import('../client/room-client.js').ChatEvent} ChatEvent */
/**
 * @typedef {{
 *   isMine: (userId: string) => boolean,
 *   onReact: (message: ChatEvent, reaction: string, on: boolean) => void,
 *   onMenu: (message: ChatEvent, button: HTMLButtonElement) => void,
 * }} MessageNeeds `onMenu`: what the reader can do with it is asked for
 */

/**
 * @param {HTMLLIElement} row
 * @param {ChatEvent} message
 * @param {MessageNeeds} needs
 */
export function showChanges(row, message, needs) {
  const gone = message.deleted !== undefined
  if (gone || message.edited !== undefined) showContent(row, message)
  row.classList.toggle('gone', gone)
  showEdited(row, message.edited !== undefined)
  showReactions(row, message, needs)
  showMore(row, message, needs)
}

/**
 * @param {HTMLElement} row
 * @param {ChatEvent} message
 */
function showContent(row, { content = '', deleted }) {
  const body = row.querySelector('.content')
  if (!(body instanceof HTMLElement)) return
  if (deleted !== undefined) say(body, 'messageDeleted')
  else if (body.textContent !== content) body.replaceChildren(...linkedText(content))
}

/**
 * @param {HTMLElement} row
 * @param {boolean} edited
 */
function showEdited(row, edited) {
  const known = row.querySelector('.edited')
  if (!edited) known?.remove()
  else if (!known) row.querySelector('.mark')?.prepend(say(element('span', 'edited'), 'edited'))
}

/**
 * @param {HTMLElement} row
 * @param {ChatEvent} message
 * @param {MessageNeeds} needs
 */
function showReactions(row, message, { isMine, onReact }) {
  const focused = document.activeElement
  const again = focused instanceof HTMLElement ? focused.dataset.reaction : undefined
  const inside = again !== undefined && row.contains(focused)
  row.querySelector('.reactions')?.remove()
  const counters = Object.entries(message.reactions ?? {}).map(([reaction, people]) => {
    const own = people.some(isMine)
    const counter = element('button', 'reaction', element('bdi', '', reaction))
    counter.append(element('span', 'count', String(people.length)))
    counter.type = 'button'
    counter.dataset.reaction = reaction
    counter.setAttribute('aria-pressed', String(own))
    counter.addEventListener('click', () => onReact(message, reaction, !own))
    return counter
  })
  if (counters.length === 0) return
  row.querySelector('.line')?.after(element('div', 'reactions', ...counters))
  if (inside) counters.find(({ dataset }) => dataset.reaction === again)?.focus()
}

/**
 * @param {HTMLElement} row
 * @param {ChatEvent} message
 * @param {MessageNeeds} needs
 */
function showMore(row, message, { onMenu }) {
  const known = row.querySelector('.more')
  if (message.deleted !== undefined) return known?.remove()
  const more = known instanceof HTMLButtonElement ? known : name(element('button', 'more'), 'more')
  more.onclick = () => onMenu(message, more)
  if (known) return
  more.type = 'button'
  more.append(icon('more'))
  row.querySelector('.line')?.append(more)
}
