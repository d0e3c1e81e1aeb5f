// Asks who wants to change how they sign in for a proof that it is them: the password, or a sign-in
// with a provider just now. Whoever signed in a moment ago is not asked.

import type { Logins, Proof } from '../../api/api.ts'
import { ApiError } from '../../api/request.ts'
import { element, find } from '../base/dom.ts'
import { bindForm } from '../base/form.ts'
import { say } from '../base/language.ts'
import { rememberRoom, signInAddress } from './providers.ts'

/** What needs a proof. */
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
        // Nobody has typed a user name here.
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
        const link = say(element('a', 'button'), 'signInAgainWith', name)
        link.href = signInAddress(provider)
        link.addEventListener('click', rememberRoom)
        return link
      }),
    )
    dialog.showModal()
  }

  return {
    /** Does it, once it is proven. Throws ApiError where it is refused for something else. */
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
