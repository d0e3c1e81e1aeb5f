// Deletes a room, with a confirmation.

import { signal } from '@preact/signals'
import { HttpRefusal } from '../../../client/index.ts'
import type { Room } from '../../api/api.ts'
import { api } from '../../api/api.ts'
import type { Identity } from '../../identity/identity.ts'
import { CancelButton, createDialog, Dialog } from '../base/dialog.tsx'
import { Problem } from '../base/elements.tsx'
import { refusalText, text } from '../base/language.ts'

export type DeletionControl = ReturnType<typeof createDeletion>

export function createDeletion({
  identity,
  onDeleted,
}: {
  identity: Identity
  onDeleted: (roomId: string) => void
}) {
  const room = signal<Room | undefined>(undefined)
  const problem = signal<string | undefined>(undefined)
  const dialog = createDialog()

  return {
    room,
    problem,
    dialog,

    offer: (next: Room | undefined) => {
      room.value = next
    },

    open: () => {
      problem.value = undefined
      dialog.open()
    },

    onSubmit: async (event: Event) => {
      event.preventDefault()
      const offered = room.value
      if (!offered) return
      try {
        await identity.authorized((token) => api.deleteRoom(token, offered.id))
        dialog.close()
        onDeleted(offered.id)
      } catch (error) {
        problem.value = error instanceof HttpRefusal ? error.code : 'internal'
      }
    },
  }
}

export const DeletionDialog = ({ control }: { control: DeletionControl }) => (
  <Dialog id="deletion" control={control.dialog}>
    <form id="deletion-form" method="post" noValidate onSubmit={control.onSubmit}>
      <h2 id="deletion-title">{text('deleteTitle', control.room.value?.name ?? '')}</h2>
      <p>{text('deleteNote')}</p>
      <Problem id="deletion-problem">
        {control.problem.value && refusalText(control.problem.value)}
      </Problem>
      <div class="actions">
        <CancelButton control={control.dialog} />
        <button class="danger" type="submit">
          {text('deleteRoom')}
        </button>
      </div>
    </form>
  </Dialog>
)
