// The dialog in which a guest registers and keeps the name.

import type { Identity } from '../../../identity/identity.ts'
import { newAccount, REGISTRATION_ABOUT } from '../../account/account-rules.ts'
import { CancelButton, createDialog, Dialog } from '../../base/dialog.tsx'
import { createForm } from '../../base/form.ts'
import { Form, FormProblem, NewPasswordField, UsernameField } from '../../base/form-fields.tsx'
import { text } from '../../base/language.ts'

type RegistrationControl = ReturnType<typeof createRegistration>

/** `onRegistered` is called once the guest has become an account. */
export function createRegistration(identity: Identity, onRegistered: () => void) {
  const form = createForm({
    check: newAccount,
    about: REGISTRATION_ABOUT,
    send: async ({ username = '', password = '' }) => {
      await identity.register({ username, password })
      dialog.close()
      onRegistered()
    },
  })
  const dialog = createDialog(() => form.reset())
  return { form, dialog }
}

/** Asks for a user name and a password; the guest keeps the name. */
export const Registration = ({ control: { form, dialog } }: { control: RegistrationControl }) => (
  <Dialog id="registration" control={dialog}>
    <Form id="registration-form" control={form}>
      <h2 id="registration-title">{text('keepName')}</h2>
      <p class="detail">{text('registrationNote')}</p>
      <UsernameField form={form} id="registration-username" hint="usernameHint" />
      <NewPasswordField form={form} id="registration-password" name="password" />
      <FormProblem form={form} />
      <div class="actions">
        <CancelButton control={dialog} />
        <button class="primary" type="submit">
          {text('createAccount')}
        </button>
      </div>
    </Form>
  </Dialog>
)
