// Asks for a proof before a change of the ways to sign in: the password, or a new sign-in with a
// provider. Somebody who signed in a moment ago is not asked.

import { signal } from '@preact/signals'
import { HttpRefusal } from '../../../../client/index.ts'
import type { Logins, Proof } from '../../../api/api.ts'
import { SignInLink } from '../../account/providers.tsx'
import { CancelButton, createDialog, Dialog } from '../../base/dialog.tsx'
import { createForm } from '../../base/form.ts'
import { Form, FormProblem } from '../../base/form-fields.tsx'
import { text } from '../../base/language.ts'
import { CurrentPasswordField } from './current-password.tsx'
import { rethrowWrongPassword } from './password-change.tsx'

/** An action that needs a proof. */
export type ProvenAction = (proof: Proof) => Promise<void>
type ProofControl = ReturnType<typeof createProof>

/** Tries an action first, and asks for the proof only if the server wants one. */
export function createProof() {
  const logins = signal<Logins>({ password: null, providers: [] })
  let act: ProvenAction = async () => {}
  const form = createForm({
    about: { 'password-wrong': 'password' },
    send: async ({ password = '' }) => {
      await act({ password }).catch(rethrowWrongPassword)
      dialog.close()
    },
  })
  const dialog = createDialog(() => form.reset())

  return {
    form,
    dialog,
    logins,

    /**
     * Runs the action, after a proof if one is needed.
     *
     * @throws HttpRefusal for any other refusal
     */
    async prove(known: () => Promise<Logins>, action: ProvenAction) {
      try {
        await action({})
      } catch (error) {
        if (!(error instanceof HttpRefusal && error.code === 'proof-needed')) throw error
        act = action
        logins.value = await known()
        dialog.open()
      }
    },
  }
}

/** The password field, and a link to each provider of the account. */
export function ProofDialog({ control: { form, dialog, logins } }: { control: ProofControl }) {
  const { password, providers } = logins.value
  return (
    <Dialog id="proof" control={dialog}>
      <Form id="proof-form" control={form}>
        <h2 id="proof-title">{text('proof')}</h2>
        <p class="detail">{text('proofNote')}</p>
        <div hidden={password === null}>
          <CurrentPasswordField form={form} id="proof-password" />
        </div>
        <div class="providers" id="proof-providers">
          {providers.map(({ id, provider, name }) => (
            <SignInLink key={id} provider={provider} label={text('signInAgainWith', name)} />
          ))}
        </div>
        <FormProblem form={form} />
        <div class="actions">
          <CancelButton control={dialog} />
          <button class="primary" type="submit" hidden={password === null}>
            {text('confirm')}
          </button>
        </div>
      </Form>
    </Dialog>
  )
}
