// @ts-check
// Deleting a room: offered to its owner alone, and asked twice.
import { api } from '../chat/api.js'
import { ApiError } from '../chat/request.js'
import { find } from './dom.js'
import { hush, say, sayRefusal } from './language.js'

/** @typedef {import('../chat/api.js').Room} Room */

/**
 * @param {{ identity: import('../chat/identity.js').Identity, onDeleted: () => void }} needs
 */
export function createDeletion({ identity, onDeleted }) {
  const dialog = find('deletion', HTMLDialogElement)
  const form = find('deletion-form', HTMLFormElement)
  const problem = find('deletion-problem', HTMLElement)
  const button = find('delete-room', HTMLButtonElement)
  /** @type {Room | undefined} */
  let offered

  button.addEventListener('click', () => {
    say(find('deletion-title', HTMLElement), 'deleteTitle', offered?.name ?? '')
    hush(problem)
    dialog.showModal()
  })
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    const room = offered
    if (!room) return
    try {
      await identity.authorized((token) => api.deleteRoom(token, room.id))
      dialog.close()
      onDeleted()
    } catch (error) {
      sayRefusal(problem, error instanceof ApiError ? error.code : 'internal')
    }
  })

  return {
    /** @param {Room | undefined} room */
    offer: (room) => {
      offered = room
      button.hidden = room === undefined || room.owner.id !== identity.user?.id
    },
  }
}
