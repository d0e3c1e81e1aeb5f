// @ts-check
// Asks who wants to change how they sign in for a proof that it is them: the password, or a sign-in with a provider just
// now. Whoever signed in a moment ago is not asked.
import { ApiError } from '../chat/request.js'
import { element, find } from './dom.js'
import { bindForm } from './form.js'
import { say } from './language.js'
import { rememberRoom, signInAddress } from './providers.js'

/** @typedef {import('../chat/api.js').Proof} Proof */
/** @typedef {import('../chat/api.js').Logins} Logins */

/** What needs a proof. @typedef {(proof: Proof) => Promise<void>} Act */

export function createProof() {
  const dialog = find('proof', HTMLDialogElement)
  const byPassword = find('proof-password-way', HTMLElement)
  const byProvider = find('proof-providers', HTMLElement)
  const confirm = find('proof-confirm', HTMLButtonElement)
  /** @type {Act} */
  let act = async () => {}
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

  /** @param {Logins} logins */
  function ask({ password, providers }) {
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
    /**
     * Does it, once it is proven. Throws ApiError where it is refused for something else.
     * @param {() => Promise<Logins>} logins
     * @param {Act} action
     */
    async prove(logins, action) {
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
