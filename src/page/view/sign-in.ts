// The welcome page: enter as a guest, sign in, register, or use a provider.

import type { WaysIn } from '../api/api.ts'
import type { Identity } from '../identity/identity.ts'
import { offerSignIn } from './account/providers.ts'
import { newAccount, REGISTRATION_ABOUT } from './account/registration.ts'
import { find } from './base/dom.ts'
import { bindForm } from './base/form.ts'
import { setRefusal, setText } from './base/language.ts'
import { createTabs } from './base/tabs.ts'

export function createSignIn(identity: Identity) {
  const notice = find('welcome-notice', HTMLElement)
  const arriving = find('arriving', HTMLElement)
  const waysIn = find('ways-in', HTMLElement)
  const tabs = createTabs(find('ways', HTMLElement))
  const guestName = find('guest-name', HTMLInputElement)

  const forms = [
    bindForm('guest-form', {
      patient: true,
      about: { 'body-invalid': 'name' },
      send: ({ name = '' }) => identity.signInAsGuest(name),
    }),
    bindForm('login-form', {
      patient: true,
      about: { 'credentials-invalid': 'password' },
      send: ({ username = '', password = '' }) => identity.signIn(username, password),
    }),
    bindForm('register-form', {
      patient: true,
      check: newAccount,
      about: REGISTRATION_ABOUT,
      send: ({ username = '', password = '', name = '' }) =>
        identity.register({ username, password, ...(name === '' ? {} : { name }) }),
    }),
  ]

  function focus() {
    const field = waysIn.querySelector('[role="tabpanel"]:not([hidden]) input')
    if (field instanceof HTMLInputElement) field.focus()
  }

  return {
    offer: ({ guests, signup, providers }: WaysIn) => {
      if (!guests) tabs.remove('tab-guest')
      if (signup === false) tabs.remove('tab-register')
      offerSignIn(find('providers', HTMLElement), providers)
    },

    /** @param news `code`: why nobody is signed in */
    show: ({ invited, code }: { invited: boolean; code?: string }) => {
      for (const form of forms) form.reset()
      arriving.hidden = true
      waysIn.hidden = false
      find('invited', HTMLElement).hidden = !invited
      notice.hidden = code === undefined
      if (code !== undefined) setRefusal(notice, code)
      const { former } = identity
      if (former?.way === 'guest') guestName.value = former.name
      if (former?.way === 'password') tabs.select('tab-login')
      focus()
    },

    /** Waits for the answer to who a provider signed in. */
    wait: () => {
      waysIn.hidden = true
      notice.hidden = true
      arriving.hidden = false
      setText(arriving, 'arriving')
    },
  }
}
