// The marks beside a name: a guest, and a name that looks like another person's here.

import type { User } from '../../api/api.ts'
import { element } from '../base/dom.ts'
import { setLabel, setText } from '../base/language.ts'

export function marksOf({ guest, lookalike }: User): HTMLElement[] {
  const marks = []
  if (guest) marks.push(setText(element('span', 'tag guest'), 'guest'))
  if (lookalike) {
    const mark = setText(element('span', 'tag warning'), 'lookalike')
    mark.setAttribute('role', 'img')
    marks.push(setLabel(mark, 'lookalikeNote'))
  }
  return marks
}

/** Identifies the author of a row, as far as the page can tell. */
export const authorOf = ({ id, guest, lookalike }: User) =>
  `${id} ${guest === true} ${lookalike === true}`
