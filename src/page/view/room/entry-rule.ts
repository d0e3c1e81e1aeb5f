// Who may enter: the owner's choice, and what somebody sees who may not enter.

import type { State } from '../../../client/index.ts'
import type { Room, RoomChange } from '../../api/api.ts'
import { api } from '../../api/api.ts'
import { ApiError } from '../../api/request.ts'
import type { Identity } from '../../identity/identity.ts'
import { find } from '../base/dom.ts'
import { clearText, setRefusal } from '../base/language.ts'

export const entryRule = (accountsOnly: boolean): RoomChange => ({
  settings: { entry: accountsOnly ? 'accounts' : 'anyone' },
})

/** The owner's choice, in the sheet of the invitation. */
export function createEntryChoice({ identity }: { identity: Identity }) {
  const choice = find('entry-choice', HTMLElement)
  const box = find('entry-accounts', HTMLInputElement)
  const problem = find('entry-problem', HTMLElement)
  let offered: Room | undefined

  box.addEventListener('change', async () => {
    const room = offered
    if (!room) return
    clearText(problem)
    box.disabled = true
    try {
      const changed = await identity.authorized((token) =>
        api.changeRoom(token, room.id, entryRule(box.checked)),
      )
      if (offered === room) offer({ ...room, ...changed })
    } catch (error) {
      if (offered !== room) return
      offer(room)
      setRefusal(problem, error instanceof ApiError ? error.code : 'internal')
    } finally {
      box.disabled = false
    }
  })

  function offer(room: Room | undefined) {
    offered = room
    clearText(problem)
    choice.hidden = room === undefined || room.owner.id !== identity.user?.id
    box.checked = room?.settings?.entry === 'accounts'
  }

  return { offer }
}

/** Offers an account to a guest who may not enter. The room opens once they have one. */
export function createAdmission({
  identity,
  mayRegister,
  onRegister,
  onAdmitted,
}: {
  identity: Identity
  mayRegister: () => boolean
  onRegister: () => void
  onAdmitted: () => void
}) {
  const button = find('become-account', HTMLButtonElement)
  let refused = false

  button.addEventListener('click', onRegister)
  identity.onUpdate(() => {
    if (refused && identity.way !== 'guest') onAdmitted()
  })

  return {
    show: (state: State | undefined) => {
      refused = state?.phase === 'ended' && state.code === 'accounts-only'
      button.hidden = !refused || !mayRegister()
    },
  }
}
