// What a room is and may be set to: the dialog offers what the reader may change, and sends only
// what they have changed.

import { computed, signal } from '@preact/signals'
import type { Room, RoomChange, RoomSettings } from '../../../api/api.ts'
import { rightsIn } from '../../../room/rights.ts'
import { createDialog } from '../../base/dialog.tsx'
import type { HookControl } from './hook.tsx'
import { type ChangeNeeds, createChange } from './room-change.ts'
import { said } from './room-creation.tsx'
import type { RulesControl } from './rules-control.ts'

export type RoomSettingsControl = ReturnType<typeof createRoomSettings>

/**
 * Sends only the settings that the reader has changed.
 *
 * @param needs `rules` and `hook`: the dialogs of settings that are no single field
 */
export function createRoomSettings({
  onLeave,
  onDelete,
  onModerate,
  rules,
  hook,
  ...needs
}: ChangeNeeds & {
  onLeave: () => void
  onDelete: () => void
  onModerate: () => void
  rules: Pick<RulesControl, 'mayChange' | 'open'>
  hook: Pick<HookControl, 'mayChange' | 'open'>
}) {
  const { room } = needs
  const rights = computed(() => rightsIn(room.value))
  const { problem, busy, clear, send } = createChange(needs)
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
    mayRule: rules.mayChange,
    onRules: instead(rules.open),
    mayHook: hook.mayChange,
    onHook: instead(hook.open),

    open: () => {
      clear()
      visit.value += 1
      dialog.open()
    },

    onSubmit: async (event: Event) => {
      event.preventDefault()
      const before = room.value
      if (!before || !(event.currentTarget instanceof HTMLFormElement)) return
      const change = changeOf(before, event.currentTarget)
      if (!change || (await send(change))) dialog.close()
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
