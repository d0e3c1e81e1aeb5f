// The ways to become somebody: each gets a grant, in one tab at a time, and has it kept.

import type { Grant, Registration } from '../api/api.ts'
import { api } from '../api/api.ts'
import { ApiError } from '../api/request.ts'
import type { Way } from './sign-in-record.ts'
import { withTabLock } from './tab-lock.ts'

/**
 * `authorized` calls with the token of whoever is signed in, and after `outdate` with the next one; `isKnown` says whether
 * somebody is signed in.
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

  /** A new account; a guest's own where somebody is signed in, which the cookie proves. */
  register: async (account: Registration) => {
    const register = (token?: string) =>
      withTabLock(async () => void keep(await api.register(account, token), 'password'))
    if (!isKnown()) return await register()
    await authorized(register).catch(async (error) => {
      if (!(error instanceof ApiError && error.code === 'proof-needed')) throw error
      // The answer to a refresh was lost, so the cookie is one behind. The next refresh brings the newest.
      outdate()
      await authorized(register)
    })
  },

  /** The provider has said yes: what the page began is finished. A guest becomes an account. */
  finishLink: () =>
    authorized((token) =>
      withTabLock(async () => {
        const grant = await api.finishLink(token)
        if (grant) keep(grant, 'provider')
      }),
    ),

  /** A provider has signed somebody in: the cookie says whom. */
  welcomeBack: () => withTabLock(async () => void keep(await api.refresh(''), 'provider')),
})
