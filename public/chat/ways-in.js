// @ts-check
// The ways to become somebody: each gets a grant, in one tab at a time, and has it kept.
import { api } from './api.js'
import { alone } from './turn.js'

/**
 * `authorized` calls with the token of whoever is signed in; `isKnown` says whether somebody is.
 * @param {{
 *   keep: (grant: import('./api.js').Grant, way: import('./sign-in-record.js').Way) => unknown,
 *   authorized: (call: (token: string) => Promise<void>) => Promise<void>,
 *   isKnown: () => boolean,
 * }} needs
 */
export const waysIn = ({ keep, authorized, isKnown }) => ({
  /** @param {string} name */
  signInAsGuest: (name) => alone(async () => void keep(await api.signInAsGuest(name), 'guest')),

  /**
   * @param {string} username
   * @param {string} password
   */
  signIn: (username, password) =>
    alone(async () => void keep(await api.signIn(username, password), 'password')),

  /**
   * A new account; a guest's own where somebody is signed in.
   * @param {import('./api.js').Registration} account
   */
  register: async (account) => {
    /** @param {string} [token] */
    const register = (token) =>
      alone(async () => void keep(await api.register(account, token), 'password'))
    await (isKnown() ? authorized(register) : register())
  },

  /** The provider has said yes: what the page began is finished. A guest becomes an account. */
  finishLink: () =>
    authorized((token) =>
      alone(async () => {
        const grant = await api.finishLink(token)
        if (grant) keep(grant, 'provider')
      }),
    ),

  /** A provider has signed somebody in: the cookie says whom. */
  welcomeBack: () => alone(async () => void keep(await api.refresh(''), 'provider')),
})
