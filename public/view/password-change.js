// @ts-check
// The dialog to change one's password.
import { api } from '../chat/api.js'
import { ApiError } from '../chat/request.js'
import { find } from './dom.js'
import { bindForm } from './form.js'
import { newPassword } from './registration.js'

/**
 * @param {import('../chat/identity.js').Identity} identity
 * @param {() => void} onChanged
 */
export function createPasswordChange(identity, onChanged) {
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
          // Nobody has typed a user name here: only the password can be wrong.
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
