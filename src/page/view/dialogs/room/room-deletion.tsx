// Deletes a room, with a confirmation.

import { type ReadonlySignal, signal } from '@preact/signals'
import { HttpRefusal } from '../../../../client/index.ts'
import type { Room } from '../../../api/api.ts'
import { api } from '../../../api/api.ts'
import type { Identity } from '../../../identity/identity.ts'
import { CancelButton, createDialog, Dialog } from '../../base/dialog.tsx'
import { Problem } from '../../base/elements.tsx'
import { refusalText, text } from '../../base/language.ts'

type DeletionControl = ReturnType<typeof createDeletion>

/** `offered` is the room that is deleted; `onDeleted` is called with its id. */
export function createDeletion({
  identity,
  offered,
  onDeleted,
}: {
  identity: Identity
  offered: ReadonlySignal<Room | undefined>
  onDeleted: (roomId: string) => void
}) {
  const problem = signal<string | undefined>(undefined)
  const dialog = createDialog()

  return {
    offered,
    problem,
    dialog,

    open: () => {
      problem.value = undefined
      dialog.open()
    },

    onSubmit: async (event: Event) => {
      event.preventDefault()
      const { id } = offered.value ?? {}
      if (id === undefined) return
      try {
        await identity.authorized((token) => api.deleteRoom(token, id))
        dialog.close()
        onDeleted(id)
      } catch (error) {
        problem.value = error instanceof HttpRefusal ? error.code : 'internal'
      }
    },
  }
}

/** Names the room, and says that nothing of it stays. */
export const DeletionDialog = ({ control }: { control: DeletionControl }) => (
  <Dialog id="deletion" control={control.dialog}>
    <form id="deletion-form" method="post" noValidate onSubmit={control.onSubmit}>
      <h2 id="deletion-title">{text('deleteTitle', control.offered.value?.name ?? '')}</h2>
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
