// The dialog for a new room.

import { signal } from '@preact/signals'
import { createRef } from 'preact'
import { HttpRefusal } from '../../../client/index.ts'
import { api } from '../../api/api.ts'
import type { Identity } from '../../identity/identity.ts'
import { entryRule } from '../../room/entry-rule.ts'
import { linkOf } from '../../room/room-link.ts'
import { CancelButton, createDialog, Dialog } from '../base/dialog.tsx'
import { Problem } from '../base/elements.tsx'
import { refusalText, type TextKey, text } from '../base/language.ts'

export type RoomCreationControl = ReturnType<typeof createRoomCreation>

export function createRoomCreation(identity: Identity, onCreated: () => void) {
  const form = createRef<HTMLFormElement>()
  const problem = signal<string | undefined>(undefined)
  const busy = signal(false)
  const dialog = createDialog()

  return {
    form,
    problem,
    busy,
    dialog,

    open: () => {
      form.current?.reset()
      problem.value = undefined
      dialog.open()
    },

    onSubmit: async (event: Event) => {
      event.preventDefault()
      if (!form.current) return
      const given = new FormData(form.current)
      const name = String(given.get('name')).trim()
      if (name === '' || busy.value) {
        form.current.querySelector('input')?.focus()
        return
      }
      const visibility = given.get('visibility') === 'private' ? 'private' : 'public'
      const rule = entryRule(given.has('accounts'))
      busy.value = true
      try {
        const room = await identity.authorized((token) =>
          api.createRoom(token, { name, visibility, ...rule }),
        )
        dialog.close()
        location.href = linkOf(room.id)
        onCreated()
      } catch (error) {
        problem.value = error instanceof HttpRefusal ? error.code : 'internal'
      } finally {
        busy.value = false
      }
    },
  }
}

export function RoomCreation({ control }: { control: RoomCreationControl }) {
  const { form, dialog, problem, busy, onSubmit } = control
  return (
    <Dialog id="creation" control={dialog}>
      <form
        id="creation-form"
        ref={form}
        method="post"
        noValidate
        aria-busy={busy.value}
        onSubmit={onSubmit}
      >
        <h2 id="creation-title">{text('newRoom')}</h2>
        <label for="room-name">{text('roomName')}</label>
        <input id="room-name" name="name" type="text" autocomplete="off" maxlength={80} required />
        <fieldset>
          <legend>{text('whoMayEnter')}</legend>
          <label class="choice">
            <input type="radio" name="visibility" value="public" defaultChecked />
            <Choice label="public" note="publicNote" />
          </label>
          <label class="choice">
            <input type="radio" id="private" name="visibility" value="private" />
            <Choice label="private" note="privateNote" />
          </label>
        </fieldset>
        <label class="choice">
          <input type="checkbox" id="creation-accounts" name="accounts" />
          <Choice label="accountsOnly" note="accountsOnlyCreation" />
        </label>
        <Problem id="creation-problem">{problem.value && refusalText(problem.value)}</Problem>
        <div class="actions">
          <CancelButton control={dialog} />
          <button class="primary" type="submit">
            {text('create')}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

export const Choice = ({ label, note }: { label: TextKey; note: TextKey }) => (
  <span>
    <b>{text(label)}</b> <span class="detail">{text(note)}</span>
  </span>
)
