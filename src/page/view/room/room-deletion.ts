// Deletes a room: offered only to its owner, with a confirmation.

import type { Room } from '../../api/api.ts'
import { api } from '../../api/api.ts'
import { ApiError } from '../../api/request.ts'
import type { Identity } from '../../identity/identity.ts'
import { find } from '../base/dom.ts'
import { clearText, setRefusal, setText } from '../base/language.ts'

export function createDeletion({
  identity,
  onDeleted,
}: {
  identity: Identity
  onDeleted: (roomId: string) => void
}) {
  const dialog = find('deletion', HTMLDialogElement)
  const form = find('deletion-form', HTMLFormElement)
  const problem = find('deletion-problem', HTMLElement)
  const button = find('delete-room', HTMLButtonElement)
  let offered: Room | undefined

  button.addEventListener('click', () => {
    setText(find('deletion-title', HTMLElement), 'deleteTitle', offered?.name ?? '')
    clearText(problem)
    dialog.showModal()
  })
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    const room = offered
    if (!room) return
    try {
      await identity.authorized((token) => api.deleteRoom(token, room.id))
      dialog.close()
      onDeleted(room.id)
    } catch (error) {
      setRefusal(problem, error instanceof ApiError ? error.code : 'internal')
    }
  })

  return {
    offer: (room: Room | undefined) => {
      offered = room
      button.hidden = room === undefined || room.owner.id !== identity.user?.id
    },
  }
}
