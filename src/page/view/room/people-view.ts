// Who is here: the count on the room's button, and the list beside or over the log.

import type { People } from '../../../client/index.ts'
import { avatar, element, find, nameOf } from '../base/dom.ts'
import { setText } from '../base/language.ts'
import { marksOf } from '../log/person-marks.ts'

export function createPeopleView({ isMine }: { isMine: (userId: string) => boolean }) {
  const list = find('people-list', HTMLUListElement)
  const counts = [find('here', HTMLElement), find('people-count', HTMLElement)]

  function show({ here, count }: People) {
    const mineFirst = here.toSorted((a, b) => Number(isMine(b.id)) - Number(isMine(a.id)))
    const rows = mineFirst.map((user) => {
      const row = element('li', 'person', avatar(user), nameOf(user.name), ...marksOf(user))
      if (isMine(user.id)) row.append(setText(element('span', 'tag'), 'you'))
      return row
    })
    if (count > here.length) {
      rows.push(setText(element('li', 'person rest'), 'moreHere', count - here.length))
    }
    list.replaceChildren(...rows)
    for (const node of counts) setText(node, 'here', count)
    find('people-badge', HTMLElement).textContent = count > 0 ? String(count) : ''
  }

  return { show, clear: () => show({ here: [], count: 0 }) }
}
