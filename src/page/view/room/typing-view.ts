// Who types, in a line above the composer. The line is always there, so nothing moves.

import type { User } from '../../api/api.ts'
import { find } from '../base/dom.ts'
import { clearText, setText } from '../base/language.ts'

/** From this many people on, the line names nobody and does not change with each. */
const SEVERAL = 3

/** Isolates a name from the text direction around it, and the other way round. */
const shielded = (name: string) => `\u2068${name}\u2069`

export function createTypingView() {
  const who = find('typing-who', HTMLElement)
  const verb = find('typing-verb', HTMLElement)

  return {
    show: (people: readonly User[]) => {
      if (people.length === 0) {
        clearText(who)
        clearText(verb)
        return
      }
      const names = people.slice(0, SEVERAL).map(({ name }) => shielded(name))
      setText(who, 'typists', names)
      setText(verb, 'typing', names.length)
    },
  }
}
