// The lobby: public and own rooms, rooms visited lately, and the way to a new room.

import { signal } from '@preact/signals'
import type { Room, RoomKind } from '../api/api.ts'
import { api } from '../api/api.ts'
import type { Identity } from '../identity/identity.ts'
import { recentRooms } from '../room/recent-rooms.ts'
import { linkOf } from '../room/room-link.ts'
import { type AccountAccess, AccountButton } from './account/account-button.tsx'
import { Brand, Icon, Languages, Name } from './base/elements.tsx'
import { labels, text } from './base/language.ts'
import type { LateDialogs } from './late-dialogs.tsx'

export type LobbyControl = ReturnType<typeof createLobby>

/** Loads the list of rooms page by page. `forget` removes it when the reader changes. */
export function createLobby(identity: Identity, dialogs: LateDialogs) {
  const rooms = signal<readonly Room[]>([])
  const cursor = signal<string | undefined>(undefined)
  const note = signal<'noRooms' | 'roomsFailed' | undefined>(undefined)
  /** The id of the open room, or ''. */
  const open = signal('')
  const recent = signal(recentRooms.list())

  async function load(from?: string) {
    const reader = identity.user?.id
    try {
      const page = await identity.authorized((token) => api.rooms(token, from))
      // Another reader must not see this list.
      if (identity.user?.id !== reader) return
      rooms.value = from === undefined ? page.rooms : [...rooms.value, ...page.rooms]
      cursor.value = page.next ?? undefined
      note.value = rooms.value.length > 0 ? undefined : 'noRooms'
    } catch {
      note.value = 'roomsFailed'
    }
    recent.value = recentRooms.list()
  }

  return {
    rooms,
    cursor,
    note,
    open,
    recent,
    create: () => dialogs.use(({ creation }) => creation.open()),
    refresh: () => load(),
    more: () => load(cursor.value),

    /** Another reader: removes the list. */
    forget: () => {
      rooms.value = []
      cursor.value = undefined
      recent.value = recentRooms.list()
    },

    /** Marks the open room. '' for none. */
    mark: (roomId: string) => {
      open.value = roomId
      recent.value = recentRooms.list()
    },
  }
}

/** Rooms visited lately are shown only if the list has not loaded them. */
export function Lobby({ control, account }: { control: LobbyControl; account: AccountAccess }) {
  const { note, open } = control
  const rooms = control.rooms.value
  const listed = new Set(rooms.map(({ id }) => id))
  const visited = control.recent.value.filter(({ id }) => !listed.has(id))
  return (
    <nav class="lobby" id="lobby" aria-labelledby="rooms-title">
      <header class="lobby-head">
        <span class="brand">
          <Brand size={28} />
        </span>
        <Languages />
      </header>
      <div class="lobby-body">
        <div class="list-head">
          <h2 id="rooms-title">{text('rooms')}</h2>
          <button
            class="quiet"
            id="refresh-rooms"
            type="button"
            onClick={() => control.refresh()}
            {...labels('refresh')}
          >
            <Icon name="refresh" />
          </button>
        </div>
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
        <p class="detail" id="room-list-note" hidden={note.value === undefined}>
          {note.value && text(note.value)}
        </p>
        <ul class="rooms" id="room-list">
          {rooms.map((room) => (
            <RoomLink
              key={room.id}
              {...room}
              owner={room.owner?.name ?? ''}
              isOpen={room.id === open.value}
            />
          ))}
        </ul>
        <button
          class="small"
          id="more-rooms"
          type="button"
          hidden={control.cursor.value === undefined}
          onClick={() => control.more()}
        >
          {text('moreRooms')}
        </button>
        <section id="recent" hidden={visited.length === 0}>
          <h2>{text('recentRooms')}</h2>
          <ul class="rooms" id="recent-list">
            {visited.map(({ id, name, kind }) => (
              <RoomLink key={id} id={id} name={name} kind={kind} isOpen={id === open.value} />
            ))}
          </ul>
        </section>
      </div>
      <footer class="me">
        <AccountButton control={account} />
      </footer>
    </nav>
  )
}

function RoomLink({
  id,
  name,
  kind,
  owner,
  isOpen,
}: {
  id: string
  name: string
  kind?: RoomKind | undefined
  owner?: string
  isOpen: boolean
}) {
  return (
    <li>
      <a class="room-link" href={linkOf(id)} aria-current={isOpen ? 'page' : undefined}>
        {(kind === 'private' || kind === 'direct') && <Icon name="lock" />}
        <span>
          <Name name={name} />
          {owner !== undefined && <span class="detail">{text('roomBy', owner)}</span>}
        </span>
      </a>
    </li>
  )
}
