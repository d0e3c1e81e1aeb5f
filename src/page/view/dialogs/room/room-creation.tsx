// The dialog for a new room.

import { signal } from '@preact/signals'
import { createRef } from 'preact'
import { HttpRefusal } from '../../../../client/index.ts'
import { api, type RoomKind } from '../../../api/api.ts'
import type { Identity } from '../../../identity/identity.ts'
import { linkOf } from '../../../room/room-link.ts'
import { CancelButton, createDialog, Dialog } from '../../base/dialog.tsx'
import { Problem } from '../../base/elements.tsx'
import { refusalText, type TextKey, text } from '../../base/language.ts'

/** The kinds that can be made, and what is said of them. */
const KINDS = [
  ['public', 'publicNote'],
  ['unlisted', 'unlistedNote'],
  ['private', 'privateNote'],
  ['broadcast', 'broadcastNote'],
] as const

/** Characters of a room's name, as the server limits them. */
export const MAX_NAME = 80
/** Characters of a room's description, as the server limits them. */
export const MAX_DESCRIPTION = 500

type RoomCreationControl = ReturnType<typeof createRoomCreation>

/** Makes a room and goes there. `onCreated` is called then. */
export function createRoomCreation(identity: Identity, onCreated: () => void) {
  const form = createRef<HTMLFormElement>()
  const problem = signal<string | undefined>(undefined)
  const busy = signal(false)
  const kind = signal<RoomKind>('public')
  const dialog = createDialog()

  return {
    form,
    problem,
    busy,
    kind,
    dialog,

    open: () => {
      form.current?.reset()
      problem.value = undefined
      kind.value = 'public'
      dialog.open()
    },

    onSubmit: async (event: Event) => {
      event.preventDefault()
      if (!form.current) return
      const given = new FormData(form.current)
      const [name, description] = [said(given, 'name'), said(given, 'description')]
      if (name === '' || busy.value) {
        form.current.querySelector('input')?.focus()
        return
      }
      const accountsOnly = given.has('accounts') && kind.value !== 'private'
      const settings = accountsOnly ? { entry: 'accounts' as const } : {}
      busy.value = true
      try {
        const room = await identity.authorized((token) =>
          api.createRoom(token, { name, description, kind: kind.value, settings }),
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

/** A text field of a form, trimmed. */
export const said = (given: FormData, field: string) => String(given.get(field) ?? '').trim()

/** Asks for the name, the description, the kind, and whether guests are admitted. */
export function RoomCreation({ control }: { control: RoomCreationControl }) {
  const { form, dialog, problem, busy, kind, onSubmit } = control
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
        <input
          id="room-name"
          name="name"
          type="text"
          autocomplete="off"
          maxlength={MAX_NAME}
          required
        />
        <label for="room-description">{text('descriptionOptional')}</label>
        <input
          id="room-description"
          name="description"
          type="text"
          autocomplete="off"
          maxlength={MAX_DESCRIPTION}
        />
        <fieldset>
          <legend>{text('kind')}</legend>
          {KINDS.map(([name, note]) => (
            <label class="choice" key={name}>
              <input
                type="radio"
                id={`kind-${name}`}
                name="kind"
                value={name}
                defaultChecked={name === 'public'}
                onChange={() => {
                  kind.value = name
                }}
              />
              <Choice label={name} note={note} />
            </label>
          ))}
        </fieldset>
        <label class="choice" hidden={kind.value === 'private'}>
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

/** The label of a radio button or a checkbox, with a note. */
export const Choice = ({ label, note }: { label: TextKey; note: TextKey }) => (
  <span>
    <b>{text(label)}</b> <span class="detail">{text(note)}</span>
  </span>
)
