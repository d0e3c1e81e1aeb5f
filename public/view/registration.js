// @ts-check
// What a new account must be like, and the dialog in which a guest becomes one and keeps the name.
import { find } from './dom.js'
import { bindForm } from './form.js'

const USERNAME = /^[a-z0-9][a-z0-9._-]{2,31}$/
const PASSWORD_MIN = 8

/** Which field of a registration a refusal is about. */
export const REGISTRATION_ABOUT = {
  'username-taken': 'username',
  'username-reserved': 'username',
  'password-common': 'password',
}

/**
 * What is wrong with a new password, by code.
 * @param {string} password
 * @param {string} [username]
 */
export function newPassword(password, username) {
  if ([...password].length < PASSWORD_MIN) return 'password-short'
  return username === spell(password.trim()) ? 'password-is-username' : undefined
}

/**
 * What is wrong with a registration, by field.
 * @param {Record<string, string>} values
 */
export function newAccount({ username = '', password = '' }) {
  const spelt = spell(username)
  const fault = newPassword(password, spelt)
  return {
    ...(USERNAME.test(spelt) ? {} : { username: 'username-unfit' }),
    ...(fault ? { password: fault } : {}),
  }
}

/** The spelling of a user name that counts. @param {string} name */
const spell = (name) => name.normalize('NFKC').toLowerCase()

/**
 * @param {import('../chat/identity.js').Identity} identity
 * @param {() => void} onRegistered
 */
export function createRegistration(identity, onRegistered) {
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
