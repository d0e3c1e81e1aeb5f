// Asks for a proof before a change of the ways to sign in: the password, or a new sign-in with a
// provider. Somebody who signed in a moment ago is not asked.

import type { Logins, Proof } from '../../api/api.ts'
import { ApiError } from '../../api/request.ts'
import { element, find } from '../base/dom.ts'
import { bindForm } from '../base/form.ts'
import { setText } from '../base/language.ts'
import { rememberRoom, signInAddress } from './providers.ts'

/** An action that needs a proof. */
export type Act = (proof: Proof) => Promise<void>

export function createProof() {
  const dialog = find('proof', HTMLDialogElement)
  const byPassword = find('proof-password-way', HTMLElement)
  const byProvider = find('proof-providers', HTMLElement)
  const confirm = find('proof-confirm', HTMLButtonElement)
  let act: Act = async () => {}
  const { reset } = bindForm('proof-form', {
    about: { 'password-wrong': 'password' },
    send: async ({ password = '' }) => {
      await act({ password }).catch((error) => {
        // There is no field for a user name here, so only the password can be wrong.
        const wrong = error instanceof ApiError && error.code === 'credentials-invalid'
        throw wrong ? new ApiError(error.status, 'password-wrong') : error
      })
      dialog.close()
    },
  })
  dialog.addEventListener('close', reset)

  function ask({ password, providers }: Logins) {
    byPassword.hidden = password === null
    confirm.hidden = password === null
    byProvider.replaceChildren(
      ...providers.map(({ provider, name }) => {
        const link = setText(element('a', 'button'), 'signInAgainWith', name)
        link.href = signInAddress(provider)
        link.addEventListener('click', rememberRoom)
        return link
      }),
    )
    dialog.showModal()
  }

  return {
    /**
     * Runs the action, after a proof if one is needed.
     *
     * @throws ApiError for any other refusal
     */
    async prove(logins: () => Promise<Logins>, action: Act) {
      try {
        await action({})
      } catch (error) {
        if (!(error instanceof ApiError && error.code === 'proof-needed')) throw error
        act = action
        ask(await logins())
      }
    },
  }
}
