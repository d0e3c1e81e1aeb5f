// Who is here: the list beside or over the log. room-head.tsx has the count.

import type { People } from '../../../client/index.ts'
import { Avatar, Icon, Marks, Name } from '../base/elements.tsx'
import { labels, text } from '../base/language.ts'

export const NOBODY: People = { here: [], count: 0 }

export function PeopleList({
  people: { here, count },
  isMine,
}: {
  people: People
  isMine: (userId: string) => boolean
}) {
  const mineFirst = here.toSorted((a, b) => Number(isMine(b.id)) - Number(isMine(a.id)))
  return (
    <aside class="people" id="people" popover="auto" aria-labelledby="people-title">
      <header class="people-head">
        <h2 id="people-title">{text('people')}</h2>
        <button
          class="quiet"
          id="close-people"
          type="button"
          popovertarget="people"
          popovertargetaction="hide"
          {...labels('close')}
        >
          <Icon name="close" />
        </button>
      </header>
      <p class="detail" id="people-count">
        {text('here', count)}
      </p>
      <ul class="people-list" id="people-list">
        {mineFirst.map((person) => (
          <li class="person" key={person.id}>
            <Avatar {...person} />
            <Name name={person.name} />
            <Marks {...person} />
            {isMine(person.id) && <span class="tag">{text('you')}</span>}
          </li>
        ))}
        {count > here.length && (
          <li class="person rest">{text('moreHere', count - here.length)}</li>
        )}
      </ul>
    </aside>
  )
}
