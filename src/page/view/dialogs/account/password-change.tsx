// The dialog to change one's password.

import { HttpRefusal } from '../../../../client/index.ts'
import { api } from '../../../api/api.ts'
import type { Identity } from '../../../identity/identity.ts'
import { newPassword } from '../../account/account-rules.ts'
import { CancelButton, createDialog, Dialog } from '../../base/dialog.tsx'
import { createForm } from '../../base/form.ts'
import { Form, FormProblem, NewPasswordField } from '../../base/form-fields.tsx'
import { text } from '../../base/language.ts'
import { CurrentPasswordField } from './current-password.tsx'

type PasswordChangeControl = ReturnType<typeof createPasswordChange>

/** `onChanged` is called once the other sessions have ended. */
export function createPasswordChange(identity: Identity, onChanged: () => void) {
  const form = createForm({
    check: ({ newPassword: next = '' }) => {
      const fault = newPassword(next)
      return fault ? { newPassword: fault } : ({} as Record<string, string>)
    },
    about: {
      'password-wrong': 'password',
      'password-common': 'newPassword',
      'body-invalid': 'newPassword',
    },
    send: async ({ password = '', newPassword: next = '' }) => {
      await identity
        .authorized((token) => api.changePassword(token, password, next))
        .catch(rethrowWrongPassword)
      dialog.close()
      onChanged()
    },
  })
  const dialog = createDialog(() => form.reset())
  return { form, dialog }
}

/**
 * There is no field for a user name in these dialogs, so only the password can be wrong.
 *
 * @throws HttpRefusal
 */
export function rethrowWrongPassword(error: unknown): never {
  const wrong = error instanceof HttpRefusal && error.code === 'credentials-invalid'
  throw wrong ? new HttpRefusal(error.status, 'password-wrong') : error
}

/** Asks for the old password and the new one. */
export const PasswordChange = ({
  control: { form, dialog },
}: {
  control: PasswordChangeControl
}) => (
  <Dialog id="password-change" control={dialog}>
    <Form id="password-form" control={form}>
      <h2 id="password-change-title">{text('changePassword')}</h2>
      <p class="detail">{text('changePasswordNote')}</p>
      <CurrentPasswordField form={form} id="change-password" />
      <NewPasswordField form={form} id="change-newPassword" name="newPassword" />
      <FormProblem form={form} />
      <div class="actions">
        <CancelButton control={dialog} />
        <button class="primary" type="submit">
          {text('change')}
        </button>
      </div>
    </Form>
  </Dialog>
)
