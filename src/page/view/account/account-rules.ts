// The rules for a new account and a new password, as far as the page can check them.

const USERNAME = /^[a-z0-9][a-z0-9._-]{2,31}$/
const PASSWORD_MIN = 8

/** The field that each refusal of a registration is about. */
export const REGISTRATION_ABOUT = {
  'username-taken': 'username',
  'username-reserved': 'username',
  'password-common': 'password',
}

/** The code of what is wrong with a new password. */
export function newPassword(password: string, username?: string) {
  if ([...password].length < PASSWORD_MIN) return 'password-short'
  return username === spell(password.trim()) ? 'password-is-username' : undefined
}

/** The codes of what is wrong with a registration, by field. */
export function newAccount({ username = '', password = '' }: Record<string, string>) {
  const spelt = spell(username)
  const fault = newPassword(password, spelt)
  return {
    ...(USERNAME.test(spelt) ? {} : { username: 'username-unfit' }),
    ...(fault ? { password: fault } : {}),
  }
}

/** A user name as the server compares it. */
const spell = (name: string) => name.normalize('NFKC').toLowerCase()
