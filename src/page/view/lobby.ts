// The lobby: public and own rooms, rooms visited lately, and the form for a new room.

import type { Room, Visibility } from '../api/api.ts'
import { api } from '../api/api.ts'
import { ApiError } from '../api/request.ts'
import type { Identity } from '../identity/identity.ts'
import { recentRooms } from '../room/recent-rooms.ts'
import { element, find, icon, nameOf } from './base/dom.ts'
import { clearText, setRefusal, setText } from './base/language.ts'
import { entryRule } from './room/entry-rule.ts'
import { linkOf } from './room/sharing.ts'

export function createLobby({ identity }: { identity: Identity }) {
  const list = find('room-list', HTMLUListElement)
  const recent = find('recent-list', HTMLUListElement)
  const note = find('room-list-note', HTMLElement)
  const more = find('more-rooms', HTMLButtonElement)
  let rooms: Room[] = []
  let cursor: string | undefined
  let open = ''

  async function load(from?: string) {
    const reader = identity.user?.id
    try {
      const page = await identity.authorized((token) => api.rooms(token, from))
      // Another reader must not see this list.
      if (identity.user?.id !== reader) return
      rooms = from === undefined ? page.rooms : [...rooms, ...page.rooms]
      cursor = page.next ?? undefined
      note.hidden = rooms.length > 0
      setText(note, 'noRooms')
    } catch {
      note.hidden = false
      setText(note, 'roomsFailed')
    }
    show()
  }

  function show() {
    const listed = new Set(rooms.map(({ id }) => id))
    const visited = recentRooms.list().filter(({ id }) => !listed.has(id))
    list.replaceChildren(...rooms.map((room) => row(room, room.visibility, room.owner.name)))
    recent.replaceChildren(...visited.map((room) => row(room, room.visibility)))
    find('recent', HTMLElement).hidden = visited.length === 0
    more.hidden = cursor === undefined
  }

  function row(
    { id, name }: { id: string; name: string },
    visibility: Visibility | undefined,
    owner?: string,
  ) {
    const about = element('span', '', nameOf(name))
    const link = element('a', 'room-link', about)
    link.href = linkOf(id)
    if (id === open) link.ariaCurrent = 'page'
    if (visibility === 'private') link.prepend(icon('lock'))
    if (owner !== undefined) about.append(setText(element('span', 'detail'), 'roomBy', owner))
    return element('li', '', link)
  }

  find('refresh-rooms', HTMLButtonElement).addEventListener('click', () => load())
  more.addEventListener('click', () => load(cursor))
  bindCreation(identity, () => load())

  return {
    refresh: () => load(),

    /** Another reader: removes the list. */
    forget: () => {
      rooms = []
      cursor = undefined
      show()
    },

    /** Marks the open room. '' for none. */
    mark: (roomId: string) => {
      open = roomId
      show()
    },
  }
}

function bindCreation(identity: Identity, onCreated: () => void) {
  const dialog = find('creation', HTMLDialogElement)
  const form = find('creation-form', HTMLFormElement)
  const field = find('room-name', HTMLInputElement)
  const problem = find('creation-problem', HTMLElement)

  find('new-room', HTMLButtonElement).addEventListener('click', () => {
    form.reset()
    clearText(problem)
    dialog.showModal()
  })
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    const name = field.value.trim()
    if (name === '' || form.ariaBusy === 'true') return field.focus()
    const visibility = find('private', HTMLInputElement).checked ? 'private' : 'public'
    const rule = entryRule(find('creation-accounts', HTMLInputElement).checked)
    form.ariaBusy = 'true'
    try {
      const room = await identity.authorized((token) =>
        api.createRoom(token, { name, visibility, ...rule }),
      )
      dialog.close()
      location.href = linkOf(room.id)
      onCreated()
    } catch (error) {
      setRefusal(problem, error instanceof ApiError ? error.code : 'internal')
    } finally {
      form.ariaBusy = 'false'
    }
  })
}
