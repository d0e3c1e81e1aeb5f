// The dialog of the hook: the application that is asked before a message is published.

import { computed, signal } from '@preact/signals'
import { rightsIn } from '../../../room/rights.ts'
import { CancelButton, createDialog, Dialog } from '../../base/dialog.tsx'
import { Problem } from '../../base/elements.tsx'
import { refusalText, text } from '../../base/language.ts'
import { CopyField } from './copy-field.tsx'
import { type ChangeNeeds, createChange } from './room-change.ts'
import { Choice, said } from './room-creation.tsx'

/** What the dialog of the hook shows and does. */
export type HookControl = ReturnType<typeof createHook>

/** Shows the secret of a new address, which the server tells once. */
export function createHook(needs: ChangeNeeds) {
  const { room } = needs
  const { problem, faults, busy, clear, send } = createChange(needs)
  /** The secret that was just told, or ''. */
  const secret = signal('')
  /** Counts the visits of the dialog: each begins with what the room is then. */
  const visit = signal(0)
  const dialog = createDialog(() => {
    secret.value = ''
  })

  return {
    room,
    problem,
    busy,
    secret,
    visit,
    dialog,
    mayChange: computed(
      () => rightsIn(room.value).may('changeRoom') && room.value?.settings?.hook !== undefined,
    ),
    isWrongUrl: computed(() => faults.value.has('settings.hook.url')),

    open: () => {
      clear()
      secret.value = ''
      visit.value += 1
      dialog.open()
    },

    remove: async () => {
      if (await send({ settings: { hook: null } })) dialog.close()
    },

    onSubmit: async (event: Event) => {
      event.preventDefault()
      if (!(event.currentTarget instanceof HTMLFormElement)) return
      const form = event.currentTarget
      const given = new FormData(form)
      const hook = { url: said(given, 'url'), failOpen: given.has('failOpen') }
      const changed = await send({ settings: { hook } })
      secret.value = changed?.settings?.hook?.secret ?? ''
      if (!changed) form.querySelector<HTMLElement>('[aria-invalid]')?.focus()
      else if (secret.value === '') dialog.close()
    },
  }
}

/** Is closed until the owner opens it. */
export function Hook({ control }: { control: HookControl }) {
  const { dialog, problem, secret, isWrongUrl } = control
  const hook = control.room.value?.settings?.hook
  const isTold = secret.value !== ''
  return (
    <Dialog id="hook" control={dialog}>
      <form
        id="hook-form"
        key={control.visit.value}
        method="post"
        noValidate
        aria-busy={control.busy.value}
        onSubmit={control.onSubmit}
      >
        <h2 id="hook-title">{text('hook')}</h2>
        <p class="detail">{text('hookNote')}</p>
        <label for="hook-url">{text('hookUrl')}</label>
        <input
          id="hook-url"
          name="url"
          type="text"
          inputmode="url"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          placeholder="https://example.com/hook"
          defaultValue={hook?.url ?? ''}
          aria-invalid={isWrongUrl.value ? 'true' : undefined}
          aria-describedby="hook-url-problem"
        />
        <Problem id="hook-url-problem">
          {isWrongUrl.value ? text('hookUrlWanted') : undefined}
        </Problem>
        <label class="choice">
          <input type="checkbox" name="failOpen" defaultChecked={hook?.failOpen ?? false} />
          <Choice label="failOpen" note="failOpenNote" />
        </label>
        {isTold && (
          <div role="status">
            <CopyField id="hook-secret" label="hookSecret" action="copy" value={secret.value} />
            <p class="detail">{text('shownOnce')}</p>
          </div>
        )}
        <Problem id="hook-problem">
          {problem.value && !isWrongUrl.value ? refusalText(problem.value) : undefined}
        </Problem>
        {isTold ? (
          <div class="actions" key="told">
            <button class="primary" type="button" onClick={dialog.close}>
              {text('close')}
            </button>
          </div>
        ) : (
          <div class="actions" key="asked">
            <button
              class="harmful aside"
              id="remove-hook"
              type="button"
              hidden={!hook}
              onClick={() => void control.remove()}
            >
              {text('removeHook')}
            </button>
            <CancelButton control={dialog} />
            <button class="primary" type="submit">
              {text('save')}
            </button>
          </div>
        )}
      </form>
    </Dialog>
  )
}
