// The dialog to change one's password.

import { api } from '../../api/api.ts'
import { ApiError } from '../../api/request.ts'
import type { Identity } from '../../identity/identity.ts'
import { find } from '../base/dom.ts'
import { bindForm } from '../base/form.ts'
import { newPassword } from './registration.ts'

export function createPasswordChange(identity: Identity, onChanged: () => void) {
  const dialog = find('password-change', HTMLDialogElement)
  const { reset } = bindForm('password-form', {
    check: ({ newPassword: next = '' }) => {
      const fault = newPassword(next)
      return fault ? { newPassword: fault } : {}
    },
    about: {
      'password-wrong': 'password',
      'password-common': 'newPassword',
      'body-invalid': 'newPassword',
    },
    send: async ({ password = '', newPassword: next = '' }) => {
      await identity
        .authorized((token) => api.changePassword(token, password, next))
        .catch((error) => {
          // There is no field for a user name here, so only the password can be wrong.
          const wrong = error instanceof ApiError && error.code === 'credentials-invalid'
          throw wrong ? new ApiError(error.status, 'password-wrong') : error
        })
      dialog.close()
      onChanged()
    },
  })
  dialog.addEventListener('close', reset)

  return { open: () => dialog.showModal() }
}
