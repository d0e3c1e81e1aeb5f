// The ways to sign in. Each gets a grant, in one tab at a time, and stores it.

import { HttpRefusal } from '../../client/index.ts'
import type { Grant, Registration } from '../api/api.ts'
import { api } from '../api/api.ts'
import type { Way } from './sign-in-record.ts'
import { withTabLock } from './tab-lock.ts'

/**
 * `authorized` calls with the reader's token, and after `outdate` with the next one. `isKnown`:
 * whether somebody is signed in.
 */
export const waysIn = ({
  keep,
  authorized,
  outdate,
  isKnown,
}: {
  keep: (grant: Grant, way: Way) => unknown
  authorized: (call: (token: string) => Promise<void>) => Promise<void>
  outdate: () => void
  isKnown: () => boolean
}) => ({
  signInAsGuest: (name: string) =>
    withTabLock(async () => void keep(await api.signInAsGuest(name), 'guest')),

  signIn: (username: string, password: string) =>
    withTabLock(async () => void keep(await api.signIn(username, password), 'password')),

  /**
   * Creates an account. A guest who is signed in keeps the id and becomes it; the cookie proves it.
   */
  register: async (account: Registration) => {
    const register = (token?: string) =>
      withTabLock(async () => void keep(await api.register(account, token), 'password'))
    if (!isKnown()) return await register()
    await authorized(register).catch(async (error) => {
      if (!(error instanceof HttpRefusal && error.code === 'proof-needed')) throw error
      // The answer to a refresh was lost, so the cookie is one behind. The next refresh brings the
      // newest.
      outdate()
      await authorized(register)
    })
  },

  /**
   * Links the provider's account after the return from the provider. A guest becomes an account.
   */
  finishLink: () =>
    authorized((token) =>
      withTabLock(async () => {
        const grant = await api.finishLink(token)
        if (grant) keep(grant, 'provider')
      }),
    ),

  /** Signs in after the return from a provider. The cookie says who it is. */
  welcomeBack: () => withTabLock(async () => void keep(await api.refresh(''), 'provider')),
})
