// Who types, in one quiet line above the entry that is always there: nothing moves when somebody
// begins.

import type { User } from '../../api/api.ts'
import { find } from '../base/dom.ts'
import { hush, say } from '../base/language.ts'

/** From so many on they are not named, and the line does not change with each. */
const SEVERAL = 3

/** Shields a name from the direction of the text around it, and that from the name. */
const shielded = (name: string) => `\u2068${name}\u2069`

export function createTypingView() {
  const who = find('typing-who', HTMLElement)
  const verb = find('typing-verb', HTMLElement)

  return {
    show: (people: readonly User[]) => {
      if (people.length === 0) {
        hush(who)
        hush(verb)
        return
      }
      const names = people.slice(0, SEVERAL).map(({ name }) => shielded(name))
      say(who, 'typists', names)
      say(verb, 'typing', names.length)
    },
  }
}
