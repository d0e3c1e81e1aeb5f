// What a room is and may be set to: the dialog offers what the reader may change, and sends only
// what they have changed.

import { computed, type ReadonlySignal, signal } from '@preact/signals'
import { HttpRefusal } from '../../../../client/index.ts'
import { api, type Room, type RoomChange, type RoomSettings } from '../../../api/api.ts'
import type { Identity } from '../../../identity/identity.ts'
import { rightsIn } from '../../../room/rights.ts'
import { createDialog } from '../../base/dialog.tsx'
import { said } from './room-creation.tsx'

export type RoomSettingsControl = ReturnType<typeof createRoomSettings>

/**
 * Sends only the settings that the reader has changed.
 *
 * @param needs `onChanged`: the room as the server answered it
 */
export function createRoomSettings({
  identity,
  room,
  onChanged,
  onLeave,
  onDelete,
  onModerate,
}: {
  identity: Identity
  room: ReadonlySignal<Room | undefined>
  onChanged: (room: Room) => void
  onLeave: () => void
  onDelete: () => void
  onModerate: () => void
}) {
  const rights = computed(() => rightsIn(room.value))
  const problem = signal<string | undefined>(undefined)
  const busy = signal(false)
  /** Counts how often the dialog was opened. */
  const visit = signal(0)
  const dialog = createDialog()

  /** Closes the dialog before another one opens. */
  const instead = (next: () => void) => () => {
    dialog.close()
    next()
  }

  return {
    room,
    rights,
    problem,
    busy,
    visit,
    dialog,
    onLeave: instead(onLeave),
    onDelete: instead(onDelete),
    onModerate: instead(onModerate),

    open: () => {
      problem.value = undefined
      visit.value += 1
      dialog.open()
    },

    onSubmit: async (event: Event) => {
      event.preventDefault()
      const before = room.value
      if (!before || busy.value || !(event.currentTarget instanceof HTMLFormElement)) return
      const change = changeOf(before, event.currentTarget)
      if (!change) return dialog.close()
      busy.value = true
      problem.value = undefined
      try {
        const changed = await identity.authorized((token) =>
          api.changeRoom(token, before.id, change),
        )
        if (room.value?.id !== before.id) return
        onChanged(changed)
        dialog.close()
      } catch (error) {
        problem.value = error instanceof HttpRefusal ? error.code : 'internal'
      } finally {
        busy.value = false
      }
    },
  }
}

/** What the form would change of a room, or nothing. A field that is not in the form stays. */
function changeOf(room: Room, form: HTMLFormElement): RoomChange | undefined {
  const given = new FormData(form)
  const has = (name: string) => form.elements.namedItem(name) !== null
  const name = said(given, 'name')
  const selected = (['write', 'invite', 'entry', 'history'] as const).filter(
    (field) => has(field) && given.get(field) !== room.settings?.[field],
  )
  const settings: Partial<RoomSettings> = {
    ...Object.fromEntries(selected.map((field) => [field, given.get(field)])),
    ...(has('slowMode') &&
      Number(given.get('slowMode')) !== (room.settings?.slowMode ?? 0) && {
        slowMode: Number(given.get('slowMode')),
      }),
    ...(has('frozen') &&
      given.has('frozen') !== room.settings?.frozen && { frozen: given.has('frozen') }),
  }
  const change: RoomChange = {
    ...(has('name') && name !== '' && name !== room.name && { name }),
    ...(has('description') &&
      said(given, 'description') !== (room.description ?? '') && {
        description: said(given, 'description'),
      }),
    ...(has('archived') &&
      given.has('archived') !== (room.archived ?? false) && { archived: given.has('archived') }),
    ...(Object.keys(settings).length > 0 && { settings }),
  }
  return Object.keys(change).length > 0 ? change : undefined
}
