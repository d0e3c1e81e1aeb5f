// What a new account must be like, and the dialog in which a guest becomes one and keeps the name.

import type { Identity } from '../../identity/identity.ts'
import { find } from '../base/dom.ts'
import { bindForm } from '../base/form.ts'

const USERNAME = /^[a-z0-9][a-z0-9._-]{2,31}$/
const PASSWORD_MIN = 8

/** Which field of a registration a refusal is about. */
export const REGISTRATION_ABOUT = {
  'username-taken': 'username',
  'username-reserved': 'username',
  'password-common': 'password',
}

/** What is wrong with a new password, by code. */
export function newPassword(password: string, username?: string) {
  if ([...password].length < PASSWORD_MIN) return 'password-short'
  return username === spell(password.trim()) ? 'password-is-username' : undefined
}

/** What is wrong with a registration, by field. */
export function newAccount({ username = '', password = '' }: Record<string, string>) {
  const spelt = spell(username)
  const fault = newPassword(password, spelt)
  return {
    ...(USERNAME.test(spelt) ? {} : { username: 'username-unfit' }),
    ...(fault ? { password: fault } : {}),
  }
}

/** The spelling of a user name that counts. */
const spell = (name: string) => name.normalize('NFKC').toLowerCase()

export function createRegistration(identity: Identity, onRegistered: () => void) {
  const dialog = find('registration', HTMLDialogElement)
  const { reset } = bindForm('registration-form', {
    check: newAccount,
    about: REGISTRATION_ABOUT,
    send: async ({ username = '', password = '' }) => {
      await identity.register({ username, password })
      dialog.close()
      onRegistered()
    },
  })
  dialog.addEventListener('close', reset)

  return { open: () => dialog.showModal() }
}
