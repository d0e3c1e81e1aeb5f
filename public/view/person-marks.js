// @ts-check
// What stands beside a name: that somebody is a guest, and that a name looks like another person's here.
import { element } from './dom.js'
import { name, say } from './language.js'

/**
 * @param {import('../chat/api.js').User} user
 * @returns {HTMLElement[]}
 */
export function marksOf({ guest, lookalike }) {
  const marks = []
  if (guest) marks.push(say(element('span', 'tag guest'), 'guest'))
  if (lookalike) {
    const mark = say(element('span', 'tag warning'), 'lookalike')
    mark.setAttribute('role', 'img')
    marks.push(name(mark, 'lookalikeNote'))
  }
  return marks
}

/** Whether two rows of one author are of the same person, as far as the page can tell. @param {import('../chat/api.js').User} user */
export const authorOf = ({ id, guest, lookalike }) =>
  `${id} ${guest === true} ${lookalike === true}`
