// @ts-check
// Who types, in one quiet line above the entry that is always there: nothing moves when somebody begins.
import { find } from './dom.js'
import { hush, say } from './language.js'

/** From so many on they are not named, and the line does not change with each. */
const SEVERAL = 3

/** Shields a name from the direction of the text around it, and that from the name. @param {string} name */
const shielded = (name) => `\u2068${name}\u2069`

export function createTypingView() {
  const who = find('typing-who', HTMLElement)
  const verb = find('typing-verb', HTMLElement)

  return {
    /** @param {readonly import('../chat/api.js').User[]} people */
    show: (people) => {
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
