// @ts-check
// Who may come in: what the owner of a room may change, and what somebody sees who may not.
import { api } from '../chat/api.js'
import { ApiError } from '../chat/request.js'
import { find } from './dom.js'
import { hush, sayRefusal } from './language.js'

/** @typedef {import('../chat/api.js').Room} Room */

/** @param {boolean} accountsOnly @returns {import('../chat/api.js').RoomChange} */
export const entryRule = (accountsOnly) => ({
  settings: { entry: accountsOnly ? 'accounts' : 'anyone' },
})

/**
 * The owner's choice, among what is to be known of an invitation.
 * @param {{ identity: import('../chat/identity.js').Identity }} needs
 */
export function createEntryChoice({ identity }) {
  const choice = find('entry-choice', HTMLElement)
  const box = find('entry-accounts', HTMLInputElement)
  const problem = find('entry-problem', HTMLElement)
  /** @type {Room | undefined} */
  let offered

  box.addEventListener('change', async () => {
    const room = offered
    if (!room) return
    hush(problem)
    box.disabled = true
    try {
      const changed = await identity.authorized((token) =>
        api.changeRoom(token, room.id, entryRule(box.checked)),
      )
      if (offered === room) offer({ ...room, ...changed })
    } catch (error) {
      if (offered !== room) return
      offer(room)
      sayRefusal(problem, error instanceof ApiError ? error.code : 'internal')
    } finally {
      box.disabled = false
    }
  })

  /** @param {Room | undefined} room */
  function offer(room) {
    offered = room
    hush(problem)
    choice.hidden = room === undefined || room.owner.id !== identity.user?.id
    box.checked = room?.settings?.entry === 'accounts'
  }

  return { offer }
}

/**
 * What a guest may do who is not admitted: become an account. They are let in then.
 * @param {{
 *   identity: import('../chat/identity.js').Identity,
 *   mayRegister: () => boolean,
 *   onRegister: () => void,
 *   onAdmitted: () => void,
 * }} needs
 */
export function createAdmission({ identity, mayRegister, onRegister, onAdmitted }) {
  const button = find('become-account', HTMLButtonElement)
  let refused = false

  button.addEventListener('click', onRegister)
  identity.onUpdate(() => {
    if (refused && identity.way !== 'guest') onAdmitted()
  })

  return {
    /** @param {import('../client/room-client.js').State | undefined} state */
    show: (state) => {
      refused = state?.phase === 'ended' && state.code === 'accounts-only'
      button.hidden = !refused || !mayRegister()
    },
  }
}
