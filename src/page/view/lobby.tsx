// The lobby: the reader's rooms, the public rooms, rooms visited lately, and the way to a new room.

import type { ComponentChildren } from 'preact'
import type { RoomKind } from '../api/api.ts'
import { linkOf } from '../room/room-link.ts'
import { type AccountAccess, AccountButton } from './account/account-button.tsx'
import { Brand, Icon, Languages, Name } from './base/elements.tsx'
import { labels, refusalText, type TextKey, text } from './base/language.ts'
import type { LobbyControl } from './lobby-control.ts'

/** The lists of rooms beside the open room, or before it on a phone. */
export function Lobby({ control, account }: { control: LobbyControl; account: AccountAccess }) {
  return (
    <nav class="lobby" id="lobby" aria-label={text('rooms')}>
      <header class="lobby-head">
        <span class="brand">
          <Brand size={28} />
        </span>
        <Languages />
      </header>
      <div class="lobby-body">
        <div class="lobby-actions">
          <button
            class="new-room"
            id="new-room"
            type="button"
            aria-haspopup="dialog"
            onClick={control.create}
          >
            <Icon name="plus" />
            <span>{text('newRoom')}</span>
          </button>
          <button
            class="quiet"
            id="refresh-rooms"
            type="button"
            onClick={control.onRefresh}
            {...labels('refresh')}
          >
            <Icon name="refresh" />
          </button>
        </div>
        <MyRooms control={control} />
        <PublicRooms control={control} />
        <Visited control={control} />
      </div>
      <footer class="me">
        <AccountButton control={account} />
      </footer>
    </nav>
  )
}

function MyRooms({ control }: { control: LobbyControl }) {
  const { failed } = control
  const rooms = control.myRooms.value
  return (
    <Section id="my-rooms" title="myRooms" hidden={rooms.length === 0 && !failed.value.mine}>
      <ul class="rooms" id="my-room-list">
        {rooms.map((room) => (
          <RoomLink key={room.id} {...room} control={control}>
            {room.kind === 'direct' && <HideButton {...room} control={control} />}
          </RoomLink>
        ))}
      </ul>
      <p class="detail list-note" role="status">
        {failed.value.mine && text('roomsFailed')}
        {control.problem.value && refusalText(control.problem.value)}
      </p>
      <MoreButton
        id="more-my-rooms"
        next={control.moreOfMine.value}
        onMore={control.loadMoreOfMine}
      />
    </Section>
  )
}

function PublicRooms({ control }: { control: LobbyControl }) {
  const { query } = control
  const note = control.note()
  return (
    <Section id="public-rooms" title="publicRooms">
      <input
        id="room-search"
        type="search"
        autocomplete="off"
        value={query.value}
        placeholder={text('findRooms')}
        aria-label={text('findRooms')}
        onInput={({ currentTarget }) => control.onSearch(currentTarget.value)}
      />
      <p class="detail list-note" id="room-list-note" role="status">
        {note && text(note)}
      </p>
      <ul class="rooms" id="room-list">
        {control.others.value.map((room) => (
          <RoomLink key={room.id} {...room} owner={room.owner?.name ?? ''} control={control} />
        ))}
      </ul>
      <MoreButton
        id="more-rooms"
        next={control.moreOfOthers.value}
        onMore={control.loadMoreOfOthers}
      />
    </Section>
  )
}

function Visited({ control }: { control: LobbyControl }) {
  const visited = control.visited()
  return (
    <Section id="recent" title="recentRooms" hidden={visited.length === 0}>
      <ul class="rooms" id="recent-list">
        {visited.map(({ id, name, kind }) => (
          <RoomLink key={id} {...{ id, name, kind, control }} />
        ))}
      </ul>
    </Section>
  )
}

const Section = ({
  id,
  title,
  hidden = false,
  children,
}: {
  id: string
  title: TextKey
  hidden?: boolean
  children: ComponentChildren
}) => (
  <section id={id} aria-labelledby={`${id}-title`} hidden={hidden}>
    <h2 id={`${id}-title`}>{text(title)}</h2>
    {children}
  </section>
)

const MoreButton = ({
  id,
  next,
  onMore,
}: {
  id: string
  next: string | null | undefined
  onMore: () => void
}) => (
  <button class="small" id={id} type="button" hidden={!next} onClick={onMore}>
    {text('moreRooms')}
  </button>
)

const KIND_ICONS: Partial<Record<RoomKind, string>> = { private: 'lock', direct: 'person' }

function RoomLink({
  id,
  name,
  kind = 'public',
  owner,
  control,
  children,
}: {
  id: string
  name: string
  kind?: RoomKind | undefined
  owner?: string
  control: LobbyControl
  children?: ComponentChildren
}) {
  const icon = KIND_ICONS[kind]
  return (
    <li class="room-row">
      <a
        class="room-link"
        href={linkOf(id)}
        aria-current={id === control.open.value ? 'page' : undefined}
      >
        {icon && (
          <span class="room-kind" role="img" {...labels(kind)}>
            <Icon name={icon} />
          </span>
        )}
        <span class="room-about-link">
          <Name name={name} />
          {owner !== undefined && <span class="detail">{text('roomBy', owner)}</span>}
        </span>
      </a>
      {children}
    </li>
  )
}

/** Nobody leaves a direct room, so it can be hidden. */
function HideButton({ id, name, control }: { id: string; name: string; control: LobbyControl }) {
  async function hide() {
    const isOpen = id === control.open.value
    if (!(await control.hide(id))) return
    if (isOpen) location.hash = ''
    // The button is gone, and the focus must not be lost.
    document.getElementById('new-room')?.focus()
  }
  return (
    <button
      class="quiet hide-room"
      type="button"
      onClick={() => void hide()}
      aria-label={text('hideRoom', name)}
      title={text('hideRoom', name)}
    >
      <Icon name="close" />
    </button>
  )
}
