// Who is here and who else is a member: the list beside or over the log. room.tsx has the count.

import type { Person } from '../../../client/index.ts'
import type { Role } from '../../api/api.ts'
import { Avatar, Icon, Marks, Name, Problem } from '../base/elements.tsx'
import { labels, refusalText, type TextKey, text } from '../base/language.ts'
import type { PeopleControl } from './people-control.ts'

/** Those who are here come first, then the other members. */
export function PeopleList({ control }: { control: PeopleControl }) {
  const { people, here, others, members, problem } = control
  const { query, next } = members
  const { count } = people.value
  const unnamed = count - people.value.here.length
  return (
    <aside
      class="people"
      id="people"
      ref={control.panel}
      popover="auto"
      aria-labelledby="people-title"
      onToggle={(event) => event.newState === 'open' && members.load()}
    >
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
      <input
        id="people-search"
        type="search"
        autocomplete="off"
        value={query.value}
        placeholder={text('findPeople')}
        aria-label={text('findPeople')}
        onInput={({ currentTarget }) => members.onSearch(currentTarget.value)}
      />
      <Problem id="people-problem">{problem.value && refusalText(problem.value)}</Problem>
      <p class="detail" id="people-count">
        {text('here', count)}
      </p>
      <ul class="people-list" id="people-list">
        {here.value.map((person) => (
          <PersonRow key={person.id} person={person} control={control} />
        ))}
        {unnamed > 0 && here.value.length > 0 && (
          <li class="person rest">{text('moreHere', unnamed)}</li>
        )}
      </ul>
      <section aria-labelledby="members-title" hidden={others.value.length === 0}>
        <h3 class="detail" id="members-title">
          {text('otherMembers')}
        </h3>
        <ul class="people-list away" id="member-list">
          {others.value.map((person) => (
            <PersonRow key={person.id} person={person} control={control} />
          ))}
        </ul>
      </section>
      <p class="detail" id="members-failed" hidden={!members.failed.value}>
        {text('membersFailed')}
      </p>
      <button
        class="small"
        id="more-members"
        type="button"
        hidden={!next.value}
        onClick={() => void members.more()}
      >
        {text('moreMembers')}
      </button>
    </aside>
  )
}

/** Roles that are worth a mark. */
const ROLE_MARKS: Partial<Record<Role, TextKey>> = {
  owner: 'roleOwner',
  moderator: 'roleModerator',
  reader: 'roleReader',
  banned: 'roleBanned',
}

function PersonRow({ person, control }: { person: Person; control: PeopleControl }) {
  const { isMine, roleOf } = control
  const role = roleOf(person.id)
  const mark = role === control.usualRole() ? undefined : ROLE_MARKS[role]
  return (
    <li class="person" data-person={person.id} data-role={role}>
      <Avatar {...person} />
      <span class="person-about">
        <Name name={person.name} />
        <span class="person-tags">
          {mark && <span class={`tag role-${role}`}>{text(mark)}</span>}
          {control.isMuted(person.id) && <span class="tag role-reader">{text('mutedMark')}</span>}
          <Marks {...person} />
          {isMine(person.id) && <span class="tag">{text('you')}</span>}
        </span>
      </span>
      {control.hasMenu(person) && (
        <button
          class="more"
          type="button"
          aria-haspopup="dialog"
          aria-label={text('personMenu', person.name)}
          onClick={({ currentTarget }) => control.openMenu(person, currentTarget)}
        >
          <Icon name="more" />
        </button>
      )}
    </li>
  )
}
