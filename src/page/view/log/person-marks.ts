// What stands beside a name: that somebody is a guest, and that a name looks like another person's
// here.

import type { User } from '../../api/api.ts'
import { element } from '../base/dom.ts'
import { name, say } from '../base/language.ts'

export function marksOf({ guest, lookalike }: User): HTMLElement[] {
  const marks = []
  if (guest) marks.push(say(element('span', 'tag guest'), 'guest'))
  if (lookalike) {
    const mark = say(element('span', 'tag warning'), 'lookalike')
    mark.setAttribute('role', 'img')
    marks.push(name(mark, 'lookalikeNote'))
  }
  return marks
}

/** Whether two rows of one author are of the same person, as far as the page can tell. */
export const authorOf = ({ id, guest, lookalike }: User) =>
  `${id} ${guest === true} ${lookalike === true}`
